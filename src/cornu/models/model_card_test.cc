#include "cornu/models/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <string>

#include "cornu/core/error.h"
#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace model_card_test {

using ::testing::HasSubstr;

Dataset named() {
  Tensor x(Shape{6, 2}, DType::uint8);
  Tensor y(Shape{6}, DType::uint8);
  for (size_t i = 0; i < 12; ++i) x.span<uint8_t>()[i] = static_cast<uint8_t>(20 * i + 3);
  for (size_t i = 0; i < 6; ++i) y.span<uint8_t>()[i] = static_cast<uint8_t>(i % 2);
  return Dataset(std::move(x), std::move(y), {.name = "pets", .class_names = {"cat", "dog"}})
      .divide(255);
}

TEST(ModelCard, AFitKeepsHowItsDataWereMade) {
  Sequential model({Input({1}), Dense({.units = 1})});
  model.compile({.loss = "mse"});
  const Tensor numbers = Tensor::of<float>({2, 1}, {0, 1});
  model.fit(Dataset(numbers, numbers, {.preprocessing = {{"kind", "table"}}}), {.verbose = 0});
  EXPECT_EQ(Value(model.card().preprocessing), Value(Value::Map{{"kind", "table"}}));
  model.fit(numbers, numbers, {.verbose = 0});
  EXPECT_EQ(model.card().preprocessing.size(), 1);
}

Sequential trained() {
  Sequential model({Input({2}), Dense({.units = 2, .activation = "softmax"})}, {.seed = 4});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(named(), {.batch_size = 2, .epochs = 3, .verbose = 0});
  return model;
}

std::string error_of(const std::string& path, const LoadOptions& options = {}) {
  try {
    load_model(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ModelCard, TravelsInEachFormat) {
  const TestFolder folder;
  Sequential model = trained();
  ModelCard card = model.card();
  EXPECT_EQ(card.class_names, (std::vector<std::string>{"cat", "dog"}));
  card.provenance = {{"dataset", "pets"}, {"note", "ü \"quoted\""}};
  card.preprocessing = {{"kind", "table"}, {"scale", Value::List{0.1, 2}}};
  model.set_card(card);
  for (const char* name : {"m.keras", "m.h5", "m.safetensors"}) {
    model.save(folder.file(name));
    const Model loaded = load_model(folder.file(name));
    EXPECT_EQ(loaded.card().class_names, card.class_names) << name;
    EXPECT_EQ(Value(loaded.card().provenance), Value(card.provenance)) << name;
    EXPECT_EQ(Value(loaded.card().preprocessing), Value(card.preprocessing)) << name;
    ASSERT_EQ(loaded.card().history.size(), 3) << name;
    for (size_t epoch = 0; epoch < 3; ++epoch) {
      for (const auto& [log, value] : card.history[epoch].logs) {
        EXPECT_EQ(loaded.card().history[epoch].logs[log], value) << name << log;
      }
    }
    ASSERT_EQ(loaded.stored_sample().size(), 1) << name;
    EXPECT_EQ(loaded.stored_sample()[0].dtype(), DType::uint8);
    // What is loaded is saved again as it was.
    loaded.save(folder.file(std::string("again_") + name));
    EXPECT_EQ(folder.text(std::string("again_") + name), folder.text(name)) << name;
  }
}

TEST(ModelCard, AFileWhoseNumbersWereChangedIsRefused) {
  const TestFolder folder;
  const std::string path = folder.file("m.safetensors");
  trained().save(path);
  std::string bytes = folder.text("m.safetensors");
  const float changed = 3;
  std::memcpy(bytes.data() + bytes.size() - sizeof changed, &changed, sizeof changed);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_THAT(error_of(path), HasSubstr("sample: the model predicts another number than when it "
                                        "was saved"));
  EXPECT_EQ(error_of(path, {.check_sample = false}), "no error");
}

TEST(ModelCard, ASecondFitAddsItsEpochsAndSingleBatchesDoNot) {
  Sequential model = trained();
  model.fit(named(), {.batch_size = 2, .epochs = 2, .verbose = 0});
  model.train_on_batch(named());
  EXPECT_EQ(model.card().history.size(), 5);
}

TEST(ModelCard, AModelThatWasNeverTrainedHasNone) {
  const TestFolder folder;
  Sequential model({Input({2}), Dense({.units = 2})});
  model.save(folder.file("m.keras"));
  const Model loaded = load_model(folder.file("m.keras"));
  EXPECT_TRUE(loaded.card().class_names.empty());
  EXPECT_TRUE(loaded.card().history.empty());
  EXPECT_TRUE(loaded.stored_sample().empty());
}

}  // namespace model_card_test
}  // namespace cornu::inline v0
