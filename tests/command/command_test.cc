#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cornu/core/version.h"
#include "cornu/formats/json.h"
#include "cornu/kernels/table.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace command_test {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kShort = "cornu train digits --epochs 2 --verbose 0 --out run ";

class Command : public CommandTest {
 protected:
};

std::vector<std::string> keys(const Value& map) {
  std::vector<std::string> names;
  for (const auto& [key, value] : map.as_map()) names.push_back(key);
  return names;
}

// The report predicts the very samples that validated: it counts the accuracy of the last epoch.
void expect_reported(const Value& run, const std::string& report) {
  const double accuracy = run["epochs"].as_list().back()["val_accuracy"].as_double();
  EXPECT_THAT(report, HasSubstr("<dt>Accuracy</dt><dd>" + fixed(100 * accuracy, 2) + " %</dd>"));
}

TEST_F(Command, PrintsItsVersion) {
  const Outcome outcome = shell_.run("cornu --version");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "cornu " CORNU_VERSION "\n");
}

TEST_F(Command, EveryVerbInTheHelpHasItsOwnHelp) {
  const Outcome help = shell_.run("cornu --help");
  EXPECT_EQ(help.status, 0);
  std::istringstream lines(help.out);
  int verbs = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string command, verb;
    words >> command >> verb;
    // The verbs are listed before the first line about all of them.
    if (verb == "VERB") break;
    if (command != "cornu" || !line.starts_with("  ")) continue;
    ++verbs;
    const Outcome own = shell_.run("cornu " + verb + " --help");
    EXPECT_EQ(own.status, 0);
    EXPECT_THAT(own.out, HasSubstr("Usage: cornu " + verb));
    EXPECT_THAT(own.out, HasSubstr("Examples:\n  cornu " + verb));
  }
  EXPECT_EQ(verbs, 13);
}

TEST_F(Command, HelpPrintsTheTextOfTheHelpOption) {
  EXPECT_EQ(shell_.run("cornu help").out, shell_.run("cornu --help").out);
  EXPECT_EQ(shell_.run("cornu help predict").out, shell_.run("cornu predict --help").out);
  EXPECT_THAT(shell_.run("cornu help own-data").out, HasSubstr("    int main() {\n"));
  EXPECT_EQ(shell_.run("cornu help predcit").status, 2);
}

TEST_F(Command, ListShowsTheWordsThatOptionsTake) {
  EXPECT_THAT(shell_.run("cornu list losses").out, HasSubstr("\n  huber(delta=1)\n"));
  EXPECT_EQ(shell_.run("cornu list loss").out, shell_.run("cornu list losses").out);
  const Value all = json("cornu list --json");
  EXPECT_THAT(keys(all),
              ElementsAre("layers", "activations", "initializers", "regularizers", "losses",
                          "metrics", "optimizers", "schedules", "callbacks", "datasets"));
  const Value dense = json("cornu list layers --json").as_list()[1];
  EXPECT_THAT(keys(dense), ElementsAre("name", "arguments"));
  EXPECT_THAT(keys(dense["arguments"].as_list()[0]), ElementsAre("name", "required"));
  EXPECT_THAT(keys(dense["arguments"].as_list()[1]), ElementsAre("name", "required", "default"));
  for (const std::string line : {"cornu list", "cornu list optimizers"}) {
    std::istringstream lines(shell_.run("COLUMNS=60 " + line).out);
    for (std::string each; std::getline(lines, each);) EXPECT_LE(each.size(), 76U) << each;
  }
}

TEST_F(Command, TrainWritesLogsForTensorBoardWhereItIsAskedTo) {
  const std::string train = "cornu train digits --epochs 2 --batch-size 500 ";
  const Outcome own = shell_.run(train + "--verbose 2 --out run --tensorboard");
  EXPECT_EQ(own.status, 0) << own.err;
  EXPECT_THAT(own.out, HasSubstr("\n    tensorboard --logdir run/tensorboard\n"));
  EXPECT_EQ(json("cat run/run.json")["settings"]["tensorboard"], Value("run/tensorboard"));
  const std::string list = "ls run/tensorboard/train run/tensorboard/validation | grep -c events";
  EXPECT_EQ(shell_.run(list).out, "2\n");
  // An earlier run's would be shown beside it.
  const Outcome again = shell_.run(train + "--verbose 0 --out run --overwrite --tensorboard=");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(shell_.run(list).out, "2\n");
  EXPECT_EQ(shell_.run(train + "--verbose 0 --out other --tensorboard logs --json").status, 0);
  EXPECT_EQ(shell_.run("ls other/tensorboard").status, 2);
  EXPECT_EQ(shell_.run("ls logs").out, "train\nvalidation\n");
}

