#include "cornu/core/fields.h"

#include <gtest/gtest.h>

#include <limits>

#include "cornu/core/input_encoding.h"

namespace cornu::inline v0 {
namespace fields_test {

struct Options {
  int64_t units = 1;
  float rate = 0.1F;
  bool use_bias = true;
  std::string name = {};
  Shape shape = {};
  DType dtype = DType::float32;
  double epsilon = 1e-7;

  static void visit_fields(auto& self, auto& v) {
    v("units", self.units);
    v("rate", self.rate);
    v("use_bias", self.use_bias);
    v("name", self.name);
    v("shape", self.shape);
    v("dtype", self.dtype);
    v("epsilon", self.epsilon);
  }
};

Options from(const Value::Map& map) {
  Options options;
  fields_from_map(map, options, "Dense \"dense\"");
  return options;
}

std::string refused(const Value::Map& map) {
  try {
    from(map);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Fields, GivesNamesInOrder) {
  EXPECT_EQ(field_names<Options>(), (std::vector<std::string>{"units", "rate", "use_bias", "name",
                                                              "shape", "dtype", "epsilon"}));
}

TEST(Fields, RoundTripsAsAMap) {
  const Options options = {.units = 64,
                           .rate = 0.001F,
                           .use_bias = false,
                           .name = "dense",
                           .shape = {kRows, 28},
                           .dtype = DType::uint8,
                           .epsilon = 1e-3};
  const Value::Map map = fields_to_map(options);
  const Value::Map expected = {
      {"units", 64},       {"rate", 0.001},  // the shortest decimal of 0.001F
      {"use_bias", false}, {"name", "dense"}, {"shape", Value::List{{}, 28}},
      {"dtype", "uint8"},  {"epsilon", 0.001}};
  EXPECT_EQ(map, expected);
  EXPECT_EQ(fields_to_map(from(map)), map);
}

TEST(Fields, KeepsTheDefaultsOfFieldsNotNamed) {
  const Options options = from({{"units", 2}});
  EXPECT_EQ(options.units, 2);
  EXPECT_EQ(options.rate, 0.1F);
  EXPECT_TRUE(options.use_bias);
  EXPECT_EQ(fields_to_map(from({})), fields_to_map(Options{}));
}

TEST(Fields, TakesAWholeNumberWhereANumberOrAShapeIsWanted) {
  EXPECT_EQ(from({{"rate", 1}}).rate, 1.0F);
  EXPECT_EQ(from({{"shape", 28}}).shape, Shape{28});
}

TEST(Fields, NamesTheFieldOfAWrongValue) {
  EXPECT_EQ(refused({{"units", "many"}}),
            "Dense \"dense\": units: expected a whole number, got many.");
  EXPECT_EQ(refused({{"units", 2.0}}), "Dense \"dense\": units: expected a whole number, got 2.");
  EXPECT_EQ(refused({{"use_bias", 1}}),
            "Dense \"dense\": use_bias: expected true or false, got 1.");
  EXPECT_EQ(refused({{"shape", Value::List{28, {}}}}),
            "Dense \"dense\": shape: expected extents of 0 or more, got -1 at axis 1.");
  EXPECT_EQ(refused({{"dtype", "float23"}}),
            "Dense \"dense\": dtype: unknown dtype \"float23\"; expected one of float32, float64, "
            "int32, uint8, int64.");
}

TEST(Fields, RefusesANumberPastTheLargestFloat) {
  constexpr auto kMost = double{std::numeric_limits<float>::max()};
  EXPECT_EQ(from({{"rate", kMost}}).rate, std::numeric_limits<float>::max());
  EXPECT_NE(refused({{"rate", 1e39}}).find("rate: expected a number within float32"),
            std::string::npos);
  EXPECT_NE(refused({{"rate", -1e300}}), "no error");
  EXPECT_EQ(from({{"epsilon", 1e300}}).epsilon, 1e300);
}

TEST(Fields, ListsTheNearestForAnUnknownName) {
  EXPECT_EQ(refused({{"unit", 3}}).substr(0, 65),
            "Dense \"dense\": unknown option \"unit\"; expected one of units, rate");
}

TEST(Fields, RefusesAFieldGivenTwice) {
  EXPECT_EQ(refused({{"units", 3}, {"units", 4}}), "Dense \"dense\": units is given twice.");
}

TEST(Fields, TakesEveryDtypeByName) {
  for (DType dtype : {DType::uint8, DType::int32, DType::int64, DType::float32, DType::float64}) {
    EXPECT_EQ(from({{"dtype", name(dtype)}}).dtype, dtype);
  }
}

TEST(Fields, CoversTheInputEncoding) {
  const InputEncoding encoding = {
      .dtype = DType::uint8, .divisor = 255, .offset = 0.5, .classes = 10};
  InputEncoding again;
  fields_from_map(fields_to_map(encoding), again, "encoding");
  EXPECT_EQ(again, encoding);
  EXPECT_NE(InputEncoding{}, encoding);
}

}  // namespace fields_test
}  // namespace cornu::inline v0
