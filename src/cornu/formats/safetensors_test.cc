#include "cornu/formats/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "cornu/core/sanitized_test.h"
#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace safetensors_test {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::byte> with_length(uint64_t length, const std::string& rest) {
  std::vector<std::byte> file(8);
  std::memcpy(file.data(), &length, 8);
  const auto bytes = bytes_of(rest);
  file.insert(file.end(), bytes.begin(), bytes.end());
  return file;
}

std::vector<std::byte> file_of(const std::string& header, size_t data = 0) {
  return with_length(header.size(), header + std::string(data, '\x01'));
}

// A header of one tensor "x".
std::vector<std::byte> one(const std::string& dtype, const std::string& shape,
                           const std::string& offsets, size_t data) {
  return file_of(R"({"x":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
                     offsets + "}}",
                 data);
}

std::string refused(const std::vector<std::byte>& file) {
  return error_of([&] { read_safetensors(file, "m.safetensors"); });
}

void expect_same(const Safetensors& a, const Safetensors& b) {
  EXPECT_EQ(a.metadata, b.metadata);
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (size_t i = 0; i < a.tensors.size(); ++i) {
    const auto& [name, tensor] = a.tensors[i];
    const auto& [other_name, other] = b.tensors[i];
    EXPECT_EQ(name, other_name);
    EXPECT_EQ(tensor.dtype(), other.dtype());
    ASSERT_EQ(tensor.shape(), other.shape());
    EXPECT_TRUE(std::equal(tensor.data(), tensor.data() + tensor.nbytes(), other.data()));
  }
}

Safetensors small() {
  Safetensors file;
  file.metadata = {{"format", "cornu"}, {"note", "é"}};
  file.tensors.emplace_back("dense/kernel", Tensor::of<float>({2, 1}, std::array{1.5F, -2.0F}));
  file.tensors.emplace_back("n", Tensor::of<uint8_t>({3}, std::array<uint8_t, 3>{1, 2, 255}));
  return file;
}

TEST(Safetensors, WritesTheFormatByteForByte) {
  const std::string header = R"({"__metadata__":{"format":"cornu","note":"é"},)"
                             R"("dense/kernel":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
                             R"("n":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
  const std::string padding((8 - header.size() % 8) % 8, ' ');
  const std::string data("\x00\x00\xC0\x3F\x00\x00\x00\xC0\x01\x02\xFF", 11);
  EXPECT_EQ(write_safetensors(small()),
            with_length(header.size() + padding.size(), header + padding + data));
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  expect_same(read_safetensors(write_safetensors(small()), "m"), small());
  expect_same(read_safetensors(write_safetensors({}), "m"), {});
}

TEST(Safetensors, KeepsEveryDtypeAndOrder) {
  Safetensors file;
  for (DType dtype : {DType::float64, DType::uint8, DType::int64, DType::int32, DType::float32}) {
    Tensor tensor(Shape{3, 1, 5}, dtype);
    for (size_t i = 0; i < tensor.nbytes(); ++i) tensor.data()[i] = static_cast<std::byte>(i);
    std::string key = "z";
    key += name(dtype);
    file.tensors.emplace_back(key, tensor);
  }
  file.tensors.emplace_back("scalar", Tensor(Shape{}));
  file.tensors.emplace_back("a/none", Tensor(Shape{0, 4}));
  file.tensors.emplace_back("", Tensor(Shape{1, 1, 1, 1, 1, 1, 1, 2}));
  const Safetensors again = read_safetensors(write_safetensors(file), "m");
  expect_same(again, file);
  EXPECT_EQ(write_safetensors(again), write_safetensors(file));
}

TEST(Safetensors, FindsATensorByName) {
  const Safetensors file = small();
  ASSERT_NE(file.find("n"), nullptr);
  EXPECT_EQ(file.find("n")->at(2), 255);
  EXPECT_EQ(file.find("dense/bias"), nullptr);
}

