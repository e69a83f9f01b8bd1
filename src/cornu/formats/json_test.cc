#include "cornu/formats/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "cornu/core/sanitized_test.h"
#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace json_test {

using testing::AllOf;
using testing::HasSubstr;

Value read(std::string_view text) {
  return read_json(text, "run.json");
}

std::string refused(std::string_view text) {
  return error_of([&] { read(text); });
}

TEST(Json, ReadsEveryKindOfValue) {
  const Value value = read(R"( {"b": true, "n": null, "i": -7, "d": 1e-3, "s": "é\n\u20ac",
                                "l": [1, [], {}], "a": false} )");
  const Value::Map expected = {{"b", true},   {"n", {}},
                               {"i", -7},     {"d", 0.001},
                               {"s", "é\n€"}, {"l", Value::List{1, Value::List{}, Value::Map{}}},
                               {"a", false}};
  EXPECT_EQ(value, Value(expected));
  EXPECT_EQ(read("3"), Value(3));
  EXPECT_EQ(read("\"\""), Value(""));
}

TEST(Json, KeepsWholeNumbersAndOthersApart) {
  EXPECT_TRUE(read("1").is_int());
  for (const char* text : {"1.0", "1e0", "1E2", "0.0", "-0"}) {
    EXPECT_TRUE(read(text).is_number()) << text;
    EXPECT_FALSE(read(text).is_int()) << text;
  }
  EXPECT_TRUE(std::signbit(read("-0").as_double()));
  EXPECT_EQ(read("9223372036854775807").as_int(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(read("-9223372036854775808").as_int(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(read("5e-324").as_double(), 5e-324);
}

TEST(Json, RefusesNumbersOutsideTheirType) {
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                           "123456789012345678901234567890"}) {
    EXPECT_THAT(refused(text),
                AllOf(HasSubstr("run.json: line 1"), HasSubstr(text), HasSubstr("63 bits")));
  }
  EXPECT_THAT(refused("[1e400]"), HasSubstr("the number \"1e400\" is too large"));
  EXPECT_THAT(refused("-1e400"), HasSubstr("too large"));
}

TEST(Json, RefusesDuplicateKeys) {
  EXPECT_THAT(refused("{\"a\": 1,\n \"b\": 2, \"a\": 3}"),
              HasSubstr("run.json: line 2, column 12: the key \"a\" is given twice."));
  EXPECT_THAT(refused(R"({"a":1,"\u0061":2})"), HasSubstr("twice"));
  EXPECT_THAT(refused(R"([{"x":{"a":1,"a":1}}])"), HasSubstr("twice"));
  EXPECT_EQ(refused(R"({"a":{"a":[{"a":1},{"a":2}]}})"), "no error");
}

TEST(Json, RefusesNestingPastSixtyFour) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(refused(nested(64)), "no error");
  EXPECT_THAT(refused(nested(65)), HasSubstr("line 1, column 65: nested too deep; expected at most "
                                             "64 levels."));
  EXPECT_THAT(refused(std::string(100000, '[')), HasSubstr("nested too deep"));
  std::string maps;
  for (int i = 0; i < 65; ++i) maps += "{\"a\":";
  EXPECT_THAT(refused(maps), HasSubstr("nested too deep"));
}

TEST(Json, RefusesTextThatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "NaN",
                           "Infinity",
                           "-Infinity",
                           "nan",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "0x1",
                           "1 2",
                           "[1]]",
                           "// x\n1",
                           "\"\t\"",
                           "\"\n\"",
                           "\"\\x41\"",
                           "\"\xFF\"",
                           "\"\xED\xA0\x80\"",
                           "\"\xC0\xAF\"",
                           "\"\\ud800\"",
                           "\"\\udc00x\"",
                           "tru",
                           "truth",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{1:2}",
                           "\"abc",
                           "1,5"}) {
    EXPECT_THAT(refused(text), AllOf(HasSubstr("run.json: line "), HasSubstr("not JSON"))) << text;
  }
  EXPECT_THAT(refused(std::string_view("1\0", 2)), HasSubstr("not JSON: it holds a NUL byte"));
  EXPECT_THAT(refused(std::string_view("{}\n\0junk", 8)), HasSubstr("line 2, column 1: not JSON"));
}

TEST(Json, SaysLineAndColumn) {
  EXPECT_THAT(refused("{\n  \"a\": 1,\n  \"b\": x\n}"), HasSubstr("run.json: line 3, column 8: "));
  EXPECT_THAT(refused("{\"a\":"), HasSubstr("line 1, column 5: not JSON: it ends too early"));
}

TEST(Json, ShowsNoControlCharactersInErrors) {
  EXPECT_THAT(refused("{\"\\u001b[31m\":1,\"\\u001b[31m\":1}"), HasSubstr("\"\\x1b[31m\""));
  EXPECT_THAT(refused("\"\x1b\""), Not(HasSubstr("\x1b")));
}

