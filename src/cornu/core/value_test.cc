#include "cornu/core/value.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace value_test {

TEST(Value, KnowsItsKind) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(true).is_bool());
  EXPECT_TRUE(Value(3).is_int());
  EXPECT_TRUE(Value(3).is_number());
  EXPECT_TRUE(Value(3.0).is_number());
  EXPECT_FALSE(Value(3.0).is_int());
  EXPECT_TRUE(Value("relu").is_string());
  EXPECT_FALSE(Value("relu").is_bool());
  EXPECT_TRUE(Value(Value::List{1, 2}).is_list());
  EXPECT_TRUE(Value(Value::Map{{"a", 1}}).is_map());
}

TEST(Value, GivesItsContent) {
  EXPECT_EQ(Value(true).as_bool(), true);
  EXPECT_EQ(Value(int64_t{1} << 40).as_int(), int64_t{1} << 40);
  EXPECT_EQ(Value(3).as_double(), 3.0);
  EXPECT_EQ(Value(0.5).as_double(), 0.5);
  EXPECT_EQ(Value("relu").as_string(), "relu");
  EXPECT_EQ(Value(Value::List{1, 2}).as_list()[1].as_int(), 2);
  EXPECT_EQ(Value(Value::Map{{"a", 1}}).as_map()[0].first, "a");
}

TEST(Value, NamesItsContentWhenAskedForAnotherKind) {
  const auto error = [](auto ask) -> std::string {
    try {
      ask();
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(error([] { Value("relu").as_int(); }), "value: expected a whole number, got relu.");
  EXPECT_EQ(error([] { Value(0.5).as_int(); }), "value: expected a whole number, got 0.5.");
  EXPECT_EQ(error([] { Value(1).as_bool(); }), "value: expected true or false, got 1.");
  EXPECT_EQ(error([] { Value().as_double(); }), "value: expected a number, got none.");
  EXPECT_EQ(error([] { Value(1).as_string(); }), "value: expected a name, got 1.");
  EXPECT_EQ(error([] { Value(1).as_list(); }), "value: expected a list, got 1.");
  EXPECT_EQ(error([] { Value(Value::List{1, 2}).as_map(); }), "value: expected a map, got (1, 2).");
}

TEST(Value, FindsKeysOfAMap) {
  const Value map = Value::Map{{"units", 64}, {"none", {}}};
  EXPECT_EQ(map["units"], Value(64));
  EXPECT_TRUE(map["none"].is_null());
  EXPECT_EQ(map.find("rate"), nullptr);
  EXPECT_EQ(Value(3).find("units"), nullptr);
  EXPECT_THROW(map["rate"], Error);
  EXPECT_THROW(Value(3)["units"], Error);
}

TEST(Value, PrintsAsNetTextDoes) {
  EXPECT_EQ(Value(64).str(), "64");
  EXPECT_EQ(Value(0.5).str(), "0.5");
  EXPECT_EQ(Value(true).str(), "true");
  EXPECT_EQ(Value(false).str(), "false");
  EXPECT_EQ(Value().str(), "none");
  EXPECT_EQ(Value("relu").str(), "relu");
  EXPECT_EQ(Value(Value::List{2, 2}).str(), "(2, 2)");
  EXPECT_EQ(Value(Value::List{}).str(), "()");
  EXPECT_EQ(Value(Value::Map{{"rate", 0.1}, {"seed", {}}}).str(), "(rate=0.1, seed=none)");
}

TEST(Value, ComparesKindAndContent) {
  EXPECT_EQ(Value(1), Value(1));
  EXPECT_NE(Value(1), Value(1.0));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(Value::Map{{"a", 1}, {"b", 2}}), Value(Value::Map{{"b", 2}, {"a", 1}}));
  EXPECT_EQ(Value(Value::List{Value::Map{{"a", 1}}}), Value(Value::List{Value::Map{{"a", 1}}}));
}

TEST(Value, ShortestTextReadsBackTheSame) {
  EXPECT_EQ(shortest(0.001), "0.001");
  EXPECT_EQ(shortest(1e-7), "1e-07");
  EXPECT_EQ(shortest(3), "3");
  EXPECT_EQ(shortest(-0.0), "-0");
  EXPECT_EQ(shortest(0.1 + 0.2), "0.30000000000000004");
  for (double value : {std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(),
                       std::numeric_limits<double>::denorm_min(), 1.0 / 3}) {
    EXPECT_EQ(std::strtod(shortest(value).c_str(), nullptr), value);
  }
}

}  // namespace value_test
}  // namespace cornu::inline v0