TEST_F(Command, ADataSetsNameMayBeInCapitals) {
  EXPECT_EQ(json("cornu train DIGITS --epochs 1 --verbose 0 --json")["dataset"].as_string(),
            "digits");
}

TEST_F(Command, TrainsAndProposesCommandsThatWorkAsPasted) {
  const Outcome outcome =
      shell_.run("cornu train digits --epochs 3 --minimum-work 0 --out \"it's mine\"");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("(4000, 20, 20) (4000,) (1000, 20, 20) (1000,)"));
  EXPECT_THAT(outcome.out, HasSubstr("Total params: 26,314"));
  EXPECT_THAT(outcome.out, HasSubstr("val_accuracy: 0.7"));
  EXPECT_THAT(outcome.err, HasSubstr("Train on 4000 samples, validate on 1000 samples\nEpoch 1/3"));
  std::istringstream lines(outcome.out.substr(outcome.out.find("Go on with:")));
  int proposed = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    ")) continue;
    ++proposed;
    const Outcome next = shell_.run(line);
    EXPECT_EQ(next.status, 0) << line << "\n" << next.err;
  }
  EXPECT_EQ(proposed, 3);
}

TEST_F(Command, TrainPrintsTheDocumentOfTheRunAndNothingElse) {
  const Outcome outcome = shell_.run(std::string(kShort) + "--json --seed 5 --threads 2");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, shell_.text("run/run.json"));
  EXPECT_EQ(outcome.err, "");
  const Value run = formats::read_json(outcome.out, "run");
  EXPECT_THAT(keys(run), ElementsAre("status", "dataset", "samples", "epochs", "seconds", "threads",
                                     "team", "target", "seed", "shards", "weights_sha256",
                                     "data_sha256", "run_dir", "versions", "settings"));
  EXPECT_EQ(run["status"].as_string(), "done");
  EXPECT_EQ(run["seed"].as_int(), 5);
  EXPECT_EQ(run["samples"]["validation"].as_int(), 1000);
  ASSERT_EQ(run["epochs"].as_list().size(), 2U);
  EXPECT_THAT(keys(run["epochs"].as_list()[1]),
              ElementsAre("loss", "accuracy", "val_loss", "val_accuracy", "seconds"));
  EXPECT_EQ(run["settings"]["scaling"].as_string(), "divided by 255");
  EXPECT_EQ(run["settings"]["labels"].as_string(), "one-hot");
  for (const char* file : {"history.json", "history.csv", "curves.svg", "curves.png",
                           "confusion.svg", "confusion.png", "report.html", "model.keras"}) {
    EXPECT_TRUE(std::filesystem::exists(shell_.file("run") + "/" + file)) << file;
  }
  expect_reported(run, shell_.text("run/report.html"));
}

TEST_F(Command, TheSameSeedGivesTheSameWeightsOnAnyThreadsAndTarget) {
  const std::string train = "cornu train digits --epochs 1 --verbose 0 --json --minimum-work 0 ";
  const Value one = json(train + "--threads 1");
  const Value three = json(train + "--threads 3 --target portable");
  EXPECT_EQ(one["threads"].as_int(), 1);
  EXPECT_EQ(three["threads"].as_int(), 3);
  EXPECT_EQ(three["target"].as_string(), "portable");
  EXPECT_EQ(one["weights_sha256"].as_string(), three["weights_sha256"].as_string());
  EXPECT_NE(one["weights_sha256"].as_string(),
            json(train + "--seed 1")["weights_sha256"].as_string());
}

TEST_F(Command, ValidationSplitLeavesTheTestPartAlone) {
  const Outcome outcome =
      shell_.run("cornu train digits --epochs 2 --verbose 2 --out run --validation-split 0.25");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("The last 25.00 % of the training samples validate; the test "
                                     "part is not used."));
  const Value run = formats::read_json(shell_.text("run/run.json"), "run.json");
  EXPECT_EQ(run["samples"]["train"].as_int(), 3000);
  EXPECT_EQ(run["samples"]["validation"].as_int(), 1000);
  expect_reported(run, shell_.text("run/report.html"));
}

