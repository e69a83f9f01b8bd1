#include <gmock/gmock.h>

#include "cornu/datasets/digits.h"
#include "cornu/formats/json.h"
#include "cornu/formats/png.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace predictions_command_test {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

/// The command, with a model of digits in `run`.
class PredictionFiles : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(shell_.run("cornu train digits --epochs 3 --verbose 0 --out run").status, 0);
  }
};

TEST_F(PredictionFiles, HoldAllSamplesOfADataSet) {
  const Outcome outcome = shell_.run("cornu predict run digits -o all.csv");
  EXPECT_EQ(outcome.out, "1,000 samples of digits with their predictions are in all.csv.\n");
  const std::string text = shell_.text("all.csv");
  EXPECT_THAT(text, StartsWith("sample,label,prediction,p(0),p(1),p(2),p(3),p(4),p(5),p(6),p(7),"
                               "p(8),p(9)\n0,0,"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1001);

  EXPECT_EQ(shell_.run("cornu predict run digits --part train -o all.json").status, 0);
  const Value all = formats::read_json(shell_.text("all.json"), "all.json");
  ASSERT_EQ(all.as_list().size(), 4000U);
  const Value first = json("cornu predict run digits --part train --first 1 --top 1 --json");
  const Value& same = all.as_list()[0];
  EXPECT_EQ(same["prediction"], first.as_list()[0]["label"]);
  EXPECT_EQ(same["probabilities"][same["prediction"].as_string()],
            first.as_list()[0]["probability"]);
}

TEST_F(PredictionFiles, HoldTheDigitsOfPictures) {
  std::vector<uint8_t> paper(size_t{60} * 60, 230);
  const Dataset digits = datasets::digits().test;
  const TensorView digit = digits.x().row(1);
  for (int64_t i = 0; i < 400; ++i) {
    paper[static_cast<size_t>((20 + i / 20) * 60 + 20 + i % 20)] =
        static_cast<uint8_t>(230 - 0.8 * digit.at(i));
  }
  write("a, b.png", formats::write_gray_png(60, 60, paper));
  EXPECT_EQ(shell_.run("cornu predict run 'a, b.png' 'a, b.png' -o found.tsv").out,
            "2 predictions are in found.tsv.\n");
  EXPECT_THAT(shell_.text("found.tsv"),
              MatchesRegex("file\tleft\ttop\twidth\theight\tprediction\tp\\(0\\)\t.*\n"
                           "a, b\\.png\t.*\t.*\t.*\t.*\t[0-9]\t.*\n"
                           "a, b\\.png\t.*\n"));
  // A folder of them.
  EXPECT_EQ(shell_
                .run("mkdir new && cp 'a, b.png' new/b.png && cp 'a, b.png' new/a.PNG && "
                     "touch new/notes.txt && cornu predict run new -o new.csv")
                .out,
            "2 predictions are in new.csv.\n");
  EXPECT_THAT(shell_.text("new.csv"), MatchesRegex("file,.*\nnew/a\\.PNG,.*\nnew/b\\.png,.*\n"));
  EXPECT_EQ(json("cornu predict run new 'a, b.png' --json").as_list().size(), 3U);
  EXPECT_EQ(shell_.run("cornu predict run 'a, b.png' --whole -o whole.csv").status, 0);
  EXPECT_THAT(shell_.text("whole.csv"), StartsWith("file,prediction,p(0),"));
  EXPECT_THAT(shell_.text("whole.csv"), HasSubstr("\n\"a, b.png\","));
}

TEST_F(PredictionFiles, AreRefusedByTheirName) {
  const Outcome outcome = shell_.run("cornu predict run digits -o all.xlsx");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "cornu: --out: expected NAME.csv, .tsv or .json, got \"all.xlsx\".\n");
}

TEST_F(PredictionFiles, OtherMetricsAreCounted) {
  const Value own = json("cornu evaluate run digits --json");
  const Value others = json("cornu evaluate run digits --metrics 'recall, accuracy' --json");
  EXPECT_EQ(others["loss"], own["loss"]);
  EXPECT_EQ(others["accuracy"], own["accuracy"]);
  EXPECT_GT(others["recall"].as_double(), 0);
  EXPECT_NE(json("cornu evaluate run digits --loss mse --json")["loss"], own["loss"]);
  EXPECT_EQ(shell_.run("cornu evaluate run digits --metrics f1").status, 2);
}

TEST_F(PredictionFiles, TrainingGoesOnFromTheWeightsOfAModel) {
  // At this rate no weight changes, so the losses are those of the model.
  const std::string still = " --learning-rate 1e-30 --epochs 1 --json";
  const Value before = json("cornu evaluate run digits --json");
  for (const char* const model : {"run", "run/model.keras"}) {
    const Value run = json("cornu train digits --model " + std::string(model) + still);
    const Value& epoch = run["epochs"].as_list()[0];
    EXPECT_EQ(epoch["val_accuracy"], before["accuracy"]) << model;
    EXPECT_NEAR(epoch["val_loss"].as_double(), before["loss"].as_double(), 1e-6) << model;
    EXPECT_EQ(run["weights_sha256"], json("cat run/run.json")["weights_sha256"]) << model;
  }
  const Outcome more = shell_.run("cornu train digits --model run --epochs 1 2>&1");
  EXPECT_THAT(more.out, HasSubstr("It goes on from the weights of run, with a new optimizer.\n"));
}

}  // namespace predictions_command_test
}  // namespace cornu::inline v0
