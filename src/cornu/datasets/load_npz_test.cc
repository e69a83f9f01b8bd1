#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/datasets/load.h"
#include "cornu/datasets/small_set_test.h"
#include "cornu/formats/npz.h"

namespace cornu::datasets {
namespace load_npz_test {

using testing::HasSubstr;

// A small set that Keras keeps as small.npz, in Keras's cache.
struct KerasSet {
  TestHome home;
  SmallSet set;
  formats::Npz npz;

  KerasSet() {
    set.entry.npz = "small.npz";
    const char* arrays[] = {"x_train", "y_train", "x_test", "y_test"};
    for (size_t i = 0; i < 4; ++i) {
      DatasetFile& file = set.entry.files[i];
      file.array = arrays[i];
      npz.tensors.emplace_back(arrays[i], formats::read_idx(set.files.at(file.name), file.name));
    }
  }

  std::string path() const { return home.folder.path() + "/.keras/datasets/small.npz"; }

  void put() const {
    std::filesystem::create_directories(home.folder.path() + "/.keras/datasets");
    replace_file(path(), formats::write_npz(npz).span());
  }

  std::string refused() const {
    put();
    const std::string message = message_of([&] { load(set.entry); });
    EXPECT_EQ(message_of([&] { verify(set.entry); }), message);
    EXPECT_TRUE(std::filesystem::exists(path())) << "the user's file stays";
    return message;
  }
};

TEST(LoadNpz, ReadsTheFileThatKerasKeeps) {
  const KerasSet keras;
  EXPECT_FALSE(find(keras.set.entry).found());
  keras.put();
  const auto [train, test] = load(keras.set.entry, {.download = false});
  EXPECT_EQ(train.x().shape(), Shape({3, 2, 2}));
  EXPECT_EQ(train.x().at(11), 11);
  EXPECT_EQ(train.y().at(2), 2);
  EXPECT_EQ(test.x().shape(), Shape({2, 2, 2}));
  EXPECT_EQ(test.y().shape(), Shape({2}));
  EXPECT_EQ(train.info().origin, keras.home.folder.path() + "/.keras/datasets");
  EXPECT_EQ(train.info().sha256, keras.set.entry.train_sha256);
  EXPECT_NO_THROW(verify(keras.set.entry));
  const DatasetLocation location = find(keras.set.entry);
  EXPECT_EQ(location.place->kind, SearchPlace::Kind::keras);
  EXPECT_THAT(location.files, testing::ElementsAre(keras.path()));
  EXPECT_EQ(location.nbytes, std::filesystem::file_size(keras.path()));
}

// Of other sets it keeps the published files, in a folder whose name has dashes.
TEST(LoadNpz, ReadsTheFilesThatKerasKeeps) {
  const TestHome home;
  const SmallSet set;
  const std::string folder = home.folder.path() + "/.keras/datasets";
  std::filesystem::rename(set.write(folder), folder + "/small-set");
  const DatasetParts parts = load(set.entry, {.download = false});
  EXPECT_EQ(parts.train.info().origin, folder + "/small-set");
  EXPECT_EQ(parts.train.x().at(11), 11);
  EXPECT_EQ(parts.test.y().at(1), 1);
  for (const DatasetFile& file : set.entry.files) {
    EXPECT_EQ(read_file(folder + "/small-set/" + file.name + ".gz"),
              set.files.at(file.name + ".gz"));
  }
  EXPECT_EQ(home.folder.files().size(), 4u) << "nothing is written";
}

TEST(LoadNpz, RefusesArraysThatAreNotTheSets) {
  const std::string hint = ". Hint: move it away so that the search continues";
  KerasSet changed;
  changed.npz.tensors[1].second(0) = 77;
  EXPECT_THAT(changed.refused(),
              HasSubstr(changed.path() + ": y_train: wrong checksum; expected SHA-256 "));
  KerasSet other;
  other.npz.tensors[2].second = Tensor(Shape{2, 2, 3}, DType::uint8);
  EXPECT_EQ(other.refused(), other.path() +
                                 ": x_test: not the array of small_set; expected uint8 (2, 2, 2), "
                                 "got uint8 (2, 2, 3)" +
                                 hint);
  other.npz.tensors[2].second = Tensor(Shape{2, 2, 2}, DType::float32);
  EXPECT_THAT(other.refused(), HasSubstr("expected uint8 (2, 2, 2), got float32 (2, 2, 2)"));
  KerasSet missing;
  missing.npz.tensors.erase(missing.npz.tensors.begin());
  EXPECT_EQ(missing.refused(), missing.path() +
                                   ": an array is missing; expected \"x_train\", got \"y_train\", "
                                   "\"x_test\", \"y_test\"" +
                                   hint);
  std::filesystem::resize_file(missing.path(), 100);
  EXPECT_EQ(message_of([&] { load(missing.set.entry); }),
            missing.path() + ": not a complete zip; file may be cut off" + hint);
}

TEST(LoadNpz, ReadsMnistOnceKerasHasIt) {
  if (!find("mnist").found()) GTEST_SKIP() << "full MNIST not found";
  const auto [train, test] = load("mnist", {.download = false});
  const TestHome home;
  const std::string folder = home.folder.path() + "/.keras/datasets";
  std::filesystem::create_directories(folder);
  const Block file = formats::write_npz({.tensors = {{"x_test", Tensor(test.x())},
                                                     {"x_train", Tensor(train.x())},
                                                     {"y_train", Tensor(train.y())},
                                                     {"y_test", Tensor(test.y())}}});
  replace_file(folder + "/mnist.npz", file.span());
  const auto [again, test_again] = load("mnist", {.download = false});
  EXPECT_EQ(again.info().origin, folder);
  EXPECT_TRUE(std::ranges::equal(again.x().span<uint8_t>(), train.x().span<uint8_t>()));
  EXPECT_TRUE(std::ranges::equal(test_again.y().span<uint8_t>(), test.y().span<uint8_t>()));
}

}  // namespace load_npz_test
}  // namespace cornu::datasets
