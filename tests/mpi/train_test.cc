// `cornu train` in several processes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cornu/formats/json.h"
#include "cornu/kernels/table.h"
#include "launched.h"

namespace cornu::inline v0 {
namespace mpi_test {

using ::testing::HasSubstr;

class MpiTrain : public Mpi {
 protected:
  // run.json after training on so many processes.
  Value trained(int processes, const std::string& options) {
    const std::string command = "cornu train " + options + " --json";
    const Outcome outcome = processes == 1 ? line(command) : run(processes, command);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    if (outcome.status != 0) return Value::Map{{"weights_sha256", outcome.err}};
    return formats::read_json(outcome.out, "run.json");
  }
};

TEST_P(MpiTrain, ProcessesGiveTheBitsOfOneWithAsManyShards) {
  const std::string options =
      "digits --epochs 2 --batch-size 100 --net \"reshape([20, 20, 1]), conv2d(4, 3, "
      "activation=relu), max_pooling2d(2), flatten, batch_normalization, dense(40, "
      "activation=relu), dropout(0.2), dense(10, activation=softmax)\" --shards ";
  for (const int shards : {2, 4}) {
    const Value one = trained(1, options + std::to_string(shards));
    EXPECT_EQ(one.find("processes"), nullptr);
    for (int processes = 2; processes <= shards; processes *= 2) {
      const Value several = trained(processes, options + std::to_string(shards));
      EXPECT_EQ(several["processes"].as_int(), processes);
      EXPECT_EQ(several["weights_sha256"].as_string(), one["weights_sha256"].as_string());
      const Value& last = several["epochs"].as_list().back();
      for (const char* const log : {"loss", "accuracy", "val_loss", "val_accuracy"}) {
        EXPECT_EQ(last[log].as_double(), one["epochs"].as_list().back()[log].as_double()) << log;
      }
    }
  }
}

TEST_P(MpiTrain, ARunGoesOnInAnotherNumberOfProcesses) {
  const Value whole = trained(1, "digits --epochs 4 --shards 4 --out whole");
  EXPECT_EQ(trained(4, "digits --epochs 2 --shards 4 --out run")["processes"].as_int(), 4);
  EXPECT_EQ(trained(2, "--resume run --epochs 3")["processes"].as_int(), 2);
  const Value resumed = trained(1, "--resume run --epochs 4");
  EXPECT_EQ(resumed["weights_sha256"].as_string(), whole["weights_sha256"].as_string());
}

TEST_P(MpiTrain, AnErrorOfAllIsToldOnce) {
  Outcome outcome = run(2, "cornu train digits");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(occurrences(outcome.err, "cornu: "), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("cornu: --shards: expected a number that the 2 processes "
                                     "divide, for each of them to compute as many parts of a "
                                     "batch, got 1. Hint: --shards 2\n"));
  outcome = run(2, "cornu train digits --shard 2");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(occurrences(outcome.err, "unknown option"), 1) << outcome.err;
  outcome = run(2, "cornu train nosuch --shards 2");
  EXPECT_NE(outcome.status, 0);
  EXPECT_EQ(occurrences(outcome.err, "unknown data set"), 1) << outcome.err;
}

TEST_P(MpiTrain, AProcessOfOtherSettingsIsNamed) {
  const Outcome outcome = run(2,
                              "sh -c 'exec cornu train digits --shards 2 --seed "
                              "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}'");
  EXPECT_NE(outcome.status, 0);
  EXPECT_EQ(occurrences(outcome.err, "process 1 has another seed than process 0"), 1)
      << outcome.err;
}

std::string fastest() {
  return std::string(kernels::name(kernels::best_target()));
}

// The second computes without vectors.
TEST_P(MpiTrain, AProcessThatTheOthersWaitForIsNamed) {
  const std::string train =
      "sh -c 'target=$0; [ ${OMPI_COMM_WORLD_RANK:-$PMI_RANK} = 0 ] || target=portable; exec cornu "
      "train digits --epochs 15 --net \"flatten, dense(128, activation=relu), dense(10, "
      "activation=softmax)\" --verbose 0 --shards 2 --threads 1 --target $target' ";
  Outcome outcome = run(2, train + fastest());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("cornu: process 1 on "));
  EXPECT_THAT(outcome.err, HasSubstr(" times as long as the others, which waited "));
}

INSTANTIATE_TEST_SUITE_P(Of, MpiTrain, ::testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace mpi_test
}  // namespace cornu::inline v0
