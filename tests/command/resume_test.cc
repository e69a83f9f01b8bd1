// `cornu train --resume`; kill_test.cc kills runs at random moments.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cornu/core/sanitized_test.h"
#include "cornu/formats/json.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace resume_test {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Resume : public CommandTest {
 protected:
  Outcome ok(const std::string& line) const {
    Outcome outcome = shell_.run(line);
    EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.err;
    return outcome;
  }
  Value run_of(const std::string& folder) const {
    return formats::read_json(shell_.text(folder + "/run.json"), folder);
  }
  void expect_equal_files(const std::string& a, const std::string& b) const {
    EXPECT_EQ(run_of(a)["weights_sha256"], run_of(b)["weights_sha256"]);
    for (const char* file : {"/history.csv", "/history.json", "/model.keras"}) {
      EXPECT_EQ(shell_.text(a + file), shell_.text(b + file)) << a << b << file;
    }
  }
};

constexpr const char* kTrain =
    "cornu train digits --net 'flatten, dense(16, activation=relu), dropout(0.2), "
    "dense(10, activation=softmax)' --batch-size 100 --verbose 1 ";

TEST_F(Resume, ARunThatIsDonePrintsItsResultsAgain) {
  const Outcome first = ok(kTrain + std::string("--epochs 2 --out run --json"));
  const std::string files = ok("ls -l --time-style=full-iso run run/checkpoints").out;
  EXPECT_EQ(ok("cornu train --resume run --json").out, first.out);
  EXPECT_THAT(ok("cornu train --resume run").out, HasSubstr("Done after 2 epochs"));
  EXPECT_EQ(ok("cornu train --resume run --verbose 0").out, "run\n");
  EXPECT_EQ(ok("ls -l --time-style=full-iso run run/checkpoints").out, files);
}

TEST_F(Resume, WithMoreEpochsItEndsAsOneThatHadThemFromTheBeginning) {
  ok(kTrain + std::string("--epochs 5 --out whole"));
  ok(kTrain + std::string("--epochs 2 --out run"));
  const Outcome more =
      ok("cornu train digits --resume run --epochs 5 --threads 1 --target portable");
  EXPECT_THAT(more.err, HasSubstr("Resuming after 2 epochs"));
  EXPECT_THAT(more.err, Not(HasSubstr("Epoch 2/5")));
  expect_equal_files("run", "whole");
  EXPECT_EQ(run_of("run")["epochs"].as_list().size(), 5);
  EXPECT_EQ(run_of("run")["target"].as_string(), "portable");
  // It is now a run of five epochs.
  EXPECT_THAT(ok("cornu train --resume run").out, HasSubstr("Done after 5 epochs"));
}

TEST_F(Resume, AfterCtrlCItGoesOnFromTheStep) {
  // Enough epochs for a signal to come before the last.
  const std::string train = kTrain + ("--epochs " + std::to_string(drawn(400))) + " ";
  ok(train + "--out whole");
  const Outcome stopped = shell_.run(
      train +
      "--out run & p=$!; until ls run/checkpoints/epoch-0[0-3][1-9]* || ! kill -0 $p; do "
      "sleep 0.01; done >/dev/null 2>&1; kill -INT $p; wait $p; echo status $? >&2");
  EXPECT_THAT(stopped.err, HasSubstr("status 130"));
  EXPECT_THAT(stopped.out, HasSubstr("Interrupted "));
  EXPECT_THAT(stopped.out, ContainsRegex("Go on with:\n    [^ ]+ train --resume run\n"));
  EXPECT_EQ(run_of("run")["status"].as_string(), "interrupted");
  EXPECT_TRUE(std::filesystem::exists(shell_.file("run/curves.svg")));
  EXPECT_THAT(shell_.text("run/report.html"), HasSubstr("<span class=\"status interrupted\">"));
  EXPECT_THAT(ok("cornu train --resume run").err, HasSubstr("Resuming after "));
  EXPECT_EQ(run_of("run")["status"].as_string(), "done");
  expect_equal_files("run", "whole");
}

// As on a full disk: the model is in place, and the report is what is missing.
TEST_F(Resume, AfterAReportThatCannotBeWrittenItWritesTheReport) {
  const std::string train =
      "cornu train digits --net \"flatten, dense(10, activation=softmax)\" --epochs 1 --out run";
  const Outcome full = shell_.run("ulimit -f 200; trap '' XFSZ; " + train);
  EXPECT_EQ(full.status, 1);
  EXPECT_THAT(full.err, HasSubstr("run/report.html: cannot write: File too large. Hint: "));
  EXPECT_THAT(full.err,
              HasSubstr("; the model is saved, and cornu train --resume run writes the rest\n"));
  EXPECT_EQ(run_of("run")["status"].as_string(), "failed");
  EXPECT_EQ(ok("cornu evaluate run digits --json").status, 0);
  EXPECT_FALSE(std::filesystem::exists(shell_.file("run/report.html")));
  ok("cornu train --resume run");
  EXPECT_EQ(run_of("run")["status"].as_string(), "done");
  EXPECT_TRUE(std::filesystem::exists(shell_.file("run/report.html")));
}

