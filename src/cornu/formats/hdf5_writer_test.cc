#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cornu/formats/damage_test.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/hdf5_trees_test.h"

namespace cornu::inline v0::formats {
namespace hdf5_writer_test {

using testing::HasSubstr;

constexpr std::array<float, 6> kNumbers = {0.5F, -1, 2, 3, 4, 5};
const std::span<const std::byte> kBytes = std::as_bytes(std::span(kNumbers));

Hdf5Dataset numbers(const std::string& name) {
  return {.name = name, .type = "float32", .shape = {2, 3}, .data = kBytes};
}

std::string refused(const Hdf5Group& root) {
  return error_of([&] { write_hdf5(root); });
}

std::string refused(const Hdf5Dataset& dataset) {
  return refused(Hdf5Group{.datasets = {dataset}});
}

std::string refused_attribute(const std::string& name, const Value& value) {
  return refused(Hdf5Group{.attributes = {{name, value}}});
}

void expect_read_back(const Hdf5Group& root) {
  const auto bytes = write_hdf5(root);
  expect_same_tree(read_hdf5(bytes, "again"), root);
  EXPECT_EQ(write_hdf5(read_hdf5(bytes, "again")), bytes);
}

TEST(Hdf5Writer, WritesTheSmallestFileByteForByte) {
  const auto file = write_hdf5({});
  ASSERT_EQ(file.size(), 96U + 544 + 32 + 8 + 16 + 24);
  const std::string undefined(8, '\xFF');
  const auto zeros = [](size_t count) { return std::string(count, '\0'); };
  const std::string expected =
      "\x89HDF\r\n\x1a\n" + zeros(5) + "\x08\x08" + zeros(1) + "\x04" + zeros(1) + "\x10" +
      zeros(5) + zeros(8) + undefined + "\xD0\x02" + zeros(6) + undefined +
      // The root's entry: its header at 680, its tree at 96 and its heap at 640.
      zeros(8) + "\xA8\x02" + zeros(6) + "\x01" + zeros(7) + "\x60" + zeros(7) + "\x80\x02" +
      zeros(6) + "TREE" + zeros(4) + undefined + undefined + zeros(520) + "HEAP" + zeros(4) +
      "\x08" + zeros(7) + "\x01" + zeros(7) + "\xA0\x02" + zeros(6) + zeros(8) +
      // One message of type 0x11.
      "\x01" + zeros(1) + "\x01" + zeros(1) + "\x01" + zeros(3) + "\x18" + zeros(7) + "\x11" +
      zeros(1) + "\x10" + zeros(5) + "\x60" + zeros(7) + "\x80\x02" + zeros(6);
  EXPECT_EQ(text_of(file), expected);
}

TEST(Hdf5Writer, ReadsBackWhatItWrote) {
  Hdf5Group root;
  root.attributes = {{"keras_version", "3.15.1"}, {"note", "é"}, {"empty", ""}};
  root.datasets = {numbers("x")};
  root.datasets[0].attributes = {{"dtype", "bfloat16"}};
  root.make_group("layers/dense/vars").datasets = {numbers("0"), numbers("1")};
  root.make_group("layers/dense/vars").attributes = {{"name", "dense"}};
  root.make_group("optimizer").attributes = {{"weight_names", Value::List{}}};
  expect_read_back(root);
  expect_read_back({});
}

TEST(Hdf5Writer, KeepsEveryAttribute) {
  Hdf5Group root;
  root.attributes = {{"a", "text"},
                     {"long", std::string(100'000, 'x')},
                     {"i", std::numeric_limits<int64_t>::min()},
                     {"d", 0.1},
                     {"b", true},
                     {"texts", Value::List{"a", "", "é"}},
                     {"ints", Value::List{1, -2}},
                     {"doubles", Value::List{0.5, -0.0}},
                     {"bools", Value::List{false, true}},
                     {"none", Value::List{}}};
  expect_read_back(root);
  // Ints among doubles are doubles.
  root.attributes = {{"mixed", Value::List{1, 0.5}}};
  const auto bytes = write_hdf5(root);
  EXPECT_EQ(*read_hdf5(bytes, "m").attribute("mixed"), (Value::List{1.0, 0.5}));
}

TEST(Hdf5Writer, KeepsEveryTypeAndShape) {
  Hdf5Group root;
  const std::vector<std::byte> zeros(240);
  for (const auto& [type, size] : std::vector<std::pair<std::string, size_t>>{{"S5", 5},
                                                                              {"bfloat16", 2},
                                                                              {"bool", 1},
                                                                              {"float16", 2},
                                                                              {"float32", 4},
                                                                              {"float64", 8},
                                                                              {"int16", 2},
                                                                              {"int32", 4},
                                                                              {"int64", 8},
                                                                              {"int8", 1},
                                                                              {"uint16", 2},
                                                                              {"uint32", 4},
                                                                              {"uint64", 8},
                                                                              {"uint8", 1}}) {
    root.datasets.push_back({.name = type,
                             .type = type,
                             .shape = {2, 3, 5},
                             .data = std::span(zeros).first(30 * size)});
  }
  root.datasets.push_back({.name = "v",
                           .type = "int8",
                           .shape = {1, 1, 1, 1, 1, 1, 1, 7},
                           .data = std::span(zeros).first(7)});
  root.datasets.push_back(
      {.name = "w", .type = "float64", .shape = {}, .data = std::span(zeros).first(8)});
  root.datasets.push_back({.name = "x", .type = "float64", .shape = {0, 4}, .data = {}});
  expect_read_back(root);
}

TEST(Hdf5Writer, WritesGroupsOfThousands) {
  for (const size_t count : {1U, 7U, 8U, 9U, 255U, 256U, 257U, 5000U, 9000U}) {
    Hdf5Group root;
    for (size_t i = 0; i < count; ++i) root.datasets.push_back(numbers(std::to_string(i)));
    const auto bytes = write_hdf5(root);
    const Hdf5Group again = read_hdf5(bytes, "many");
    std::ranges::sort(root.datasets, {}, &Hdf5Dataset::name);
    expect_same_tree(again, root);
  }
}

TEST(Hdf5Writer, FillsCollectionsOfStrings) {
  // Past 65,535 strings, past 64 KiB, and strings of about a collection's least size.
  Hdf5Group root;
  for (int i = 0; i < 70; ++i) {
    root.attributes.emplace_back("short" + std::to_string(i), Value::List(1000, "x"));
  }
  for (size_t size = 4040; size < 4100; ++size) {
    root.make_group("g").attributes.emplace_back(std::to_string(size), std::string(size, 'y'));
  }
  expect_read_back(root);
  for (size_t size = 4040; size < 4090; ++size) {
    expect_read_back({.attributes = {{"a", std::string(size, 'z')}}});
  }
}

TEST(Hdf5Writer, GivesEqualBytesForEqualContentInAnyOrder) {
  Hdf5Group a, b;
  a.datasets = {numbers("x"), numbers("y")};
  b.datasets = {numbers("y"), numbers("x")};
  EXPECT_EQ(write_hdf5(a), write_hdf5(b));
}

TEST(Hdf5Writer, ViewsTheDataWhereTheyAre) {
  const Parts parts = hdf5_parts(Hdf5Group{.datasets = {numbers("x")}});
  EXPECT_EQ(parts.spans().at(1).data(), kBytes.data());
}

TEST(Hdf5Writer, WritesNothingItWouldRefuse) {
  EXPECT_THAT(refused(Hdf5Group{.datasets = {numbers("x"), numbers("x")}}),
              HasSubstr("HDF5: the name \"x\" is given twice"));
  EXPECT_THAT(refused(Hdf5Group{.datasets = {numbers("x")}, .groups = {{.name = "x"}}}),
              HasSubstr("given twice"));
  EXPECT_THAT(refused(numbers("")), HasSubstr("a name other than \"\" and \".\""));
  EXPECT_THAT(refused(numbers(".")), HasSubstr("a name other than"));
  EXPECT_THAT(refused(numbers("a/b")), HasSubstr("\"a/b\"; expected no '/'"));
  EXPECT_THAT(refused(numbers("\xFF")), HasSubstr("valid UTF-8"));
  EXPECT_THAT(refused(numbers(std::string("a\0b", 3))), HasSubstr("no control characters"));
  EXPECT_THAT(refused(numbers(std::string(1025, 'a'))), HasSubstr("at most 1024 bytes"));
  EXPECT_EQ(refused(numbers(std::string(1024, 'a'))), "no error");
  Hdf5Dataset dataset = numbers("x");
  dataset.shape = {7};
  EXPECT_THAT(refused(dataset), HasSubstr("HDF5: \"x\": its data do not match float32 of the shape "
                                          "(7,); expected 28 bytes, got 24."));
  for (const char* type : {"float8", "string", "S0", "S", "S-1", "S4x", "int24", ""}) {
    dataset.type = type;
    EXPECT_THAT(refused(dataset), HasSubstr("cannot be written")) << type;
  }
}

TEST(Hdf5Writer, RefusesAttributesThatNoFileHolds) {
  EXPECT_THAT(refused_attribute("a", Value()), HasSubstr("the attribute \"a\"; expected text"));
  EXPECT_THAT(refused_attribute("a", Value::Map{}), HasSubstr("expected text"));
  EXPECT_THAT(refused_attribute("a", Value::List{"x", 1}), HasSubstr("expected text"));
  EXPECT_THAT(refused_attribute("a", Value::List{Value(Value::List{})}),
              HasSubstr("expected text"));
  EXPECT_THAT(refused_attribute("a", std::string("x\0y", 3)), HasSubstr("text without NUL"));
  EXPECT_THAT(refused_attribute("a", "\xFF"), HasSubstr("expected text"));
  EXPECT_THAT(refused_attribute("", 1), HasSubstr("the name of an attribute"));
  EXPECT_THAT(refused(Hdf5Group{.attributes = {{"a", 1}, {"a", 1}}}),
              HasSubstr("\"a\" is given twice"));
  EXPECT_EQ(refused_attribute("a", Value::List(4000, "x")), "no error");
  EXPECT_THAT(refused_attribute("a", Value::List(5000, "x")),
              HasSubstr("the attribute \"a\" is too long; expected at most 65528 bytes, got 80056. "
                        "Hint: split the list"));
}

TEST(Hdf5Writer, RefusesGroupsThatAreTooDeepOrTooMany) {
  const auto deep = [](int depth) {
    Hdf5Group root;
    Hdf5Group* group = &root;
    for (int i = 0; i < depth; ++i) group = &group->groups.emplace_back(Hdf5Group{.name = "g"});
    return root;
  };
  expect_read_back(deep(64));
  EXPECT_THAT(refused(deep(65)), HasSubstr("nested more than 64 deep"));
  Hdf5Group many;
  for (int i = 0; i <= 100'000; ++i) many.datasets.push_back(numbers(std::to_string(i)));
  EXPECT_THAT(refused(many), HasSubstr("at most 100000 objects"));
}

TEST(Hdf5Writer, WritesNoDatasetThatCouldNotBeRead) {
  Hdf5Dataset dataset = numbers("x");
  dataset.problem = std::make_shared<const Error>(ErrorParts{.where = "m.h5", .what = "in chunks"});
  EXPECT_EQ(refused(dataset), "m.h5: in chunks.");
}

}  // namespace hdf5_writer_test
}  // namespace cornu::inline v0::formats
