// TensorBoard's files beside those of real Keras: tests/goldens/make_tensorboard.py says of which
// fits.

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/callbacks/logs_reader_test.h"
#include "cornu/core/paths_test.h"
#include "cornu/cornu.h"
#include "cornu/formats/histogram.h"
#include "cornu/formats/json.h"
#include "cornu/formats/png.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace tensorboard_golden_test {

const Value& golden() {
  static const Value value = [] {
    const std::string path = std::string(kSourceFolder) + "/tests/goldens/tensorboard.json";
    const std::vector<std::byte> bytes = read_file(path);
    return formats::read_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
  }();
  return value;
}

Tensor numbers(const Shape& shape, int64_t factor = 7, int64_t first = 3, int64_t modulus = 13) {
  Tensor x(shape);
  const auto values = x.span<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t k = (static_cast<int64_t>(i) * factor + first) % modulus - modulus / 2;
    values[i] = static_cast<float>(k) / 8;
  }
  return x;
}

Model sequential() {
  return Sequential({Input({4}), Dense({.units = 3, .activation = "tanh"}), Dense({.units = 1})});
}

Model functional() {
  const Input x({.shape = {4}, .name = "x"});
  const auto a = Dense({.units = 2, .name = "a"})(x), b = Dense({.units = 2, .name = "b"})(x);
  const auto sum = Add({.name = "sum"})(SymbolicTensors{a, b});
  return Model(x, Dense({.units = 1, .name = "c"})(sum), {.name = "two_ways"});
}

void fit(Model model, int64_t epochs, const TensorBoardOptions& options) {
  for (const auto& [name, weight] : model.weights()) {
    model.set_weight(name, numbers(weight.shape(), 5, 1, 11));
  }
  model.compile({.optimizer = SGD({.learning_rate = 0.25}), .loss = "mse", .metrics = {"mae"}});
  model.fit(numbers({12, 4}), numbers({12, 1}),
            {.batch_size = 4,
             .epochs = epochs,
             .verbose = 0,
             .callbacks = {TensorBoard(options)},
             .validation_data = Dataset(numbers({4, 4}), numbers({4, 1})),
             .shuffle = false});
}

void expect_near(double found, double expected, const std::string& where) {
  EXPECT_NEAR(found, expected, 1e-6 + 1e-5 * std::abs(expected)) << where;
}

void expect_same_value(const formats::ReadEvent& event, const Value& expected,
                       const std::string& where) {
  if (event.plugin == "scalars") {
    expect_near(event.numbers<float>().at(0), expected.as_double(), where);
  } else if (event.plugin == "histograms") {
    const auto found = event.numbers<double>();
    const Value::List& list = expected.as_list();
    ASSERT_EQ(found.size(), list.size());
    for (size_t i = 0; i < found.size(); ++i) expect_near(found[i], list[i].as_double(), where);
  } else if (event.plugin == "images") {
    const Value::List& list = expected.as_list();
    ASSERT_EQ(event.strings.size(), list.size()) << where;
    const int64_t width = list[0].as_int(), height = list[1].as_int();
    EXPECT_EQ(event.strings[0], std::to_string(width)) << where;
    EXPECT_EQ(event.strings[1], std::to_string(height)) << where;
    for (size_t i = 2; i < list.size(); ++i) {
      std::vector<uint8_t> pixels;
      for (const Value& pixel : list[i].as_list()) {
        pixels.push_back(static_cast<uint8_t>(pixel.as_int()));
      }
      EXPECT_EQ(event.strings[i], formats::write_gray_png(width, height, pixels)) << where;
    }
  }
}

void expect_same_tags(const EventsByTag& found, const Value::List& expected,
                      const std::string& name) {
  std::vector<std::string> expected_tags;
  for (const Value& tag : expected) expected_tags.push_back(tag["tag"].as_string());
  EXPECT_EQ(tags(found), expected_tags) << name;
  for (const Value& tag : expected) {
    const auto at = found.find(tag["tag"].as_string());
    if (at == found.end()) continue;
    const std::string where = name + ": " + at->first;
    const std::vector<formats::ReadEvent>& events = at->second;
    Value::List steps;
    for (const formats::ReadEvent& event : events) {
      steps.emplace_back(event.step);
      EXPECT_EQ(event.plugin, tag["plugin"].as_string()) << where;
      EXPECT_EQ(event.plugin_content, tag["content"].as_string()) << where;
      EXPECT_EQ(event.dtype, tag["dtype"].as_int()) << where;
      EXPECT_EQ(to_value(event.shape), tag["shape"]) << where;
    }
    EXPECT_EQ(Value(steps), tag["steps"]) << where;
    const Value::List& values = tag["values"].as_list();
    if (values.size() != events.size()) continue;  // rates per second, which are not in the golden
    for (size_t i = 0; i < values.size(); ++i) expect_same_value(events[i], values[i], where);
  }
}

void expect_golden(const std::string& name, Model model, int64_t epochs,
                   TensorBoardOptions options) {
  const TestFolder folder;
  options.log_dir = folder.file("logs");
  fit(std::move(model), epochs, options);
  for (const char* part : {"train", "validation"}) {
    expect_same_tags(events_by_tag(options.log_dir + "/" + part),
                     golden()["fits"][name][part].as_list(), name + "/" + part);
  }
}

TEST(TensorBoardGolden, EpochsAreAsKerasWritesThem) {
  expect_golden("epochs", sequential(), 3, {});
}

TEST(TensorBoardGolden, StepsAreAsKerasWritesThem) {
  expect_golden("steps", sequential(), 2, {.write_steps_per_second = true, .update_freq = 1});
}

TEST(TensorBoardGolden, WeightsAreAsKerasWritesThem) {
  expect_golden("weights", sequential(), 4, {.histogram_freq = 2, .write_images = true});
}

TEST(TensorBoardGolden, AFunctionalModelIsAsKerasWritesIt) {
  expect_golden("functional", functional(), 1, {.histogram_freq = 1, .update_freq = "batch"});
}

TEST(TensorBoardGolden, HistogramsAreTensorFlows) {
  for (const auto& [name, each] : golden()["histograms"].as_map()) {
    std::vector<float> values;
    for (const Value& value : each["values"].as_list()) {
      values.push_back(static_cast<float>(value.as_double()));
    }
    const formats::Histogram found = formats::histogram(values);
    const Value::List& expected = each["buckets"].as_list();
    ASSERT_EQ(expected.size(), 3 * found.size()) << name;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_DOUBLE_EQ(found[i].left, expected[3 * i].as_double()) << name << " " << i;
      EXPECT_DOUBLE_EQ(found[i].right, expected[3 * i + 1].as_double()) << name << " " << i;
      EXPECT_EQ(found[i].count, expected[3 * i + 2].as_double()) << name << " " << i;
    }
  }
}

}  // namespace tensorboard_golden_test
}  // namespace cornu::inline v0
