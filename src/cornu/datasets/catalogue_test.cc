#include "cornu/datasets/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cornu/core/error.h"

namespace cornu::datasets {
namespace catalogue_test {

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TEST(Catalogue, EveryEntryIsWhole) {
  std::set<std::string> names;
  for (const DatasetEntry& entry : catalogue()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(names.insert(entry.name).second);
    EXPECT_FALSE(entry.title.empty());
    EXPECT_FALSE(entry.citation.empty());
    EXPECT_FALSE(entry.licence.empty());
    EXPECT_GT(entry.classes(), 1);
    EXPECT_GT(entry.train_size, 0);
    EXPECT_GT(entry.test_size, 0);
    EXPECT_TRUE(is_sha256(entry.train_sha256));
    EXPECT_TRUE(is_sha256(entry.test_sha256));
    const bool is_one_file = entry.embedded != nullptr || entry.form == DatasetForm::cifar;
    EXPECT_EQ(entry.files.size(), is_one_file ? 1u : 4u);
    EXPECT_EQ(entry.mirrors.empty(), entry.embedded != nullptr);
    for (const DatasetFile& file : entry.files) {
      EXPECT_TRUE(is_sha256(file.sha256) || entry.form == DatasetForm::cifar) << file.name;
      EXPECT_TRUE(entry.embedded != nullptr || is_sha256(file.gz_sha256)) << file.name;
      EXPECT_LT(file.gz_size, file.size) << file.name;
    }
    for (const std::string& mirror : entry.mirrors) {
      EXPECT_TRUE(mirror.starts_with("https://") && mirror.ends_with('/')) << mirror;
    }
  }
}

// IDX: a header of four bytes and four for each axis, then one byte per element.
TEST(Catalogue, FilesOfEachSetHaveTheSizeOfTheirArrays) {
  for (const DatasetEntry& entry : catalogue()) {
    if (entry.embedded != nullptr || entry.form != DatasetForm::idx) continue;
    const auto header = [](int ndim) { return 4 + 4 * static_cast<uint64_t>(ndim); };
    const auto pixels = static_cast<uint64_t>(entry.input_shape.size());
    const auto train = static_cast<uint64_t>(entry.train_size);
    const auto test = static_cast<uint64_t>(entry.test_size);
    const int ndim = 1 + entry.input_shape.ndim();
    EXPECT_EQ(entry.files[0].size, header(ndim) + train * pixels) << entry.name;
    EXPECT_EQ(entry.files[1].size, header(1) + train) << entry.name;
    EXPECT_EQ(entry.files[2].size, header(ndim) + test * pixels) << entry.name;
    EXPECT_EQ(entry.files[3].size, header(1) + test) << entry.name;
  }
}

// Six files of 10,000 records, and less than 64 KiB of what else a tar archive has.
TEST(Catalogue, ThereIsRoomForTheArchiveOfCifar10) {
  const DatasetEntry& entry = entry_of("cifar-10");
  const auto records = static_cast<uint64_t>(entry.train_size + entry.test_size);
  EXPECT_GE(entry.files[0].size, records * (1 + 3 * 32 * 32) + (uint64_t{64} << 10));
}

TEST(Catalogue, FindsAnEntryByItsName) {
  EXPECT_EQ(entry_of("mnist").train_size, 60000);
  EXPECT_EQ(entry_of("fashion_mnist").class_names[9], "Ankle boot");
  EXPECT_EQ(entry_of("digits").input_shape, Shape({20, 20}));
}

TEST(Catalogue, NamesTheNearestForAnUnknownName) {
  try {
    entry_of("mnits");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "datasets: unknown data set \"mnits\"; expected one of mnist, digits, cifar10, "
                 "fashion_mnist.");
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
  }
}

}  // namespace catalogue_test
}  // namespace cornu::datasets