TEST(Safetensors, GivesTensorsInTheOrderOfTheirData) {
  const auto file = file_of(R"({"late":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},)"
                            R"("early":{"data_offsets":[0,2],"shape":[2],"dtype":"U8"}}   )",
                            3);
  const Safetensors read = read_safetensors(file, "m");
  ASSERT_EQ(read.tensors.size(), 2U);
  EXPECT_EQ(read.tensors[0].first, "early");
  EXPECT_EQ(read.tensors[1].first, "late");
}

TEST(Safetensors, RefusesAHeaderLengthThatCannotBe) {
  EXPECT_THAT(refused(with_length(uint64_t{1} << 63, "{}")),
              HasSubstr("m.safetensors: header length at byte 0; expected at most 2, got "
                        "9223372036854775808."));
  EXPECT_THAT(refused(with_length(3, "{}")), HasSubstr("expected at most 2, got 3."));
  EXPECT_THAT(refused(with_length(~uint64_t{0}, "{}")), HasSubstr("header length"));
  EXPECT_THAT(refused(bytes_of("{}")), HasSubstr("expected at least 8 bytes, got 2."));
  EXPECT_THAT(refused({}), HasSubstr("not a safetensors file"));
}

TEST(Safetensors, RefusesAHeaderPastAHundredMillionBytes) {
  std::vector<std::byte> file(8 + 100'000'001);
  const uint64_t length = 100'000'001;
  std::memcpy(file.data(), &length, 8);
  EXPECT_THAT(refused(file), HasSubstr("expected at most 100000000, got 100000001."));
}

TEST(Safetensors, RefusesAHeaderThatIsNotOneMap) {
  EXPECT_THAT(refused(file_of("")), HasSubstr("the header at byte 8; expected a '{', got a header "
                                              "of no bytes."));
  EXPECT_THAT(refused(file_of(" {}")), HasSubstr("expected a '{', got \" \"."));
  EXPECT_THAT(refused(file_of("\xEF\xBB\xBF{}")), HasSubstr("expected a '{'"));
  EXPECT_THAT(refused(file_of("[]")), HasSubstr("expected a '{'"));
  for (const char* text : {"{", "{}x", "{}{}", "{} ,", "{\"x\":}", "{\"x\"}", "{}\v"}) {
    EXPECT_THAT(refused(file_of(text)), HasSubstr("m.safetensors: header: line 1, column "))
        << text;
  }
  EXPECT_THAT(refused(with_length(3, std::string("{}\0", 3))), HasSubstr("not JSON"));
  EXPECT_EQ(refused(file_of("{}      ")), "no error");
  EXPECT_EQ(refused(file_of("{\n}\t\r\n ")), "no error");
}

TEST(Safetensors, RefusesDuplicateNames) {
  const std::string entry = R"("x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_THAT(refused(file_of("{" + entry + "," + entry + "}")),
              HasSubstr("the key \"x\" is given twice"));
  EXPECT_THAT(refused(file_of(R"({"__metadata__":{},"__metadata__":{}})")), HasSubstr("twice"));
  EXPECT_THAT(refused(file_of(R"({"__metadata__":{"a":"","a":""}})")), HasSubstr("twice"));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":"U8","dtype":"U8"}})")), HasSubstr("twice"));
}

TEST(Safetensors, RefusesNamesThatAreNoText) {
  const auto named = [](const std::string& name) {
    return file_of("{\"" + name + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})");
  };
  EXPECT_EQ(refused(named(std::string(1024, 'n'))), "no error");
  EXPECT_THAT(refused(named(std::string(1025, 'n'))),
              HasSubstr("expected at most 1024 bytes, got 1025."));
  for (const char* name : {"\\u0000", "\\n", "\\u001b[31m", "\\u007f", "\\u009b"}) {
    EXPECT_THAT(refused(named(name)), HasSubstr("expected no control characters")) << name;
  }
  for (const char* name : {"\xFF", "\xC3", "\xED\xA0\x80", "\x01"}) {
    EXPECT_THAT(refused(named(name)), HasSubstr("not JSON"));
  }
  EXPECT_EQ(refused(named("层/核 ☃")), "no error");
}