TEST_F(Command, IntegerLabelsGoWithTheSparseLoss) {
  const Value run = json(std::string(kShort) + "--json --loss sparse_categorical_crossentropy");
  EXPECT_EQ(run["settings"]["labels"].as_string(), "integer");
  const Value one_hot = json("cornu train digits --epochs 2 --verbose 0 --json");
  EXPECT_NEAR(run["epochs"].as_list()[1]["loss"].as_double(),
              one_hot["epochs"].as_list()[1]["loss"].as_double(), 1e-3);
}

TEST_F(Command, EvaluateAndPredictPrintDocuments) {
  ASSERT_EQ(shell_.run(kShort).status, 0);
  const Value evaluated = json("cornu evaluate run digits --json");
  EXPECT_THAT(keys(evaluated), ElementsAre("samples", "loss", "accuracy", "seconds"));
  const Value run = formats::read_json(shell_.text("run/run.json"), "run.json");
  EXPECT_EQ(evaluated["samples"].as_int(), 1000);
  EXPECT_EQ(evaluated["accuracy"], run["epochs"].as_list()[1]["val_accuracy"]);
  const Value predicted = json("cornu predict run/model.keras digits --first 7 --top 2 --json");
  ASSERT_EQ(predicted.as_list().size(), 7U);
  const Value& last = predicted.as_list()[6];
  EXPECT_THAT(keys(last), ElementsAre("sample", "class", "label", "probability", "top"));
  EXPECT_EQ(last["sample"].as_int(), 6);
  ASSERT_EQ(last["top"].as_list().size(), 2U);
  EXPECT_EQ(last["top"].as_list()[0]["class"], last["class"]);
  EXPECT_GE(last["probability"].as_double(), last["top"].as_list()[1]["probability"].as_double());
}

