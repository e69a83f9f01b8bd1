#include "cornu/cli/net_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cornu/cli/call_text.h"
#include "cornu/initializers/constant.h"
#include "cornu/layers/rescaling.h"
#include "cornu/models/register_parts.h"
#include "cornu/report/test_folder_test.h"
#include "cornu/schedules/exponential_decay.h"

namespace cornu::inline v0::cli {
namespace net_text_test {

using testing::HasSubstr;
using testing::StartsWith;

Value config(const Layer& layer) {
  return layer.description().config();
}

// The error for a text that cannot be read, with its caret.
std::string complaint(std::string_view text) {
  try {
    layers_from_text(text);
  } catch (const CallTextError& error) {
    return std::string(error.what()) + "\n" + error.caret();
  }
  return "no error";
}

TEST(NetText, ReadsTheTutorialsNetwork) {
  const auto layers =
      layers_from_text("flatten, dense(64, activation=sigmoid), dense(10, activation=softmax)");
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[0].type(), "Flatten");
  EXPECT_EQ(layers[1].type(), "Dense");
  EXPECT_EQ(config(layers[1])["units"].as_int(), 64);
  EXPECT_EQ(config(layers[1])["activation"].as_string(), "sigmoid");
  EXPECT_EQ(config(layers[2])["units"].as_int(), 10);
  EXPECT_EQ(config(layers[2])["activation"].as_string(), "softmax");
}

TEST(NetText, TakesTwoArgumentsInTheOrderOfTheFields) {
  const auto layers = layers_from_text("dense(64, relu, use_bias=false)");
  EXPECT_EQ(config(layers[0])["units"].as_int(), 64);
  EXPECT_EQ(config(layers[0])["activation"].as_string(), "relu");
  EXPECT_FALSE(config(layers[0])["use_bias"].as_bool());
}

TEST(NetText, KeysComeInAnyOrder) {
  const auto layers = layers_from_text("dense(activation=tanh, units=3, name=last.one)");
  EXPECT_EQ(config(layers[0])["units"].as_int(), 3);
  EXPECT_EQ(layers[0].name(), "last.one");
}

TEST(NetText, ReadsTuplesAndNumbers) {
  const auto layers = layers_from_text("input_layer((28, 28,)), dropout(+2.5e-1), dropout(.5)");
  EXPECT_EQ(config(layers[0])["shape"], Value(Value::List{28, 28}));
  EXPECT_EQ(config(layers[1])["rate"].as_double(), 0.25);
  EXPECT_EQ(config(layers[2])["rate"].as_double(), 0.5);
}

TEST(NetText, SpacesAndLinesDoNotMatter) {
  const auto layers = layers_from_text(" \n flatten( ) ,dense ( 64 ,activation = relu )\t");
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(config(layers[1])["activation"].as_string(), "relu");
}

TEST(NetText, PointsAtAnUnknownLayerAndListsTheNearestFirst) {
  EXPECT_THAT(complaint("flatten, dens(64)"),
              StartsWith("--net, column 10: unknown layer \"dens\"; expected one of dense, "));
  EXPECT_THAT(complaint("flatten, dens(64)"), HasSubstr("\n  flatten, dens(64)\n           ^"));
}

TEST(NetText, UnderscoresMayBeLeftOut) {
  for (const char* each : {"prelu", "p_re_lu", "p_relu"}) {
    EXPECT_EQ(layers_from_text(each).at(0).type(), "PReLU") << each;
  }
  EXPECT_EQ(layers_from_text("input(784)").at(0).type(), "InputLayer");
  EXPECT_EQ(layers_from_text("leaky_relu").at(0).type(), "LeakyReLU");
  EXPECT_EQ(layers_from_text("layernormalization").at(0).type(), "LayerNormalization");
}

TEST(NetText, TheNameOfAnActivationIsNoLayer) {
  EXPECT_THAT(complaint("flatten, sigmoid"),
              StartsWith("--net, column 10: unknown layer \"sigmoid\". Hint: activation(sigmoid) "
                         "is a layer"));
}

TEST(NetText, NamesAreAsKerasHasThemOrInSmallLetters) {
  const auto layers = layers_from_text(
      "Flatten(), layers.Dense(64, LeakyReLU(0.25)), keras.layers.BatchNormalization(), "
      "tf.keras.layers.PReLU, Dense(10, activation='softmax')");
  std::vector<std::string> types;
  for (const Layer& each : layers) types.emplace_back(each.type());
  EXPECT_THAT(types,
              testing::ElementsAre("Flatten", "Dense", "BatchNormalization", "PReLU", "Dense"));
  EXPECT_EQ(layers_from_text("tf.keras.layers.PReLU").at(0).type(), "PReLU");
  EXPECT_EQ(optimizer_from_text("keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay("
                                "0.5, 10))")
                ->name(),
            optimizer_from_text("adam")->name());
  EXPECT_EQ(loss_from_text("losses.Huber(delta=2)")->name(), loss_from_text("huber")->name());
  // A value alone may be a path.
  EXPECT_EQ(config(layers_from_text("dense(1, name=layers.first)").at(0))["name"],
            Value("layers.first"));
  EXPECT_THAT(complaint("flatten, Dens(64)"),
              HasSubstr("column 10: unknown layer \"Dens\"; expected one of dense, "));
  EXPECT_THAT(complaint("flatten, dense 64"),
              HasSubstr("column 16: expected a comma or the end, got \"64\". Hint: arguments stand "
                        "in brackets: dense(64)"));
  EXPECT_THAT(
      complaint("flatten dense(64)"),
      HasSubstr("column 9: expected a comma or the end, got \"dense\". Hint: a comma stands "
                "behind flatten"));
  EXPECT_THAT(complaint("flatten, nn.Dense(64)"),
              HasSubstr("column 10: unknown layer \"nn.Dense\". Hint: its name is Dense here"));
}

TEST(NetText, ReadsRegisteredPartsWithTheirOptions) {
  register_layer("TimesTen",
                 [](const Value::Map& given) {
                   return Rescaling({.scale = 10, .offset = Value(given)["offset"].as_double()});
                 },
                 {"offset"});
  register_initializer("filled_with",
                       [](const Value::Map& given) {
                         return Constant({.value = Value(given)["value"].as_double()});
                       },
                       {"value"});
  for (const std::string name : {"times_ten", "timesten"}) {
    const auto layers = layers_from_text(name + "(3), dense(2, kernel_initializer=filled_with(5))");
    ASSERT_EQ(layers.size(), 2U);
    EXPECT_EQ(config(layers[0])["offset"].as_double(), 3);
    EXPECT_EQ(config(layers[1])["kernel_initializer"]["config"]["value"].as_double(), 5);
  }
  EXPECT_THAT(complaint("times_tem(3)"), HasSubstr("times_ten"));
  EXPECT_THAT(complaint("times_ten(offest=3)"), HasSubstr("unknown option \"offest\""));
}

TEST(NetText, PointsAtTheOptionThatDoesNotExist) {
  const std::string said = complaint("dense(64, activatoin=relu)");
  EXPECT_THAT(said, StartsWith("--net, column 11: dense: unknown option \"activatoin\"; expected "
                               "one of activation, "));
  EXPECT_THAT(said, HasSubstr("\n            ^"));
}

TEST(NetText, PointsAtTheValueThatIsWrong) {
  EXPECT_THAT(complaint("dense(64, activation=rellu)"),
              HasSubstr("column 22: Dense: activation: unknown activation \"rellu\"; expected "
                        "one of relu, "));
  EXPECT_THAT(complaint("dense(6.5)"),
              HasSubstr("column 7: Dense: units: expected a whole number"));
  EXPECT_THAT(complaint("flatten, dense(0)"), HasSubstr("column 16: Dense: expected units > 0"));
  EXPECT_THAT(complaint("dropout(rate=1.5)"), HasSubstr("column 14: Dropout: "));
  EXPECT_THAT(complaint("rescaling(2, offset=1e400)"), HasSubstr("column 21: expected a number"));
  EXPECT_THAT(complaint("dense(4, kernel_regularizer=l2(l2=-1))"),
              HasSubstr("column 29: Dense: kernel_regularizer: expected l2 of 0 or more"));
  EXPECT_THAT(complaint("dense()"), HasSubstr("column 1: Dense: expected units > 0, got 0"));
}

TEST(NetText, RefusesArgumentsInTheWrongPlace) {
  EXPECT_THAT(complaint("dense(64, units=3)"), HasSubstr("column 11: dense: units is given twice"));
  EXPECT_THAT(complaint("dense(units=3, relu)"),
              HasSubstr("column 16: an argument without a name follows one with a name"));
  EXPECT_THAT(complaint("dense(3, relu, true)"),
              HasSubstr("column 16: dense takes 2 without a name"));
  EXPECT_THAT(complaint("flatten(3)"), HasSubstr("column 9: flatten takes no argument"));
}

TEST(NetText, SaysWhatItExpectedWhereTheTextBreaks) {
  EXPECT_THAT(complaint(""), HasSubstr("column 1: expected a layer, such as dense(64"));
  EXPECT_THAT(complaint("flatten,"), HasSubstr("column 9: expected a layer"));
  EXPECT_THAT(complaint("flatten,,"), HasSubstr("column 9: expected a layer"));
  EXPECT_THAT(complaint("flatten dense"), HasSubstr("expected a comma or the end, got \"dense\""));
  EXPECT_THAT(complaint("dense(64"), HasSubstr("column 9: expected a comma or ), got the end"));
  EXPECT_THAT(complaint("dense(64,)"), HasSubstr("column 10: expected a value, got \")\""));
  EXPECT_THAT(complaint("dense(64))"), HasSubstr("column 10: expected a comma or the end"));
  EXPECT_THAT(complaint("dense(6x)"), HasSubstr("column 7: expected a number or a name, got 6x"));
  EXPECT_THAT(complaint("dropout(1e999)"), HasSubstr("column 9: expected a number of float64"));
  EXPECT_THAT(complaint("\"dense\"(3)"), HasSubstr("got a quote. Hint: only values may stand in"));
  EXPECT_THAT(complaint("dense(3, 'relu)"),
              HasSubstr("column 10: the quote is not closed; expected '"));
  EXPECT_THAT(complaint("dense(3, ~/x)"), HasSubstr("got \"~\". Hint: the shell replaces ~ only"));
  EXPECT_THAT(complaint("input_layer([2, 3)"), HasSubstr("column 18: expected a comma or ]"));
}

TEST(NetText, AValueMayStandInQuotes) {
  const auto layers = layers_from_text(
      "dense(3, activation=\"relu\", name='first layer'), dropout(0.5, name=\"it's\")");
  EXPECT_EQ(config(layers[0])["activation"].as_string(), "relu");
  EXPECT_EQ(config(layers[0])["name"].as_string(), "first layer");
  EXPECT_EQ(config(layers[1])["name"].as_string(), "it's");
  EXPECT_EQ(Value(optimizer_from_text("sgd(0.1, use_ema=True, clipnorm=None)")->config())["use_ema"]
                .as_bool(),
            true);
  EXPECT_THROW(loss_from_text("categorical_crossentropy(from_logits=\"true\")"), Error);
}

TEST(NetText, AListIsATuple) {
  EXPECT_EQ(config(layers_from_text("input_layer([28, 28])")[0])["shape"],
            Value(Value::List{28, 28}));
}

TEST(NetText, ColumnsCountCharactersNotBytes) {
  const std::string said = complaint("flatten, é");
  EXPECT_THAT(said, HasSubstr("column 10: expected a layer"));
  EXPECT_THAT(said, HasSubstr("\n  flatten, é\n           ^"));
}

TEST(NetText, NeverCommandsTheTerminal) {
  const std::string said = complaint("dense(\x1b[31m\xff)");
  EXPECT_EQ(said.find('\x1b'), std::string::npos);
  EXPECT_EQ(said.find('\xff'), std::string::npos);
  EXPECT_THAT(said, HasSubstr("\n  dense(?[31m?)\n        ^"));
}

TEST(NetText, ShowsTheNeighbourhoodOfAColumnInALongText) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "dense(64), ";
  const std::string said = complaint(text + "wrong, " + text + "flatten");
  EXPECT_THAT(said, HasSubstr("column 551: unknown layer \"wrong\""));
  const std::string line = said.substr(said.find('\n') + 1);
  EXPECT_LT(line.size(), 220U);
  EXPECT_THAT(line, HasSubstr("wrong"));
}