TEST(Safetensors, RefusesAnEntryThatIsNotOneOfTheFormat) {
  EXPECT_THAT(refused(file_of(R"({"x":3})")),
              HasSubstr("tensor \"x\": expected a map with dtype, shape and data_offsets, got 3."));
  EXPECT_THAT(refused(file_of(R"({"x":[]})")), HasSubstr("expected a map"));
  EXPECT_THAT(refused(file_of(R"({"x":{}})")), HasSubstr("tensor \"x\": dtype is missing."));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":"U8","data_offsets":[0,0]}})")),
              HasSubstr("shape is missing"));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":"U8","shape":[]}})")),
              HasSubstr("data_offsets is missing"));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":"U8","strides":[1]}})")),
              HasSubstr("tensor \"x\": unknown field \"strides\""));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":3}})")),
              HasSubstr("dtype; expected a string, got 3"));
  EXPECT_THAT(refused(file_of(R"({"x":{"dtype":["U8"]}})")), HasSubstr("expected a string"));
  EXPECT_THAT(refused(file_of(R"({"x":{"shape":3}})")),
              HasSubstr("shape; expected a list of whole numbers, got 3"));
  EXPECT_THAT(refused(file_of(R"({"x":{"shape":{}}})")), HasSubstr("got a map"));
  EXPECT_THAT(refused(file_of(R"({"x":{"shape":[[]]}})")), HasSubstr("got a list"));
  EXPECT_THAT(refused(file_of(R"({"x":{"shape":[{}]}})")), HasSubstr("got a map"));
}

TEST(Safetensors, RefusesMetadataOtherThanStrings) {
  for (const char* value : {"1", "null", "true", "[]", "{}", "1.5"}) {
    EXPECT_THAT(refused(file_of(R"({"__metadata__":{"k":)" + std::string(value) + "}}")),
                HasSubstr("__metadata__ \"k\"; expected a string"))
        << value;
  }
  EXPECT_THAT(refused(file_of(R"({"__metadata__":"text"})")), HasSubstr("expected a map"));
  const Safetensors read = read_safetensors(file_of(R"({"__metadata__":{"b":"2\n","a":""}})"), "m");
  EXPECT_EQ(read.metadata,
            (std::vector<std::pair<std::string, std::string>>{{"b", "2\n"}, {"a", ""}}));
}

TEST(Safetensors, NamesTheDtypesItCannotRead) {
  EXPECT_THAT(refused(one("BF16", "[1]", "[0,2]", 2)),
              AllOf(HasSubstr("m.safetensors: tensor \"x\": this dtype cannot be read yet"),
                    HasSubstr("U8, I32, I64, F32, F64, got \"BF16\"."), HasSubstr("Hint")));
  try {
    read_safetensors(one("F16", "[1]", "[0,2]", 2), "m");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  }
  EXPECT_THAT(refused(one("f32", "[1]", "[0,4]", 4)), HasSubstr("unknown dtype"));
}

TEST(Safetensors, RefusesShapesThatOverflow) {
  // Its product is 4 modulo 2^64: a careless reader allocates 16 bytes.
  EXPECT_THAT(refused(one("F32", "[4194305,4194305,211106198978564]", "[0,16]", 16)),
              HasSubstr("tensor \"x\": the product of its shape overflows, got (4194305, 4194305, "
                        "211106198978564)."));
  EXPECT_THAT(refused(one("F64", "[2305843009213693952]", "[0,0]", 0)), HasSubstr("overflows"));
  EXPECT_THAT(refused(one("U8", "[9223372036854775807,2]", "[0,0]", 0)), HasSubstr("overflows"));
  EXPECT_THAT(refused(one("U8", "[9223372036854775808]", "[0,0]", 0)), HasSubstr("63 bits"));
  EXPECT_THAT(refused(one("U8", "[0,9223372036854775807,2]", "[0,0]", 0)), HasSubstr("overflows"));
  EXPECT_THAT(refused(one("U8", "[1000000000000]", "[0,1]", 1)),
              HasSubstr("expected 1000000000000 bytes, got 1."));
}