TEST_F(Command, PredictDrawsTheDigitsWithoutColourInAPipe) {
  ASSERT_EQ(shell_.run(kShort).status, 0);
  const Outcome outcome = shell_.run("cornu predict run digits --first 5");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("█"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(outcome.out, HasSubstr(" of 5 right\n"));
  const Outcome ascii = shell_.run("LANG=C cornu predict run digits --first 5");
  EXPECT_THAT(ascii.out, Each(testing::Lt('\x7f')));
  EXPECT_THAT(ascii.out, Each(testing::Ge('\n')));
}

TEST_F(Command, ShowDrawsTheMapsOfAConvolution) {
  const std::string net =
      "--net 'reshape((20,20,1)), conv2d(4, 3, name=edges), flatten, dense(10, "
      "activation=softmax)' ";
  ASSERT_EQ(shell_.run(kShort + net).status, 0);
  const Outcome drawn = shell_.run("cornu show run digits --sample 3 -o maps.svg --layers edges");
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_EQ(drawn.out, "picture: maps.svg\n");
  EXPECT_THAT(shell_.text("maps.svg"), HasSubstr("<svg"));
  EXPECT_EQ(shell_.run("cornu show run digits && test -s maps.png").status, 0);

  const Outcome beyond = shell_.run("cornu show run digits --sample 1000");
  EXPECT_EQ(beyond.status, 2);
  EXPECT_THAT(beyond.err, HasSubstr("--sample: expected below 1000, the samples of that part"));
  EXPECT_THAT(shell_.run("cornu show run digits --layers edge").err, HasSubstr("one of edges"));
  EXPECT_THAT(shell_.run("cornu show run maps.png").err,
              HasSubstr("maps.png: does not fit the model"));
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --verbose 0 --out dense").status, 0);
  EXPECT_THAT(shell_.run("cornu show dense digits").err,
              HasSubstr("expected a network with layers whose outputs are images"));
}

TEST_F(Command, SummaryAndExplainNeedTheModelFileAlone) {
  ASSERT_EQ(shell_.run(kShort).status, 0);
  EXPECT_THAT(shell_.run("cornu summary run").out, HasSubstr("dense_1 (Dense)"));
  const Value summary = json("cornu summary run --json");
  EXPECT_THAT(keys(summary), ElementsAre("name", "layers", "total_params", "trainable_params",
                                         "non_trainable_params"));
  EXPECT_EQ(summary["total_params"].as_int(), 26314);
  EXPECT_THAT(keys(summary["layers"].as_list()[1]),
              ElementsAre("name", "type", "connected_to", "output_shape", "params", "flops",
                          "activation_bytes", "optimizer_bytes", "config"));
  EXPECT_THAT(shell_.run("cornu summary run --costs").out,
              HasSubstr("Optimizer state: 210,512 B\n"));
  EXPECT_THAT(shell_.run("cornu explain run").out, HasSubstr("Plan: training, up to 128 rows"));
  const Outcome predict = shell_.run("cornu explain run --mode predict --batch-size 1");
  EXPECT_THAT(predict.out, HasSubstr("Plan: predict, up to 1 rows"));
  EXPECT_THAT(predict.out, HasSubstr("product + decode + nonzero + sigmoid"));
}

TEST_F(Command, FetchSaysWhereADataSetIs) {
  EXPECT_THAT(shell_.run("cornu fetch digits").out, HasSubstr("digits is already here: embedded"));
  const Value fetched = json("cornu fetch digits --json");
  EXPECT_THAT(keys(fetched), ElementsAre("name", "origin", "downloaded"));
  EXPECT_FALSE(fetched["downloaded"].as_bool());
  EXPECT_EQ(shell_.run("cornu fetch mnist").status, 1);
  EXPECT_EQ(shell_.run("cornu fetch mnits").status, 2);
}

TEST_F(Command, DoctorDescribesThisMachine) {
  EXPECT_THAT(shell_.run("cornu doctor").out, HasSubstr(CORNU_VERSION));
  const Value doctor = json("cornu doctor --json");
  EXPECT_THAT(keys(doctor),
              ElementsAre("version", "compiler", "cpu", "caches", "targets", "target",
                          "target_reasons", "threads", "threads_reason", "datasets", "cache"));
  EXPECT_EQ(doctor["target"].as_string(), kernels::name(kernels::best_target()));
  EXPECT_THAT(keys(doctor["target_reasons"]), ElementsAre("avx512", "avx2", "neon", "portable"));
  EXPECT_FALSE(doctor["datasets"].as_list()[0]["found"].as_bool());
}

TEST_F(Command, AnInputLayerMayTakeTheSamplesFlat) {
  const Value run =
      json(std::string(kShort) + "--json --net 'input_layer(400), dense(10, activation=softmax)'");
  EXPECT_EQ(run["status"].as_string(), "done");
  EXPECT_EQ(shell_.run("cornu evaluate run digits").status, 0);
}

TEST_F(Command, AnUnknownPassIsRefusedWithTheListOfPasses) {
  const Outcome outcome = shell_.run(std::string(kShort) + "--without drop_unred");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("cornu: --without: unknown pass \"drop_unred\"; expected one "
                                     "of drop_unread"));
}

TEST_F(Command, ATargetThisCpuLacksIsRefusedBeforeAFolderIsMade) {
  const auto has = kernels::supported_targets();
  for (kernels::Target target : {kernels::Target::neon, kernels::Target::avx2}) {
    if (std::find(has.begin(), has.end(), target) != has.end()) continue;
    const std::string name(kernels::name(target));
    const Outcome outcome = shell_.run(kShort + ("--target " + name));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("this CPU lacks " + name + "; expected one of "));
    EXPECT_FALSE(std::filesystem::exists(shell_.file("run")));
  }
}

TEST_F(Command, TheErrorForAMissingDataSetSaysWhereToPutIt) {
  const Outcome outcome = shell_.run("cornu train mnist --json --out run");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("mnist"));
  EXPECT_THAT(outcome.err, HasSubstr("/.cache/cornu/mnist"));
  EXPECT_THAT(outcome.err, HasSubstr("--data-dir or CORNU_DATASETS"));
  const Value run = formats::read_json(outcome.out, "run");
  EXPECT_EQ(run["status"].as_string(), "failed");
  EXPECT_THAT(run["error"].as_string(), HasSubstr("--data-dir"));
}

TEST_F(Command, AClosedPipeOnStandardOutputIsNoError) {
  const Outcome outcome = shell_.run(
      "{ cornu --help; echo $? >first; } | true; { cornu train digits --epochs 1 --verbose 0 "
      "--out run; echo $? >second; } | head -n 1");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(shell_.text("first"), "0\n");
  EXPECT_EQ(shell_.text("second"), "0\n");
  EXPECT_THAT(shell_.text("run/run.json"), HasSubstr("\"status\": \"done\""));
}

