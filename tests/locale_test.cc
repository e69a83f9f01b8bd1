// A program may set any locale, as those with windows do. Every number that Cornu reads or writes
// still has a decimal point.

#include "comma_locale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <iterator>
#include <sstream>

#include "cornu/callbacks/csv_logger.h"
#include "cornu/core/file.h"
#include "cornu/cornu.h"
#include "cornu/formats/json.h"
#include "cornu/plan/measure.h"
#include "cornu/report/learning_curves.h"
#include "cornu/report/run_record.h"
#include "cornu/training/progress.h"
#ifdef CORNU_HAS_COMMAND
#include "cornu/cli/net_text.h"
#endif

namespace cornu::inline v0 {
namespace locale_test {

using ::testing::HasSubstr;
using ::testing::Not;

std::string path_of(const std::string& name) {
  return ::testing::TempDir() + "locale_" + name;
}

std::string content(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Tensor floats(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 7 + 3) % 13 - 6) / 8;
  }
  return x;
}

Sequential trained() {
  Sequential model({Input({4}), Dense({.units = 3, .activation = "tanh"}), Dropout({.rate = 0.25F}),
                    Dense({.units = 1})});
  model.compile({.optimizer = Adam({.learning_rate = 0.0125}), .loss = Huber({.delta = 0.5})});
  model.fit(floats({16, 4}), floats({16, 1}), {.epochs = 2, .verbose = 0});
  return model;
}

History history() {
  History made;
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.logs.set("loss", 1234.5 / static_cast<double>(epoch + 1));
    record.logs.set("accuracy", 0.25 * static_cast<double>(epoch));
    made.epochs.push_back(record);
  }
  return made;
}

// Expects the same text with and without the locale.
void expect_same_text(const std::string& what, const std::function<std::string()>& text) {
  const std::string plain = text();
  const CommaLocale comma;
  EXPECT_EQ(text(), plain) << what;
  EXPECT_FALSE(plain.empty()) << what;
}

TEST(CommaLocale, IsSetForTheCLibraryAndForStreams) {
  const CommaLocale comma;
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", 1234.5);
  EXPECT_STREQ(text, "1234,50");
  EXPECT_EQ(std::strtod("1,5", nullptr), 1.5);
  std::ostringstream out;
  out << 1234.5;
  EXPECT_EQ(out.str(), "1.234,5");
}

TEST(CommaLocale, ModelsAreSavedAndLoaded) {
  const Sequential model = trained();
  model.save(path_of("plain.safetensors"));
  const CommaLocale comma;
  model.save(path_of("comma.safetensors"));
  EXPECT_EQ(content(path_of("comma.safetensors")), content(path_of("plain.safetensors")));
  const Model loaded = load_model(path_of("plain.safetensors"));
  EXPECT_EQ(loaded.compile_options().optimizer->config(),
            model.compile_options().optimizer->config());
  EXPECT_EQ((*loaded.compile_options().loss)->config(), Huber({.delta = 0.5})->config());
  EXPECT_EQ(loaded.predict(floats({2, 4})).at(0), model.predict(floats({2, 4})).at(0));
}

TEST(CommaLocale, JsonIsReadToTheBit) {
  const CommaLocale comma;
  const Value read = formats::read_json("[42.0, -1.5e-3, 0.1, 1e300, -0.0, 7, 1E2]", "text");
  const std::vector<double> right = {42.0, -1.5e-3, 0.1, 1e300, -0.0, 7, 100};
  ASSERT_EQ(read.as_list().size(), right.size());
  for (size_t i = 0; i < right.size(); ++i) EXPECT_EQ(read.as_list()[i].as_double(), right[i]);
  EXPECT_TRUE(read.as_list()[5].is_int());
  EXPECT_FALSE(read.as_list()[0].is_int());
  EXPECT_EQ(formats::write_json(read), "[42.0,-0.0015,0.1,1e+300,-0.0,7,100.0]");
  for (const char* bad : {"[42,0.0.1]", "[1,5,]", "1,5"}) {
    EXPECT_THROW(formats::read_json(bad, "text"), Error) << bad;
  }
  // The program's locale is unchanged.
  EXPECT_EQ(std::strtod("1,5", nullptr), 1.5);
}

TEST(CommaLocale, NetworksOfKerasAreRead) {
  const std::string json = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "i"}},
    {"class_name": "Dropout", "config": {"rate": 0.25, "name": "d"}}]}})";
  const CommaLocale comma;
  const Model model = model_from_json(json);
  EXPECT_THAT(formats::write_json(model.get_layer("d").description().config()),
              HasSubstr("\"rate\":0.25"));
}

TEST(CommaLocale, TextIsTheSame) {
  const Sequential model = trained();
  const Tensor x = floats({3, 4});
  expect_same_text("a tensor", [&] { return to_string(x) + repr(x); });
  expect_same_text("a tensor in a stream", [&] {
    std::ostringstream out;
    out << x.view() << x.shape();
    return out.str();
  });
  expect_same_text("logs in a stream", [] {
    std::ostringstream out;
    out << history().epochs[0].logs;
    return out.str();
  });
  expect_same_text("progress", [] {
    Logs logs;
    logs.set("loss", 0.25);
    logs.set("small", 1.25e-7);
    return progress_line(1500, 1500, 12.5, logs) + progress_line(5, 1500, 0.0125, logs);
  });
  expect_same_text("summary", [&] { return model.summary({.costs = true}); });
  expect_same_text("a plan", [&] {
    return model.explain({.x = {{{4}, {}}}, .y = {{{1}, {}}}, .size = 16}, Mode::training, 1024);
  });
  expect_same_text("a value", [] { return Value(0.125).str() + shortest(1e-7); });
  expect_same_text("an error", [&] {
    try {
      Sequential copy = trained();
      copy.set_weight("dense/bias", floats({4}));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  });
}

TEST(CommaLocale, FilesOfARunAreTheSame) {
  expect_same_text("history.json",
                   [] { return formats::write_json(history_document(history()), 2); });
  expect_same_text("history.csv", [] { return history_csv(history()); });
  expect_same_text("curves.svg", [] {
    save_learning_curves(history(), path_of("curves.svg"));
    return content(path_of("curves.svg"));
  });
  expect_same_text("a CSV log", [] {
    CSVLogger logger(path_of("log.csv"));
    logger.on_train_begin();
    for (EpochRecord& each : history().epochs) logger.on_epoch_end(each, {});
    logger.on_train_end({});
    return content(path_of("log.csv"));
  });
}

#ifdef CORNU_HAS_COMMAND
TEST(CommaLocale, TextOfTheCommandIsRead) {
  const CommaLocale comma;
  const std::vector<Layer> layers = cli::layers_from_text("dense(64), dropout(0.25)");
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(Value(layers[1].description().config())["rate"].as_double(), 0.25);
  EXPECT_EQ(cli::text_of(cli::loss_from_text("huber(delta=0.5)")), "huber(delta=0.5)");
  EXPECT_EQ(cli::class_weight_from_text("0:0.5,3:2").at(0), 0.5);
}
#endif

}  // namespace locale_test
}  // namespace cornu::inline v0