TEST(Safetensors, RefusesShapesOfMoreThanEightAxes) {
  EXPECT_EQ(refused(one("U8", "[1,1,1,1,1,1,1,1]", "[0,1]", 1)), "no error");
  EXPECT_THAT(refused(one("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]", 1)),
              HasSubstr("shape; expected at most 8 axes"));
}

TEST(Safetensors, RefusesNumbersThatAreNotWholeAndPositive) {
  EXPECT_THAT(refused(one("U8", "[1]", "[0,1.0]", 1)),
              HasSubstr("tensor \"x\": data_offsets; expected whole numbers, got 1.0."));
  EXPECT_THAT(refused(one("U8", "[1e0]", "[0,1]", 1)), HasSubstr("shape; expected whole numbers"));
  EXPECT_THAT(refused(one("U8", "[\"1\"]", "[0,1]", 1)), HasSubstr("got \"1\""));
  EXPECT_THAT(refused(one("U8", "[true]", "[0,1]", 1)), HasSubstr("got true"));
  EXPECT_THAT(refused(one("U8", "[null]", "[0,1]", 1)), HasSubstr("got null"));
  EXPECT_THAT(refused(one("U8", "[-1]", "[0,1]", 1)), HasSubstr("numbers of 0 or more, got -1"));
  EXPECT_THAT(refused(one("U8", "[1]", "[-1,0]", 1)), HasSubstr("numbers of 0 or more, got -1"));
  EXPECT_THAT(refused(one("U8", "[0]", "[-0,0]", 0)), HasSubstr("got -0.0"));
}

TEST(Safetensors, RefusesOffsetsThatDoNotFit) {
  EXPECT_THAT(refused(one("U8", "[1]", "[0]", 1)), HasSubstr("data_offsets; expected two numbers"));
  EXPECT_THAT(refused(one("U8", "[1]", "[0,1,2]", 1)), HasSubstr("two numbers, got more"));
  EXPECT_THAT(refused(one("U8", "[1]", "[]", 1)), HasSubstr("two numbers, got 0"));
  EXPECT_THAT(refused(one("U8", "[2]", "[0,1]", 1)),
              HasSubstr("data_offsets do not match its shape (2,); expected 2 bytes, got 1."));
  EXPECT_THAT(refused(one("U8", "[2]", "[0,2]", 1)),
              HasSubstr("data_offsets; expected an end within 0 … 1, got 2."));
  EXPECT_THAT(refused(one("U8", "[1]", "[1,2]", 2)),
              HasSubstr("leaves a gap before it; expected data_offsets that begin at 0, got 1."));
  EXPECT_THAT(refused(one("U8", "[1]", "[0,9223372036854775807]", 1)), HasSubstr("end within"));
  EXPECT_THAT(refused(one("U8", "[1]", "[0,1]", 2)),
              HasSubstr("bytes after the last tensor; expected 1 bytes of data, got 2."));
  EXPECT_THAT(refused(file_of("{}", 1)), HasSubstr("bytes after the last tensor"));
}

std::vector<std::byte> two(const std::string& first, const std::string& second, size_t data,
                           const std::string& second_shape = "[2]") {
  return file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + first +
                     R"(},"b":{"dtype":"U8","shape":)" + second_shape + R"(,"data_offsets":)" +
                     second + "}}",
                 data);
}

TEST(Safetensors, RefusesOverlapsAndGaps) {
  EXPECT_EQ(refused(two("[0,2]", "[2,4]", 4)), "no error");
  EXPECT_THAT(refused(two("[0,2]", "[1,3]", 3)),
              HasSubstr("tensor \"b\": overlaps the tensor before it; expected data_offsets that "
                        "begin at 2, got 1."));
  EXPECT_THAT(refused(two("[0,2]", "[0,2]", 2)), HasSubstr("tensor \"b\": overlaps"));
  EXPECT_THAT(refused(two("[0,2]", "[3,5]", 5)), HasSubstr("tensor \"b\": leaves a gap"));
  EXPECT_THAT(refused(two("[0,2]", "[2,1]", 2)), HasSubstr("expected an end within 2 … 2, got 1."));
  EXPECT_THAT(refused(two("[2,0]", "[0,2]", 2)), HasSubstr("tensor \"a\""));
}