TEST_F(Command, AFullDiskLeavesARunMarkedAsFailed) {
  const Outcome outcome =
      shell_.run("ulimit -f 20; cornu train digits --epochs 1 --verbose 0 --out run");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write: File too large"));
  EXPECT_THAT(shell_.text("run/run.json"), HasSubstr("\"status\": \"failed\""));
  EXPECT_FALSE(std::filesystem::exists(shell_.file("run/model.keras")));
  for (const auto& entry : std::filesystem::directory_iterator(shell_.file("run"))) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr(".tmp")));
  }
}

TEST_F(Command, AClosedPipeOnStandardErrorDoesNotEndTheRun) {
  const Outcome outcome = shell_.run(
      "{ cornu train digits --epochs 3 --out run 2>&3 >out; echo $? >status; } 3>&1 | true");
  EXPECT_EQ(shell_.text("status"), "0\n");
  EXPECT_THAT(shell_.text("run/run.json"), HasSubstr("\"status\": \"done\""));
  EXPECT_EQ(shell_.run("cornu train digits --epochs 1 --out closed 2>&- >out").status, 0);
}

TEST_F(Command, WithVerbose0ItPrintsTheRunsFolderAlone) {
  const Outcome outcome = shell_.run("cornu train digits --epochs 1 --verbose 0");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "runs/digits-001\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Command, AFailedRunDoesNotBecomeLatest) {
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --verbose 0").status, 0);
  EXPECT_EQ(shell_.run("cornu train mnist --verbose 0").status, 1);
  EXPECT_EQ(shell_.run("readlink runs/latest").out, "digits-001\n");
  EXPECT_EQ(shell_.run("cornu evaluate runs/latest digits").status, 0);
}

double probability_of(const Value& guess) {
  return guess["probability"].as_double();
}

TEST_F(Command, PredictMakesProbabilitiesOfLogits) {
  for (const std::string loss :
       {"categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"}) {
    ASSERT_EQ(shell_
                  .run("rm -rf run; cornu train digits --epochs 2 --verbose 0 --out run --net "
                       "'flatten, dense(10)' --loss '" +
                       loss + "(from_logits=true)'")
                  .status,
              0);
    const Value all = json("cornu predict run digits --first 3 --top 10 --json");
    double sum = 0;
    for (const Value& guess : all.as_list()[0]["top"].as_list()) {
      EXPECT_GE(probability_of(guess), 0);
      EXPECT_LE(probability_of(guess), 1);
      sum += probability_of(guess);
    }
    if (loss != "binary_crossentropy") {
      EXPECT_NEAR(sum, 1, 1e-5) << loss;
    }
    EXPECT_EQ(shell_.run("cornu predict run digits | grep -cE '[2-9][0-9]{2}|1[0-9]{2}[.]'").out,
              "0\n");
  }
}

TEST_F(Command, PredictCallsOtherNumbersScores) {
  ASSERT_EQ(shell_.run(std::string(kShort) + "--net 'flatten, dense(10)' --loss mse").status, 0);
  const Value first = json("cornu predict run digits --json").as_list()[0];
  EXPECT_THAT(keys(first), ElementsAre("sample", "class", "label", "score", "top"));
  EXPECT_THAT(keys(first["top"].as_list()[0]), ElementsAre("class", "label", "score"));
  const Outcome shown = shell_.run("cornu predict run digits");
  EXPECT_THAT(shown.out, HasSubstr("not probabilities"));
  EXPECT_THAT(shown.out, Not(HasSubstr("%")));
}

TEST_F(Command, ARunKeepsItsModelForKerasAndAsSafetensorsWhereAsked) {
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --verbose 0 --out plain").status, 0);
  EXPECT_FALSE(std::filesystem::exists(shell_.file("plain/model.safetensors")));
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --verbose 0 --out both --safetensors").status,
            0);
  EXPECT_EQ(shell_.text("both/model.keras"), shell_.text("plain/model.keras"));
  const Value of_keras = json("cornu evaluate both/model.keras digits --json");
  const Value of_safetensors = json("cornu evaluate both/model.safetensors digits --json");
  EXPECT_EQ(of_keras["loss"], of_safetensors["loss"]);
  EXPECT_EQ(of_keras["accuracy"], of_safetensors["accuracy"]);
}

}  // namespace command_test
}  // namespace cornu::inline v0