// A message may name several options, or one within a longer word; the error's field is the right
// one.
TEST(NetText, PointsAtTheOptionThatTheErrorNames) {
  EXPECT_THAT(complaint("re_lu(threshold=2, max_value=1)"),
              HasSubstr("column 30: ReLU: expected max_value above threshold"));
  EXPECT_THAT(complaint("leaky_re_lu(-1)"), HasSubstr("column 13: LeakyReLU: "));
  EXPECT_THAT(complaint("embedding(10, 0)"), HasSubstr("column 15: Embedding: "));
  EXPECT_THAT(complaint("layer_normalization(epsilon=0)"), HasSubstr("column 29: "));
  EXPECT_THAT(complaint("batch_normalization(epsilon=0.1, momentum=2)"), HasSubstr("column 43: "));
}

TEST(NetText, IsLimitedInLengthAndDepth) {
  EXPECT_THROW(layers_from_text(std::string(20'001, ' ')), Error);
  EXPECT_THAT(complaint("dense(" + std::string(5'000, '(')), HasSubstr("nested too deeply"));
  std::string deep;
  for (int i = 0; i < 2'000; ++i) deep += "a(b=";
  EXPECT_THAT(complaint(deep), HasSubstr("nested too deeply"));
  EXPECT_THAT(complaint(std::string(65, 'a')), HasSubstr("at most 64 characters"));
  std::string many = "flatten";
  for (int i = 0; i < 1'000; ++i) many += ",flatten";
  EXPECT_THAT(complaint(many), HasSubstr("too many of them"));
}

TEST(NetText, ReadsAnOptimizerWithItsOptions) {
  EXPECT_EQ(optimizer_from_text("adam")->learning_rate(), 0.001);
  EXPECT_EQ(optimizer_from_text("adam(0.01)")->learning_rate(), 0.01);
  const Optimizer sgd = optimizer_from_text("sgd(learning_rate=0.5)");
  EXPECT_EQ(sgd->name(), "sgd");
  EXPECT_EQ(sgd->learning_rate(), 0.5);
}

TEST(NetText, PointsAtAMistakeInAnOptimizer) {
  const auto said = [](std::string_view text) -> std::string {
    try {
      optimizer_from_text(text);
    } catch (const CallTextError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(said("adm"), HasSubstr("--optimizer, column 1: unknown optimizer \"adm\"; expected "
                                     "one of adam"));
  EXPECT_THAT(said("adam(lr=1)"), HasSubstr("column 6: adam: unknown option \"lr\""));
  EXPECT_THAT(said("adam(0.01, beta_1=2)"), HasSubstr("column 19: Adam: "));
  EXPECT_THAT(said("adam, sgd"), HasSubstr("column 5: expected the end"));
}

TEST(NetText, ReadsALossWithItsOptionsAndWritesItAgain) {
  EXPECT_EQ(text_of(loss_from_text("mse")), "mean_squared_error");
  EXPECT_EQ(text_of(loss_from_text("MeanSquaredError()")), "mean_squared_error");
  EXPECT_EQ(text_of(loss_from_text("huber(1)")), "huber");
  EXPECT_EQ(text_of(loss_from_text("huber(delta=2)")), "huber(delta=2)");
  EXPECT_EQ(loss_from_text("huber(0.5)")->config(), (Value::Map{{"delta", 0.5}}));
  const std::string both = "categorical_crossentropy(from_logits=true, label_smoothing=0.1)";
  EXPECT_EQ(text_of(loss_from_text(both)), both);
}

TEST(NetText, PointsAtAMistakeInALoss) {
  const auto said = [](std::string_view text) -> std::string {
    try {
      loss_from_text(text);
    } catch (const CallTextError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(said("mxe"), HasSubstr("--loss, column 1: unknown loss \"mxe\"; expected one "
                                     "of "));
  EXPECT_THAT(said("dice"), HasSubstr("column 1: Keras has \"dice\", Cornu has not"));
  EXPECT_THAT(said("huber(detla=1)"), HasSubstr("column 7: huber: unknown option \"detla\""));
  EXPECT_THAT(said("huber(delta=-1)"), HasSubstr("column 13: loss huber: expected delta above 0"));
  EXPECT_THAT(said("mse, mae"), HasSubstr("column 4: expected the end"));
}

template <class F>
std::string complaint_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NetText, TakesCallsAsValues) {
  const auto layers = layers_from_text(
      "dense(4, kernel_initializer=random_normal(stddev=0.5), kernel_regularizer=l2(l2=0.25), "
      "bias_regularizer=l1)");
  const Value of = config(layers[0]);
  EXPECT_EQ(of["kernel_initializer"]["config"]["stddev"].as_double(), 0.5);
  EXPECT_EQ(of["kernel_regularizer"]["config"]["l2"].as_double(), 0.25);
  EXPECT_EQ(of["bias_regularizer"]["class_name"].as_string(), "l1");
  const Optimizer optimizer = optimizer_from_text(
      "sgd(learning_rate=exponential_decay(initial_learning_rate=0.5, decay_steps=10, "
      "decay_rate=0.5), momentum=0.9)");
  EXPECT_EQ(optimizer->learning_rate(),
            LearningRate(ExponentialDecay(
                {.initial_learning_rate = 0.5, .decay_steps = 10, .decay_rate = 0.5})));
  EXPECT_THAT(
      complaint("dense(4, kernel_regularizer=l3)"),
      StartsWith("--net, column 29: Dense: kernel_regularizer: unknown regularizer \"l3\""));
}

TEST(NetText, ReadsALayerAsAnActivation) {
  const auto layers = layers_from_text("dense(4, activation=leaky_relu(0.2))");
  EXPECT_EQ(config(layers[0])["activation"],
            Value(Value::Map{{"class_name", "LeakyReLU"},
                             {"config", Value::Map{{"negative_slope", 0.2}}}}));
  EXPECT_THAT(complaint("dense(4, activation=prelu())"),
              HasSubstr("a PReLU has weights, which an activation cannot have"));
}

TEST(MetricsText, ReadsNamesWithOptions) {
  const auto metrics = metrics_from_text(
      "accuracy, precision(thresholds=0.3, name=p), mae, top_k_categorical_accuracy(k=2)");
  std::vector<std::string> names;
  for (const Metric& metric : metrics) names.emplace_back(metric->name());
  EXPECT_EQ(names,
            (std::vector<std::string>{"accuracy", "p", "mae", "top_k_categorical_accuracy"}));
  EXPECT_EQ(Value(metrics[3]->config())["k"].as_int(), 2);
  EXPECT_TRUE(metrics_from_text("").empty());
  EXPECT_TRUE(metrics_from_text("  ").empty());
  const auto losses = metrics_from_text("mape, binary_crossentropy(label_smoothing=0.1), kld");
  EXPECT_EQ(losses[0]->name(), "mape");
  EXPECT_EQ(Value(losses[1]->config())["label_smoothing"].as_double(), 0.1);
  EXPECT_EQ(losses[2]->kind(), "kl_divergence");
  EXPECT_EQ(Value(metrics_from_text("recall(thresholds=[0.3])")[0]->config())["thresholds"],
            Value(0.3));
  EXPECT_THAT(complaint_of([] { metrics_from_text("mse, recall(thresholds=[0.3, 0.7])"); }),
              StartsWith("--metrics, column 24: recall: a metric is one number"));
  EXPECT_THAT(complaint_of([] { metrics_from_text("accuracy, acuracy"); }),
              StartsWith("--metrics, column 11: unknown metric \"acuracy\""));
  EXPECT_THAT(complaint_of([] { metrics_from_text("auc(curve=XY)"); }),
              StartsWith("--metrics, column 11: AUC: unknown curve"));
}

TEST(CallbacksText, ReadsThoseWithoutFunctions) {
  EXPECT_EQ(callbacks_from_text("early_stopping(patience=3, restore_best_weights=true), "
                                "csv_logger(log.csv, append=true), terminate_on_nan, "
                                "reduce_lr_on_plateau(factor=0.5)")
                .size(),
            4U);
  EXPECT_THAT(complaint_of([] { callbacks_from_text("csv_logger"); }),
              StartsWith("--callback, column 1: csv_logger: expected a filename, got none"));
  EXPECT_EQ(callbacks_from_text("model_checkpoint(\"{epoch:02d}-{val_loss:.2f}.keras\", "
                                "save_best_only=true, save_freq=epoch), backup_and_restore(b, 5)")
                .size(),
            2U);
  EXPECT_THAT(complaint_of([] { callbacks_from_text("model_checkpoint(a.keras, save_freq=0)"); }),
              HasSubstr("save_freq: expected \"epoch\" or a number of steps of 1 or more"));
  EXPECT_THAT(complaint_of([] { callbacks_from_text("backup_and_restore"); }),
              HasSubstr("BackupAndRestore: expected the name of a folder, got none"));
  EXPECT_THAT(complaint_of([] { callbacks_from_text("early_stop"); }),
              StartsWith("--callback, column 1: unknown callback \"early_stop\"; expected one of "
                         "early_stopping, "));
  EXPECT_THAT(
      complaint_of([] { callbacks_from_text("RemoteMonitor"); }),
      StartsWith("--callback, column 1: Keras has \"RemoteMonitor\", Cornu has not. Hint: the "
                 "nearest is csv_logger"));
  EXPECT_EQ(callbacks_from_text("TensorBoard(logs, update_freq=batch), tensor_board(update_freq=7)")
                .size(),
            2U);
  EXPECT_THAT(complaint_of([] { callbacks_from_text("tensor_board(update_freq=0)"); }),
              HasSubstr("tensor_board: update_freq: expected \"epoch\", \"batch\" or a number"));
  EXPECT_EQ(callbacks_from_text("EarlyStopping(patience=3)").size(), 1U);
  EXPECT_THAT(complaint_of([] { callbacks_from_text("reduce_lr_on_plateau(factor=2)"); }),
              HasSubstr("factor"));
}

TEST(CallbacksText, TakesAnyPathOfALog) {
  const auto written = [](const std::string& text) {
    const TestFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.file(""));
    std::filesystem::create_directories("deep/er");
    const Callbacks callbacks = callbacks_from_text(text);
    const History history;
    EpochRecord record;
    record.logs.set("loss", 0.5);
    record.logs.set("accuracy", 0.25);
    callbacks.at(0)->on_train_begin();
    callbacks.at(0)->on_epoch_end(record, history);
    callbacks.at(0)->on_train_end(history);
    std::string found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(".")) {
      if (each.is_regular_file()) found += each.path().string() + ": " + folder.text(each.path());
    }
    std::filesystem::current_path(before);
    return found;
  };
  constexpr const char* kLog = ": epoch,loss,accuracy\n0,0.5,0.25\n";
  for (const auto& [text, path] : std::initializer_list<std::pair<const char*, const char*>>{
           {"./x.csv", "./x.csv"},
           {"2024.csv", "./2024.csv"},
           {"2024-11-28.csv", "./2024-11-28.csv"},
           {"deep/er/1.csv", "./deep/er/1.csv"},
           {"'a b, (c)=d.csv'", "./a b, (c)=d.csv"},
           {"\"größe \\\"1\\\".csv\"", "./größe \"1\".csv"}}) {
    EXPECT_EQ(written("csv_logger(" + std::string(text) + ")"), path + std::string(kLog)) << text;
  }
  EXPECT_EQ(written("csv_logger(x.csv, separator=\";\")"),
            "./x.csv: epoch;loss;accuracy\n0;0.5;0.25\n");
  EXPECT_EQ(written("csv_logger(x.csv, '\\t')"), "./x.csv: epoch\tloss\taccuracy\n0\t0.5\t0.25\n");
  const std::string far(300, 'x');
  EXPECT_EQ(callbacks_from_text("csv_logger(/tmp/" + far + ".csv)").size(), 1U);
}

TEST(ClassWeightText, ReadsClassesWithWeights) {
  EXPECT_EQ(class_weight_from_text("0:0.5,13:2"), (ClassWeight{{0, 0.5}, {13, 2}}));
  EXPECT_TRUE(class_weight_from_text("").empty());
  for (const char* bad :
       {"0", ":1", "0:", "a:1", "0:-1", "0:nan", "0:inf", "-1:1", "0:1x", "0 :1", "0:1,,"}) {
    EXPECT_THAT(complaint_of([&] { class_weight_from_text(bad); }),
                StartsWith("--class-weight: expected classes with weights of 0 or more"))
        << bad;
  }
  EXPECT_EQ(complaint_of([] { class_weight_from_text("3:1,3:2"); }),
            "--class-weight: class 3 is given twice.");
}

}  // namespace net_text_test
}  // namespace cornu::inline v0::cli