TEST(Safetensors, TakesATensorOfNoBytesOnlyAtABoundary) {
  for (const char* offsets : {"[0,0]", "[2,2]"}) {
    const Safetensors read = read_safetensors(two("[0,2]", offsets, 2, "[0,7]"), "m");
    EXPECT_EQ(read.find("b")->shape(), (Shape{0, 7}));
  }
  EXPECT_THAT(refused(two("[0,2]", "[1,1]", 2, "[0]")), HasSubstr("tensor \"b\": overlaps"));
  EXPECT_THAT(refused(two("[0,2]", "[3,3]", 2, "[0]")), HasSubstr("tensor \"b\": leaves a gap"));
}

TEST(Safetensors, RefusesMoreThanAHundredThousandTensors) {
  const auto header = [](size_t count) {
    std::string text = "{";
    for (size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "\"" : ",\"") + std::to_string(i) +
              R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
    }
    return text + "}";
  };
  // Three seconds under the sanitizers.
  if (!kSanitized) {
    EXPECT_EQ(refused(file_of(header(100'000))), "no error");
  }
  EXPECT_THAT(refused(file_of(header(100'001))), HasSubstr("at most 100000 tensors"));
}

TEST(Safetensors, RefusesDeepNestingAtOnce) {
  std::string deep = "{\"x\":{\"shape\":";
  EXPECT_THAT(refused(file_of(deep + std::string(100'000, '['))), HasSubstr("got a list"));
}

TEST(Safetensors, ShowsNoControlCharactersInErrors) {
  EXPECT_THAT(refused(one("\\u001b[31m", "[]", "[0,1]", 1)), HasSubstr("\"\\x1b[31m\""));
}

TEST(Safetensors, WritesNothingItWouldRefuse) {
  const auto refused_named = [](std::vector<std::string> names) {
    Safetensors file;
    for (const std::string& name : names) file.tensors.emplace_back(name, Tensor(Shape{1}));
    return error_of([&] { write_safetensors(file); });
  };
  EXPECT_EQ(refused_named({"a", "b"}), "no error");
  EXPECT_THAT(refused_named({"a", "a"}), HasSubstr("the tensor name \"a\" is given twice"));
  EXPECT_THAT(refused_named({"__metadata__"}), HasSubstr("no tensor can be named"));
  EXPECT_THAT(refused_named({"\xFF"}), HasSubstr("valid UTF-8"));
  EXPECT_THAT(refused_named({"a\n"}), HasSubstr("no control characters"));
  EXPECT_THAT(refused_named({std::string(1025, 'a')}), HasSubstr("1024 bytes"));
  EXPECT_THAT(error_of([] {
                write_safetensors({.tensors = {}, .metadata = {{"k", "\xFF"}}});
              }),
              HasSubstr("metadata \"k\"; expected valid UTF-8"));
  EXPECT_THAT(error_of([] {
                write_safetensors({.tensors = {}, .metadata = {{"k", ""}, {"k", ""}}});
              }),
              HasSubstr("twice"));
}

TEST(Safetensors, FindsEveryCut) {
  const auto file = write_safetensors(small());
  const auto read = [](const auto& part) { read_safetensors(part, "cut"); };
  EXPECT_EQ(each_beginning(file, read), file.size());
}

TEST(Safetensors, RoundTripsWhateverAFlippedBitLeavesValid) {
  const auto file = write_safetensors(small());
  const size_t errors = each_flip(file, [](const auto& flipped) {
    const Safetensors read = read_safetensors(flipped, "flipped");
    expect_same(read_safetensors(write_safetensors(read), "again"), read);
  });
  // Only data, padding, and letters of names and metadata may differ without contradiction.
  EXPECT_GT(errors, file.size() * 4);
}

}  // namespace safetensors_test
}  // namespace cornu::inline v0::formats
