#include "cornu/datasets/own_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cornu/core/error_of_test.h"
#include "cornu/datasets/labels.h"
#include "cornu/formats/gzip.h"
#include "cornu/formats/idx.h"
#include "cornu/formats/npz.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::datasets {
namespace own_files_test {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OwnFiles : public testing::Test {
 protected:
  OwnFiles() { fs::create_directories(path("digits")); }

  std::string path(const std::string& name) const { return folder_.file(name); }
  std::string write(const std::string& name, std::span<const std::byte> bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }
  using Arrays = std::vector<std::pair<std::string, Tensor>>;
  std::string write_npz(const std::string& name, Arrays arrays) const {
    return write(name, formats::write_npz({std::move(arrays)}).span());
  }
  static Arrays arrays(std::vector<std::string> names, std::vector<Tensor> tensors) {
    Arrays all;
    for (size_t i = 0; i < names.size(); ++i) all.emplace_back(names[i], std::move(tensors[i]));
    return all;
  }
  static std::vector<Tensor> list(Tensor a, Tensor b) {
    std::vector<Tensor> all;
    all.push_back(std::move(a));
    all.push_back(std::move(b));
    return all;
  }

  cornu::TestFolder folder_;
};

Tensor labels(std::vector<int32_t> values) {
  const auto size = static_cast<int64_t>(values.size());
  return Tensor::of<int32_t>({size}, values);
}

TEST_F(OwnFiles, ReadBothPartsOfAnNpz) {
  Arrays all =
      arrays({"x_train", "y_train"}, list(Tensor(Shape{3, 2, 2}, DType::uint8), labels({0, 2, 1})));
  for (auto& each :
       arrays({"x_test", "y_test"}, list(Tensor(Shape{1, 2, 2}, DType::uint8), labels({4})))) {
    all.push_back(std::move(each));
  }
  const DatasetParts parts = read_own_files(write_npz("my.npz", std::move(all)));
  EXPECT_EQ(parts.train.size(), 3);
  EXPECT_EQ(parts.test.size(), 1);
  EXPECT_EQ(parts.train.x().dtype(), DType::uint8);
  EXPECT_EQ(parts.train.info().name, "my");
  EXPECT_EQ(parts.train.info().sha256.size(), 64U);
  // Label 4 occurs in the test part alone.
  EXPECT_THAT(parts.train.info().class_names, ElementsAre("0", "1", "2", "3", "4"));
}

TEST_F(OwnFiles, OneHotRowsAreClasses) {
  const std::string file = write_npz(
      "one_hot.npz",
      arrays({"x", "y"},
             list(Tensor(Shape{3, 2}),
                  Tensor::of<float>({3, 3}, std::vector<float>{0, 0, 1, 1, 0, 0, 0, 1, 0}))));
  const DatasetParts parts = read_own_files(file);
  EXPECT_EQ(parts.test.size(), 0);
  EXPECT_THAT(parts.train.info().class_names, ElementsAre("0", "1", "2"));
  EXPECT_EQ(parts.train.y().at(0), 2);
  EXPECT_EQ(parts.train.y().at(1), 0);
  EXPECT_EQ(parts.train.y().at(2), 1);
}

TEST_F(OwnFiles, OtherRowsAreNumbers) {
  for (const std::vector<float>& y :
       {std::vector<float>{0, 1, 1, 1}, {0, 1, 0, 0}, {0, 0.5F, 0, 1}}) {
    const std::string file = write_npz(
        "numbers.npz", arrays({"x", "y"}, list(Tensor(Shape{2, 2}), Tensor::of<float>({2, 2}, y))));
    const DatasetParts parts = read_own_files(file);
    EXPECT_THAT(parts.train.info().class_names, IsEmpty());
    EXPECT_EQ(parts.train.y().shape(), (Shape{2, 2}));
  }
}

// A folder that lacks a class must not move the others.
TEST_F(OwnFiles, AreNumberedAsAModelNumbersItsClasses) {
  const auto data = [](const std::vector<int32_t>& y, std::vector<std::string> names) {
    return Dataset(Tensor(Shape{static_cast<int64_t>(y.size()), 2}), labels(y),
                   {.name = "own", .class_names = std::move(names)});
  };
  const std::vector<std::string> known = {"ant", "bee", "cat"};
  const Dataset found = in_classes(data({1, 0, 1}, {"bee", "cat"}), known);
  EXPECT_EQ(found.y().at(0), 2);
  EXPECT_EQ(found.y().at(1), 1);
  EXPECT_EQ(found.info().class_names, known);
  // Numbers are a model's own where it names its classes otherwise.
  EXPECT_EQ(in_classes(data({1, 0, 1}, {"0", "1"}), known).y().at(0), 1);
  EXPECT_EQ(in_classes(data({0, 0}, {"2"}), {"0", "1", "2"}).y().at(0), 2);
  EXPECT_THAT(error_of([&] { in_classes(data({0}, {"dog"}), known); }),
              HasSubstr("own: unknown class \"dog\"; expected one of"));
  const auto numbered = [&](std::vector<int32_t> labels) {
    return error_of([&] { in_classes(data(labels, {"0", "1", "2", "3"}), known); });
  };
  EXPECT_THAT(numbered({1, 3}),
              HasSubstr("own: label of sample 1: expected one of the 3 classes of "
                        "the model, numbered from 0, got 3."));
  // Another part has the label.
  EXPECT_THAT(numbered({1, 2}), HasSubstr("unknown class \"0\""));
}

TEST_F(OwnFiles, AFolderOfIdxFilesPlainOrGzipped) {
  const Tensor images(Shape{2, 3, 3}, DType::uint8);
  write("digits/train-images-idx3-ubyte", formats::write_idx(images));
  Tensor train_labels(Shape{2}, DType::uint8);
  train_labels.span<uint8_t>()[1] = 3;
  write("digits/train-labels-idx1-ubyte.gz", formats::gzip(formats::write_idx(train_labels)));
  EXPECT_EQ(read_own_files(path("digits")).test.size(), 0);
  write("digits/t10k-images-idx3-ubyte", formats::write_idx(images));
  EXPECT_THAT(error_of([&] { read_own_files(path("digits")); }),
              HasSubstr("a file of the data set is missing"));
  write("digits/t10k-labels-idx1-ubyte", formats::write_idx(train_labels));
  const DatasetParts parts = read_own_files(path("digits"));
  EXPECT_EQ(parts.test.size(), 2);
  EXPECT_EQ(parts.train.info().class_names.size(), 4U);
  EXPECT_EQ(parts.train.info().name, "digits");
  write("digits/emnist-test-images-idx3-ubyte", formats::write_idx(images));
  EXPECT_THAT(error_of([&] { read_own_files(path("digits")); }),
              HasSubstr("two files could be the same part of a data set"));
}

TEST_F(OwnFiles, RefusesWhatIsNone) {
  EXPECT_THAT(error_of([&] { read_own_files(path("missing.npz")); }),
              HasSubstr("missing.npz: there is no such file"));
  EXPECT_THAT(error_of([&] { read_own_files(path("digits")); }),
              HasSubstr("is a folder without samples that can be read; expected a NumPy .npz"));
  fs::create_directories(path("digits/seven"));
  EXPECT_THAT(error_of([&] { read_own_files(path("digits")); }), HasSubstr("has no pictures"));
  const std::string text = "something else";
  EXPECT_THAT(error_of([&] { read_own_files(write("a.bin", std::as_bytes(std::span(text)))); }),
              HasSubstr("is no file of samples that can be read"));
  const std::string file =
      write_npz("names.npz", arrays({"a", "b"}, list(Tensor(Shape{3, 2}), labels({0, 1, 2}))));
  EXPECT_THAT(error_of([&] { read_own_files(file); }),
              AllOf(HasSubstr("expected arrays named x_train, y_train"), HasSubstr("got a, b")));
  const std::string negative =
      write_npz("negative.npz", arrays({"x", "y"}, list(Tensor(Shape{2, 2}), labels({0, -1}))));
  EXPECT_THAT(error_of([&] { read_own_files(negative); }),
              HasSubstr("label of sample 1: expected a class from 0 to 65535, got -1"));
}

}  // namespace own_files_test
}  // namespace cornu::inline v0::datasets
