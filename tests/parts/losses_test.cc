// Every loss compared with real Keras: tests/goldens/make_losses.py.

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "cornu/core/names.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace losses_test {

using testing::HasSubstr;
using std::string_literals::operator""s;

// A second list, so that no loss is added or lost without its golden: the name, its class in Keras,
// and the number of cases in the golden.
struct Held {
  std::string name, class_name;
  int cases;
};
const std::vector<Held> kLosses = {
    {"categorical_crossentropy", "CategoricalCrossentropy", 12},
    {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy", 5},
    {"binary_crossentropy", "BinaryCrossentropy", 10},
    {"crossentropy", "Crossentropy", 0},  // is one of the others
    {"mean_squared_error", "MeanSquaredError", 7},
    {"mean_absolute_error", "MeanAbsoluteError", 7},
    {"mean_absolute_percentage_error", "MeanAbsolutePercentageError", 6},
    {"mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", 6},
    {"huber", "Huber", 9},
    {"log_cosh", "LogCosh", 7},
    {"hinge", "Hinge", 6},
    {"squared_hinge", "SquaredHinge", 6},
    {"categorical_hinge", "CategoricalHinge", 5},
    {"kl_divergence", "KLDivergence", 6},
    {"poisson", "Poisson", 6},
    {"cosine_similarity", "CosineSimilarity", 8}};

TEST(Losses, AreTheseAndNoOthers) {
  std::vector<std::string> names;
  std::vector<std::string> held;
  for (const LossEntry& entry : loss_table()) names.emplace_back(entry.name);
  for (const Held& each : kLosses) held.push_back(each.name);
  EXPECT_EQ(names, held);
}

// The options that are part of a case's name.
Value::Map options_of(const std::string& name) {
  if (name.starts_with("delta_")) return {{"delta", std::stod(name.substr(6))}};
  if (name.ends_with("from_logits")) return {{"from_logits", true}};
  if (name.ends_with("_smoothed")) return {{"label_smoothing", 0.25}};
  if (name == "label_smoothing") return {{"label_smoothing", 0.1}};
  return {};
}

// The activation before the loss in a case; the golden's y_pred are then its logits.
std::string activation_of(const std::string& loss, const std::string& name) {
  const bool seen_through =
      name.find("logits") != std::string::npos && !name.ends_with("from_logits");
  if (!seen_through) return "linear";
  return loss == "binary_crossentropy" ? "sigmoid" : "softmax";
}

std::set<std::string> cases_of(const formats::Safetensors& keras, const std::string& name) {
  std::set<std::string> cases;
  for (const auto& [path, tensor] : keras.tensors) {
    if (!path.starts_with(name + "/")) continue;
    cases.insert(path.substr(name.size() + 1, path.rfind('/') - name.size() - 1));
  }
  return cases;
}

TEST(Losses, MatchKerasForwardAndBackward) {
  const formats::Safetensors keras = golden("losses");
  int all = 0;
  for (const Held& held : kLosses) {
    const std::set<std::string> cases = cases_of(keras, held.name);
    EXPECT_EQ(cases.size(), held.cases) << held.name;
    for (const std::string& each : cases) {
      const std::string place = held.name + "/" + each + "/";
      const TensorView y_true = golden_tensor(keras, place + "y_true");
      const Tensor y_pred = as_float(golden_tensor(keras, place + "y_pred"));
      const Loss loss = make_loss(held.name, options_of(each));
      const auto lower = [&](Builder& b, const Slots& in) {
        const SlotId out = Activation(activation_of(held.name, each)).lower(b, in[0]);
        const SlotId per_row = loss->lower(b, in[1], out);
        // The golden has the gradient of the sum over all values, Cornu that of their mean.
        b.add_loss({per_row, static_cast<double>(y_pred.size() / y_pred.shape().back())});
        return Slots{per_row};
      };
      const bool labels = y_true.dtype() == DType::int64;
      const Lowered run(lower, {y_pred, labels ? Tensor(y_true) : as_float(y_true)});
      if (place == "binary_crossentropy/outside/") {
        // Keras's float32 result has two correct digits here, Cornu's has all of them.
        expect_close(run.y(), golden_tensor(keras, place + "loss"), 2e-6, place);
      } else {
        expect_as_keras(run.y(), keras, place + "loss");
      }
      if (keras.find(place + "dy_pred") != nullptr) {
        expect_as_keras(run.dx(), keras, place + "dy_pred");
      } else {
        EXPECT_EQ(held.name, "cosine_similarity") << each;
      }
      ++all;
    }
  }
  std::printf("%d cases\n", all);
  EXPECT_EQ(all, 106);
}

TEST(Losses, CosineSimilarityOfOneNumberHasNoGradient) {
  const Tensor y_pred = Tensor::of<float>({2, 1}, std::vector<float>{0.5F, -3});
  const Tensor y_true = Tensor::of<float>({2, 1}, std::vector<float>{2, 1});
  const Lowered run(
      [](Builder& b, const Slots& in) {
        const SlotId per_row = CosineSimilarity()->lower(b, in[1], in[0]);
        b.add_loss({per_row});
        return Slots{per_row};
      },
      {y_pred, y_true});
  for (int64_t i : {0, 1}) EXPECT_NEAR(run.dx().at(i), 0, 1e-7);
  EXPECT_NEAR(run.y().at(0), -1, 1e-6);
  EXPECT_NEAR(run.y().at(1), 1, 1e-6);
}

TEST(Losses, HaveKerassOtherNames) {
  const std::map<std::string, std::string> others = {{"bce", "binary_crossentropy"},
                                                     {"BCE", "binary_crossentropy"},
                                                     {"kld", "kl_divergence"},
                                                     {"KLD", "kl_divergence"},
                                                     {"mae", "mean_absolute_error"},
                                                     {"MAE", "mean_absolute_error"},
                                                     {"mape", "mean_absolute_percentage_error"},
                                                     {"MAPE", "mean_absolute_percentage_error"},
                                                     {"mse", "mean_squared_error"},
                                                     {"MSE", "mean_squared_error"},
                                                     {"msle", "mean_squared_logarithmic_error"},
                                                     {"MSLE", "mean_squared_logarithmic_error"}};
  for (const auto& [other, ours] : others) EXPECT_EQ(Loss(other)->name(), ours);
  for (const Held& each : kLosses) {
    EXPECT_EQ(Loss(each.name)->name(), each.name);
    EXPECT_EQ(Loss(each.class_name)->name(), each.name);
    EXPECT_EQ(Loss(plain_name(each.name))->name(), each.name);
  }
  // Keras 3 no longer accepts these names.
  for (const char* gone : {"kullback_leibler_divergence", "cosine"}) {
    EXPECT_THROW((Loss{gone}), Error) << gone;
  }
}

TEST(Losses, CrossentropyIsTheOneThatSuitsTargetsAndOutputs) {
  const auto chosen = [](const Shape& y_true, const Shape& y_pred) {
    const Loss loss = "ce";
    EXPECT_EQ(loss->name(), "crossentropy");
    return std::string(loss.chosen(y_true, y_pred)->name());
  };
  EXPECT_EQ(chosen({kRows, 3}, {kRows, 3}), "categorical_crossentropy");
  EXPECT_EQ(chosen({kRows, 5, 3}, {kRows, 5, 3}), "categorical_crossentropy");
  for (const Shape& labels : {Shape{kRows}, Shape{kRows, 1}}) {
    EXPECT_EQ(chosen(labels, {kRows, 3}), "sparse_categorical_crossentropy");
    EXPECT_EQ(chosen(labels, {kRows, 1}), "binary_crossentropy");
  }
  EXPECT_EQ(chosen({kRows, 5}, {kRows, 5, 3}), "sparse_categorical_crossentropy");
  EXPECT_EQ(Loss("mse").chosen({kRows}, {kRows, 1})->name(), "mean_squared_error");
}

template <class F>
std::string error_of(const F& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Losses, CrossentropyTakesTheTargetsOfTheOneThatSuits) {
  const auto rule = [](const Field& y, const Shape& y_pred) {
    const Spec spec{.x = {{y_pred, {}}}, .y = {y}, .size = 2};
    const Plan plan = make_loss_plan(Loss("crossentropy"), spec, {.mode = Mode::evaluate});
    return std::pair(plan.target_rules.at(0).taker, plan.target_rules.at(0).domain);
  };
  EXPECT_EQ(rule({{1}, {}}, {1}), std::pair("loss binary_crossentropy"s, TargetDomain::unit));
  EXPECT_EQ(rule({{3}, {}}, {3}),
            std::pair("loss categorical_crossentropy"s, TargetDomain::shares));
  EXPECT_EQ(rule({{}, {.dtype = DType::uint8}}, {3}),
            std::pair("loss sparse_categorical_crossentropy"s, TargetDomain::any));
  EXPECT_THAT(error_of([&] {
                rule({{2}, {}}, {3});
              }),
              HasSubstr("loss categorical_crossentropy: the model's last layer does not fit"));
}

TEST(Losses, HaveKerassDefaultsAndKeepTheirOptions) {
  EXPECT_EQ(Huber()->config(), (Value::Map{{"delta", 1.0}}));
  EXPECT_EQ(Huber({.delta = 2})->config(), (Value::Map{{"delta", 2.0}}));
  EXPECT_EQ(BinaryCrossentropy()->config(),
            (Value::Map{{"from_logits", false}, {"label_smoothing", 0.0}}));
  EXPECT_EQ(CategoricalCrossentropy({.label_smoothing = 0.1})->config(),
            (Value::Map{{"from_logits", false}, {"label_smoothing", 0.1}}));
  EXPECT_EQ(SparseCategoricalCrossentropy({.from_logits = true})->config(),
            (Value::Map{{"from_logits", true}}));
  for (const LossEntry& entry : loss_table()) {
    const Value::Map config = entry.make({})->config();
    std::vector<std::string> names;
    for (const auto& [field, value] : config) names.push_back(field);
    EXPECT_EQ(names, entry.fields()) << entry.name;
    EXPECT_EQ(entry.make(config)->config(), config) << entry.name;
  }
}

TEST(Losses, RefuseUnknownNamesAndOptions) {
  EXPECT_EQ(error_of([] { Loss("binary_focal_crossentropy"); }),
            "loss: Keras has \"binary_focal_crossentropy\", Cornu has not. Hint: the nearest is "
            "binary_crossentropy");
  for (const char* absent :
       {"BinaryFocalCrossentropy", "categorical_focal_crossentropy", "ctc", "CTC", "dice",
        "tversky", "circle", "categorical_generalized_cross_entropy"}) {
    EXPECT_THAT(error_of([&] { Loss{absent}; }), HasSubstr("Cornu has not")) << absent;
  }
  EXPECT_THAT(error_of([] { Loss("hubert"); }),
              HasSubstr("unknown loss \"hubert\"; expected one of huber, "));
  EXPECT_THAT(error_of([] {
                make_loss("huber", {{"detla", 2}});
              }),
              HasSubstr("loss huber: unknown option \"detla\"; expected one of delta"));
  EXPECT_THAT(error_of([] {
                make_loss("sparse_categorical_crossentropy", {{"ignore_class", 0}});
              }),
              HasSubstr("unknown option \"ignore_class\""));
  for (const double delta : {0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(error_of([&] { Huber({.delta = delta}); }), HasSubstr("expected delta above 0"));
  }
  for (const double smoothing : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(error_of([&] { CategoricalCrossentropy({.label_smoothing = smoothing}); }),
                HasSubstr("loss categorical_crossentropy: expected 0 <= label_smoothing <= 1"));
    EXPECT_THAT(error_of([&] { BinaryCrossentropy({.label_smoothing = smoothing}); }),
                HasSubstr("loss binary_crossentropy: expected 0 <= label_smoothing <= 1"));
  }
}

TEST(Losses, SayHowTargetsAndOutputsFit) {
  const Field number{Shape{}, {}};
  const Field label{Shape{}, {.dtype = DType::uint8}};
  const Field three{{3}, {}};
  for (const LossEntry& entry : loss_table()) {
    if (entry.name.ends_with("crossentropy") && entry.name != "binary_crossentropy") continue;
    const Loss loss = entry.make({});
    loss->check(three, {kRows, 3});
    loss->check({{2, 3}, {}}, {kRows, 2, 3});
    loss->check(number, {kRows, 1});
    loss->check(label, {kRows, 1});
    const std::string name(entry.name);
    EXPECT_EQ(error_of([&] {
                loss->check(label, {kRows, 3});
              }),
              "loss " + name +
                  ": the targets are labels, one per sample; expected targets of shape (None, 3), "
                  "got (None,). Hint: call to_categorical(3) on the data, or end the model with "
                  "one unit");
    EXPECT_EQ(error_of([&] {
                loss->check(number, {kRows, 3});
              }),
              "loss " + name +
                  ": the model's last layer does not fit the targets; expected an output of shape "
                  "(None, 1), got (None, 3). Hint: give the last layer as many units as a sample "
                  "has targets");
    EXPECT_THAT(error_of([&] {
                  loss->check(three, {kRows, 1});
                }),
                HasSubstr("expected an output of shape (None, 3), got (None, 1)"));
    EXPECT_THAT(error_of([&] {
                  loss->check({{1}, {}}, {kRows, 3});
                }),
                HasSubstr("expected an output of shape (None, 1), got (None, 3)"));
  }
}

/// y = 2·x₀ − x₁ + 0.5 of 64 samples, with shape (64) or (64, 1).
Dataset line(bool column, bool labels) {
  Tensor x(Shape{64, 2});
  const Shape shape = column ? Shape{64, 1} : Shape{64};
  Tensor y(shape, labels ? DType::uint8 : DType::float32);
  for (int64_t i = 0; i < 64; ++i) {
    const auto at = static_cast<size_t>(i);
    const float a = static_cast<float>(i % 8) / 4 - 1;
    const float b = static_cast<float>(i / 8) / 4 - 1;
    x.span<float>()[2 * at] = a;
    x.span<float>()[2 * at + 1] = b;
    if (labels) {
      y.span<uint8_t>()[at] = a > b ? 1 : 0;
    } else {
      y.span<float>()[at] = 2 * a - b + 0.5F;
    }
  }
  return {x, y};
}

History trained(const Loss& loss, const char* last, const Dataset& data) {
  Sequential model({Dense({.units = 1, .activation = last})});
  model.compile({.optimizer = Adam({.learning_rate = 0.05}), .loss = loss});
  return model.fit(data, {.batch_size = 16, .epochs = 60, .verbose = 0});
}

TEST(Losses, TrainOnTargetsWithAndWithoutTheirOwnAxis) {
  for (const Loss& loss : {Loss("mse"), Loss(Huber({.delta = 0.5})), Loss("log_cosh")}) {
    const History flat = trained(loss, "linear", line(false, false));
    const History column = trained(loss, "linear", line(true, false));
    EXPECT_LT(flat.last()["loss"], 1e-3) << loss->name();
    EXPECT_EQ(flat["loss"], column["loss"]) << loss->name();
  }
  for (const Loss& loss : {Loss("bce"), Loss("hinge"), Loss("squared_hinge")}) {
    const bool crossentropy = loss->name() == "binary_crossentropy";
    const char* last = crossentropy ? "sigmoid" : "linear";
    const History flat = trained(loss, last, line(false, true));
    const History column = trained(loss, last, line(true, true));
    EXPECT_LT(flat.last()["loss"], 0.5 * flat["loss"][0]) << loss->name();
    EXPECT_EQ(flat["loss"], column["loss"]) << loss->name();
  }
}

}  // namespace losses_test
}  // namespace cornu::inline v0
