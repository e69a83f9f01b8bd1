#include "cornu/datasets/cifar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/load.h"
#include "cornu/datasets/small_set_test.h"
#include "cornu/formats/tar_test.h"

namespace cornu::datasets {
namespace cifar_test {

using ::testing::HasSubstr;

/// A set in CIFAR-10's form: 10 training and 3 test images of 2 × 1 pixels of three colours.
struct SmallCifar {
  DatasetEntry entry;
  std::vector<std::pair<std::string, std::string>> files;

  SmallCifar() {
    for (int i = 0; i < 5; ++i) {
      files.emplace_back("data_batch_" + std::to_string(i + 1) + ".bin",
                         record(2 * i) + record(2 * i + 1));
    }
    files.emplace_back("test_batch.bin", record(10) + record(11) + record(12));
    files.emplace_back("readme.html", "<html>");
    entry.name = "small_cifar";
    entry.form = DatasetForm::cifar;
    entry.class_names = {"a", "b", "c", "d"};
    entry.input_shape = {2, 1, 3};
    entry.train_size = 10;
    entry.test_size = 3;
  }

  /// The label i mod 4, then red, green and blue of both pixels.
  static std::string record(int i) {
    std::string bytes;
    for (const int each : {i % 4, i, 20 + i, 40 + i, 60 + i, 80 + i, 100 + i}) {
      bytes += static_cast<char>(each);
    }
    return bytes;
  }

  /// Packs the files into folder/small_cifar and lets the entry expect that archive.
  std::string write(const std::string& folder) {
    const std::string tar = formats::tar_of("cifar-10-batches-bin", files);
    const std::vector<std::byte> gz = formats::gzip(std::as_bytes(std::span(tar)));
    entry.files = {{.name = "small.tar",
                    .size = tar.size(),
                    .gz_size = gz.size(),
                    .gz_sha256 = formats::sha256(gz)}};
    entry.train_sha256 = entry.test_sha256 = entry.files[0].gz_sha256;
    const std::string own = folder + "/" + entry.name;
    std::filesystem::create_directories(own);
    replace_file(own + "/small.tar.gz", gz);
    return own;
  }

  std::string error_of(const std::string& folder) {
    write(folder);
    return message_of([&] { load(entry, {.data_dir = folder}); });
  }
};

TEST(Cifar, ImagesComeWithTheirColoursTogether) {
  const TestHome home;
  const TestFolder folder;
  SmallCifar set;
  const std::string own = set.write(folder.path());
  const auto [train, test] = load(set.entry, {.data_dir = folder.path()});
  ASSERT_EQ(train.x().shape(), Shape({10, 2, 1, 3}));
  ASSERT_EQ(test.x().shape(), Shape({3, 2, 1, 3}));
  for (int64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(train.y().at(i), static_cast<double>(i % 4));
    const TensorView image = train.x().row(i).reshape({6});
    for (int64_t pixel = 0; pixel < 2; ++pixel) {
      for (int64_t colour = 0; colour < 3; ++colour) {
        EXPECT_EQ(image.at(3 * pixel + colour), static_cast<double>(40 * colour + 20 * pixel + i));
      }
    }
  }
  EXPECT_EQ(test.y().at(2), 0);
  EXPECT_EQ(test.x().row(2).reshape({6}).at(5), 112);
  EXPECT_EQ(train.info().sha256, set.entry.train_sha256);
  EXPECT_EQ(train.info().origin, own);
  verify(set.entry, {.data_dir = folder.path()});
}

TEST(Cifar, TakesThePublishedArchiveAlone) {
  const TestHome home;
  const TestFolder folder;
  SmallCifar set;
  const std::string own = set.write(folder.path());
  const auto error = [&](const std::vector<std::byte>& bytes) {
    replace_file(own + "/small.tar.gz", bytes);
    return message_of([&] { load(set.entry, {.data_dir = folder.path()}); });
  };
  std::vector<std::byte> bytes = read_file(own + "/small.tar.gz");
  bytes[bytes.size() / 2] ^= std::byte{1};
  EXPECT_THAT(error(bytes), HasSubstr("small.tar.gz: wrong checksum; expected SHA-256 "));
  bytes.pop_back();
  EXPECT_THAT(error(bytes), HasSubstr("small.tar.gz: wrong size; expected "));
}

TEST(Cifar, RefusesAnArchiveOfOtherFiles) {
  const TestHome home;
  const TestFolder folder;
  SmallCifar set;
  set.files[0].second.pop_back();
  EXPECT_THAT(set.error_of(folder.path()),
              HasSubstr("small.tar.gz: not the archive of small_cifar; expected "
                        "data_batch_1.bin of 14 bytes, got 13"));
  set = SmallCifar();
  set.files[1].second[7] = 4;
  EXPECT_THAT(set.error_of(folder.path()),
              HasSubstr("expected labels from 0 to 3 in data_batch_2.bin, got 4 at sample 1"));
  set = SmallCifar();
  set.files.erase(set.files.begin() + 5);
  EXPECT_THAT(set.error_of(folder.path()), HasSubstr("expected a file test_batch.bin, got none"));
}

}  // namespace cifar_test
}  // namespace cornu::datasets