TEST_F(Resume, WithoutCheckpointsItStartsAgain) {
  ok(kTrain + std::string("--epochs 2 --out whole"));
  ok(kTrain + std::string("--epochs 2 --out run --checkpoint-every never"));
  EXPECT_FALSE(std::filesystem::exists(shell_.file("run/checkpoints")));
  ok("sed -i 's/\"done\"/\"running\"/' run/run.json; rm run/model.keras run/history.*");
  EXPECT_THAT(ok("cornu train --resume run").err, HasSubstr("Epoch 1/2"));
  expect_equal_files("run", "whole");
}

TEST_F(Resume, FindsTheNewestRunAndLeavesLogsOfTensorBoardInPlace) {
  ok(kTrain + std::string("--epochs 2 --tensorboard"));
  ok("cornu train --resume runs/latest --epochs 3");
  EXPECT_EQ(run_of("runs/digits-001")["epochs"].as_list().size(), 3);
  EXPECT_EQ(ok("ls runs/digits-001/tensorboard/train | wc -l").out, "2\n");
}

// As shells write the name of a folder. The link stays one to the run, and not to itself.
TEST_F(Resume, TheNewestRunMayBeNamedInAnyWay) {
  ok(kTrain + std::string("--epochs 1"));
  int64_t epochs = 1;
  for (const char* name : {"runs/latest/", "runs/latest/.", "./runs//latest//", "$PWD/runs/latest/",
                           "runs/latest/../latest"}) {
    ok("cornu train --resume " + std::string(name) + " --epochs " + std::to_string(++epochs));
    EXPECT_EQ(ok("readlink runs/latest").out, "digits-001\n") << name;
  }
  EXPECT_EQ(ok("ls -A runs").out, "digits-001\nlatest\n");
}

// The network's file has changed since. The run keeps what it has, and goes on with the old one.
TEST_F(Resume, ARefusedRunKeepsItsHistoryAndItsFiles) {
  ok("cornu train digits --net \"flatten, dense(10, activation=softmax)\" --epochs 1 --out old");
  ok("cornu train digits --net \"flatten, dense(9), dense(10, activation=softmax)\" --epochs 1 "
     "--out new");
  ok("cornu convert old old.json; cornu convert new new.json; cp old.json net.json");
  ok("cornu train digits --model net.json --epochs 2 --out run --callback 'csv_logger(log.csv)'");
  ok("cp log.csv before.csv; cp new.json net.json");
  EXPECT_THAT(shell_.run("cornu train --resume run --epochs 3").err,
              HasSubstr("the fit to be resumed is another one"));
  EXPECT_EQ(run_of("run")["epochs"].as_list().size(), 2);
  ok("cmp log.csv before.csv");
  // The epochs that were asked for are known, though none of them has ended.
  ok("cp old.json net.json; cornu train --resume run");
  EXPECT_EQ(run_of("run")["epochs"].as_list().size(), 3);
  EXPECT_EQ(ok("wc -l <log.csv").out, "4\n");
}

TEST_F(Resume, ADamagedCheckpointIsPassedOver) {
  ok(kTrain + std::string("--epochs 4 --out whole"));
  ok(kTrain + std::string("--epochs 3 --out run"));
  ok("echo >>$(ls run/checkpoints/epoch-0003*)");
  const Outcome resumed = ok("cornu train --resume run --epochs 4");
  EXPECT_THAT(resumed.err,
              HasSubstr("is not what its name says; the checkpoint before it is taken"));
  EXPECT_THAT(resumed.err, HasSubstr("Resuming after 2 epochs"));
  expect_equal_files("run", "whole");
}

TEST_F(Resume, OverwriteBeginsAnew) {
  ok(kTrain + std::string("--epochs 3 --out run --seed 7"));
  ok(kTrain + std::string("--epochs 2 --out whole"));
  EXPECT_THAT(ok(kTrain + std::string("--epochs 2 --out run --overwrite")).err,
              HasSubstr("Epoch 1/2"));
  expect_equal_files("run", "whole");
}

}  // namespace resume_test
}  // namespace cornu::inline v0
