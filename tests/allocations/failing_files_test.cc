// Memory that runs out while a file is read or written: an error, and nothing is lost.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/dense.h"
#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"
#include "cornu/saving/model_file.h"
#include "counted_malloc.h"

namespace cornu::inline v0 {
namespace failing_files_test {

namespace fs = std::filesystem;

Tensor inputs() {
  Tensor x(Shape{6, 3});
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i % 5) / 5;
  }
  return x;
}

// With two moments for each weight, and weights that do not train.
Sequential trained(int epochs) {
  Sequential model({Dense({.units = 4}), BatchNormalization(), Dense({.units = 2})},
                   {.name = "small", .seed = 3});
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.fit(Dataset(inputs(), Tensor(Shape{6, 2})), {.epochs = epochs, .verbose = 0});
  return model;
}

std::vector<std::byte> bytes_of(const Tensor& tensor) {
  return {tensor.data(), tensor.data() + tensor.nbytes()};
}

class WhenMemoryRunsOut : public ::testing::TestWithParam<const char*> {
 protected:
  WhenMemoryRunsOut() {
    std::string name = (fs::temp_directory_path() / "cornu-memory-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~WhenMemoryRunsOut() override { fs::remove_all(folder_); }

  std::string path() const { return folder_ + "/m" + GetParam(); }
  void put(const std::vector<std::byte>& bytes) const {
    std::ofstream(path(), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  size_t files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  static size_t open_files() {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
  }

  // Lets each allocation of `work` fail in turn, first alone and then with all that follow, each
  // time after `prepare`, and calls `check` after each failure. Both succeed in the end.
  static void fail_each(const std::function<void()>& prepare, const std::function<void()>& work,
                        const std::function<void()>& check) {
    for (const int64_t many : {int64_t{1}, INT64_MAX}) {
      int64_t failed = 0;
      for (int64_t n = 0;; ++n) {
        SCOPED_TRACE(::testing::Message()
                     << "allocation " << n << (many == 1 ? "" : " and all after"));
        prepare();
        const size_t open_before = open_files();
        bool threw = false;
        bool any = false;
        {
          const FailingAllocations failing(n, many);
          try {
            work();
          } catch (const std::bad_alloc&) {
            threw = true;
          } catch (const Error&) {
            threw = true;
          }
          any = FailingAllocations::any();
        }
        EXPECT_EQ(open_files(), open_before);
        if (!any) break;
        failed += threw ? 1 : 0;
        if (threw) check();
        if (::testing::Test::HasFailure()) return;
      }
      EXPECT_GT(failed, 20);
    }
  }

  std::string folder_;
};

class WhenMemoryRunsOutInModels : public WhenMemoryRunsOut {};
class WhenMemoryRunsOutInWeights : public WhenMemoryRunsOut {};

TEST_P(WhenMemoryRunsOutInModels, SavingLeavesTheOldFile) {
  const Sequential model = trained(1);
  trained(2).save(path());
  const auto old = read_file(path());
  const auto weights = weights_sha256(model.weights());
  fail_each([&] { put(old); }, [&] { model.save(path()); },
            [&] {
              EXPECT_TRUE(read_file(path()) == old);
              EXPECT_EQ(files(), 1U);
              EXPECT_EQ(weights_sha256(model.weights()), weights);
            });
  EXPECT_FALSE(read_file(path()) == old);
}

TEST_P(WhenMemoryRunsOutInModels, LoadingIsAnError) {
  const Sequential model = trained(1);
  model.save(path());
  const auto old = read_file(path());
  const auto predicted = bytes_of(model.predict(inputs()));
  Model loaded = load_model(path());
  fail_each([] {}, [&] { loaded = load_model(path()); },
            [&] {
              EXPECT_TRUE(read_file(path()) == old);
              EXPECT_TRUE(bytes_of(loaded.predict(inputs())) == predicted);
            });
  EXPECT_TRUE(bytes_of(loaded.predict(inputs())) == predicted);
}

TEST_P(WhenMemoryRunsOutInWeights, SavingLeavesTheOldFile) {
  const Sequential model = trained(1);
  trained(2).save_weights(path());
  const auto old = read_file(path());
  fail_each([&] { put(old); }, [&] { model.save_weights(path()); },
            [&] {
              EXPECT_TRUE(read_file(path()) == old);
              EXPECT_EQ(files(), 1U);
            });
  EXPECT_FALSE(read_file(path()) == old);
}

TEST_P(WhenMemoryRunsOutInWeights, LoadingLeavesTheModelAsItWas) {
  Sequential model = trained(1);
  const Sequential other = trained(2);
  other.save_weights(path());
  const Sequential before = trained(1);
  const auto weights = weights_sha256(model.weights());
  const auto predicted = bytes_of(model.predict(inputs()));
  const auto as_before = [&] {
    for (const auto& [name, values] : before.weights()) model.set_weight(name, values);
  };
  fail_each(
      as_before, [&] { model.load_weights(path()); },
      [&] {
        ASSERT_EQ(weights_sha256(model.weights()), weights);
        EXPECT_TRUE(bytes_of(model.predict(inputs())) == predicted);
      });
  EXPECT_EQ(weights_sha256(model.weights()), weights_sha256(other.weights()));
}

const auto ending = [](const auto& info) {
  std::string name;
  for (const char c : std::string(info.param)) name += c == '.' ? 'A' : c;
  return name;
};
INSTANTIATE_TEST_SUITE_P(Formats, WhenMemoryRunsOutInModels,
                         ::testing::Values(".keras", ".h5", ".safetensors"), ending);
INSTANTIATE_TEST_SUITE_P(Formats, WhenMemoryRunsOutInWeights,
                         ::testing::Values(".weights.h5", ".npz", ".safetensors"), ending);

}  // namespace failing_files_test
}  // namespace cornu::inline v0