TEST(Json, RefusesMoreThanSixteenMebibytes) {
  std::string text((size_t{16} << 20) - 1, ' ');
  text += "1";
  if (!kSanitized) {
    EXPECT_EQ(refused(text), "no error");
  }
  text += " ";
  EXPECT_THAT(refused(text), HasSubstr("JSON of at most 16777216 bytes, got 16777217."));
}

TEST(Json, WritesCompactOrIndented) {
  const Value value = Value::Map{
      {"a", Value::List{1, 2.5}}, {"e", Value::List{}}, {"m", Value::Map{{"x", Value::Map{}}}}};
  EXPECT_EQ(write_json(value), R"({"a":[1,2.5],"e":[],"m":{"x":{}}})");
  EXPECT_EQ(
      write_json(value, 2),
      "{\n  \"a\": [\n    1,\n    2.5\n  ],\n  \"e\": [],\n  \"m\": {\n    \"x\": {}\n  }\n}");
  EXPECT_EQ(write_json(value, 0),
            "{\n\"a\": [\n1,\n2.5\n],\n\"e\": [],\n\"m\": {\n\"x\": {}\n}\n}");
  EXPECT_EQ(write_json({}), "null");
  EXPECT_EQ(write_json(Value::List{true, false, "x"}), R"([true,false,"x"])");
}

TEST(Json, WritesDoublesThatStayDoubles) {
  EXPECT_EQ(write_json(3.0), "3.0");
  EXPECT_EQ(write_json(-0.0), "-0.0");
  EXPECT_EQ(write_json(0.001), "0.001");
  EXPECT_EQ(write_json(1e-7), "1e-07");
  EXPECT_EQ(write_json(1e100), "1e+100");
  EXPECT_EQ(write_json(3), "3");
  EXPECT_EQ(write_json(std::nan("")), "null");
  EXPECT_EQ(write_json(-std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, ReadsBackEveryNumberTheSame) {
  using Limits = std::numeric_limits<double>;
  std::vector<double> doubles = {0.1,
                                 1.0 / 3,
                                 1e15,
                                 1e16,
                                 1e17,
                                 1e22,
                                 123456789012345680.0,
                                 5e-324,
                                 Limits::max(),
                                 Limits::min(),
                                 0.0010000000474974513};
  uint64_t state = 1;
  for (int i = 0; i < 10000; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    const auto value = std::bit_cast<double>(state);
    if (std::isfinite(value)) doubles.push_back(value);
  }
  for (double value : doubles) {
    const Value again = read(write_json(value));
    EXPECT_FALSE(again.is_int()) << value;
    EXPECT_EQ(std::bit_cast<uint64_t>(again.as_double()), std::bit_cast<uint64_t>(value)) << value;
  }
  for (int64_t value : {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(),
                        int64_t{0}, int64_t{-1}, (int64_t{1} << 53) + 1}) {
    EXPECT_EQ(read(write_json(value)), Value(value));
  }
}

TEST(Json, ReadsBackEveryStringTheSame) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "é€𝄞 \"quoted\" \\ / </script>";
  EXPECT_EQ(read(write_json(all)), Value(all));
  EXPECT_EQ(read(write_json(Value::Map{{all, 1}})), Value(Value::Map{{all, 1}}));
  EXPECT_EQ(write_json("a\nb\t\"\x01"), R"("a\nb\t\"\u0001")");
  EXPECT_EQ(read(write_json("caf\xE9")), Value("caf\uFFFD"));
}

TEST(Json, WritesNothingItWouldRefuse) {
  EXPECT_THAT(error_of([] { write_json(Value::Map{{"a", 1}, {"a", 2}}); }), HasSubstr("twice"));
  Value value;
  for (int i = 0; i < 64; ++i) value = Value::List{value};
  EXPECT_EQ(refused(write_json(value)), "no error");
  value = Value::List{value};
  EXPECT_THAT(error_of([&] { write_json(value); }), HasSubstr("nested too deep"));
}

const std::string kSmall = R"({"loss":[0.5,1e-3,null],"é":{"n":-12,"t":true},"s":"\u00e9\n"})";

TEST(Json, FindsEveryCut) {
  const auto read_it = [](const auto& file) { read(text_of(file)); };
  EXPECT_EQ(each_beginning(bytes_of(kSmall), read_it), kSmall.size());
}

TEST(Json, RoundTripsWhateverAFlippedBitLeavesValid) {
  const size_t errors = each_flip(bytes_of(kSmall), [](const auto& file) {
    const Value value = read(text_of(file));
    EXPECT_EQ(read(write_json(value)), value);
  });
  EXPECT_GT(errors, kSmall.size() * 2);
}

}  // namespace json_test
}  // namespace cornu::inline v0::formats
