// Processes of each MPI that was found when Cornu was built, which do what tests/mpi/ranks.cc says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "launched.h"

namespace cornu::inline v0 {
namespace mpi_test {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_all_done(const Outcome& outcome, int processes) {
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (int rank = 0; rank < processes; ++rank) {
    const std::string text =
        "rank " + std::to_string(rank) + " of " + std::to_string(processes) + ": done";
    EXPECT_EQ(occurrences(outcome.out, text), 1) << text << "\n" << outcome.out << outcome.err;
  }
  EXPECT_EQ(occurrences(outcome.out, ": done"), processes);
}

TEST_P(Mpi, MessagesOfAllKindsArrive) {
  for (const int processes : {1, 2, 4}) {
    expect_all_done(ranks_do(processes, "exchange"), processes);
  }
}

TEST_P(Mpi, LongMessagesAreSentInParts) {
  expect_all_done(ranks_do(2, "parts"), 2);
}

TEST_P(Mpi, WithoutALauncherAProcessIsAlone) {
  expect_all_done(line("CORNU_MPI_LIBRARY=" + module(GetParam()) + " " + ranks() + " exchange"), 1);
}

TEST_P(Mpi, SilentRankIsNamedOnceAndAllEnd) {
  for (const char* const what : {"stopped 1.5", "asleep 1.5"}) {
    const Outcome outcome = ranks_do(4, what);
    EXPECT_EQ(outcome.status, 3) << what;
    EXPECT_EQ(occurrences(outcome.err, "error: "), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("error: MPI: rank 1 (host "));
    EXPECT_THAT(outcome.err, HasSubstr(") of 4 has not answered for 1.5 s. Hint: "));
    EXPECT_THAT(outcome.out, Not(HasSubstr("done")));
    EXPECT_LT(seconds_, 10) << what;
  }
}

TEST_P(Mpi, RankThatComesWhileOthersAskIsWaitedFor) {
  expect_all_done(ranks_do(4, "slow 1.5"), 4);
}

TEST_P(Mpi, AllEndWithOneThatIsKilled) {
  const Outcome outcome = ranks_do(4, "killed 30");
  EXPECT_NE(outcome.status, 0);
  EXPECT_THAT(outcome.out + outcome.err, HasSubstr("signal 9"));
  EXPECT_LT(seconds_, 10);
}

TEST_P(Mpi, AllEndAtOnceWithOneThatFails) {
  Outcome outcome = ranks_do(4, "throws 30");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(occurrences(outcome.err, "error: "), 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("error: own fault"));
  EXPECT_LT(seconds_, 10);

  EXPECT_EQ(ranks_do(4, "exits 30").status, 7);
  EXPECT_LT(seconds_, 10);
  EXPECT_EQ(ranks_do(4, "aborts 30").status, 5);
  EXPECT_LT(seconds_, 10);
}

TEST_P(Mpi, RankThatEndsTooEarlyIsNamed) {
  const Outcome outcome = ranks_do(2, "ends 1");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("error: MPI: rank 1 (host "));
  EXPECT_LT(seconds_, 10);
}

TEST_P(Mpi, ProcessesThatDoNotMakeTheSameCallsAreTold) {
  Outcome outcome = ranks_do(2, "unequal 30");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("MPI: rank 1 sent 4 bytes where rank 0 expects 8"));
  outcome = ranks_do(2, "crossed 1");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("MPI: all processes wait for each other"));
}

TEST_P(Mpi, TheEndWaitsForOneThatStillWorks) {
  expect_all_done(ranks_do(2, "late 1"), 2);
}

TEST_P(Mpi, ProcessThatNeverBeginsHoldsUpNobody) {
  // MPICH's mpiexec would wait for ever.
  const Outcome outcome =
      run(2, "sh -c 'case $OMPI_COMM_WORLD_RANK$PMI_RANK in 1) sleep 0.5; exit 1 ;; esac; exec " +
                 ranks() + " exchange 30 2'");
  EXPECT_NE(outcome.status, 0);
  if (std::string(GetParam()) == "mpich") {
    EXPECT_THAT(outcome.err, HasSubstr("MPI: not all processes have begun within 2 s. Hint: "));
  }
  EXPECT_LT(seconds_, 10);
}

// Whether a process still runs in five seconds; one that has ended may wait for its parent.
bool lives_on(int process) {
  for (int i = 0; i < 100; ++i) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string number, name, state;
    if (!(file >> number >> name >> state) || state == "Z" || state == "X") return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

TEST_P(Mpi, SignalToTheLauncherEndsAll) {
  for (const std::string signal : {"INT", "TERM"}) {
    // A shell lets what it starts beside itself ignore SIGINT.
    const Outcome outcome = line(
        "env --default-signal=INT timeout -s KILL 60 " + mpirun(GetParam()) + " -n 2 " + ranks() +
        " wait 30 >log &\nlauncher=$!\n"
        "for i in $(seq 500); do [ \"$(grep -c process log)\" = 2 ] && break; sleep 0.02; done\n"
        "kill -" +
        signal +
        " $(cat /proc/$launcher/task/$launcher/children)\n"
        "wait $launcher; status=$?; cat log; exit $status");
    // MPICH's mpiexec ends with 0 or with the number of the signal, as it comes.
    if (std::string(GetParam()) == "openmpi") {
      EXPECT_NE(outcome.status, 0) << signal;
    }
    EXPECT_LT(seconds_, 15) << signal;
    std::istringstream out(outcome.out);
    std::string word;
    int process = 0, processes = 0;
    for (; out >> word >> process; ++processes) {
      EXPECT_FALSE(lives_on(process)) << signal << ": process " << process;
    }
    EXPECT_EQ(processes, 2) << signal << "\n" << outcome.out << outcome.err;
  }
}

TEST_P(Mpi, ProgramMayHaveBegunMpi) {
  expect_all_done(ranks_do(2, "begun"), 2);
  EXPECT_THAT(ranks_do(2, "one_thread").err, HasSubstr("for calls of one thread; expected "
                                                       "MPI_Init_thread(…, MPI_THREAD_SERIALIZED"));
  EXPECT_THAT(ranks_do(1, "ended").err, HasSubstr("has ended in this process. Hint: "));
}

TEST_P(Mpi, ModuleOfTheOtherMpiIsRefused) {
  const bool is_open = std::string(GetParam()) == "openmpi";
  const std::string other = is_open ? "mpich" : "openmpi";
  if (!is_there(other)) GTEST_SKIP() << "built without " << other;
  const Outcome outcome = ranks_do(2, "exchange 2 2 " + module(other));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(is_open ? "MPI: mpirun of Open MPI started this process "
                                               "(OMPI_COMM_WORLD_SIZE=2), and with MPICH each would"
                                               " be alone in a world of one"
                                             : "MPI: mpiexec of MPICH started this process "
                                               "(PMI_SIZE=2), and with Open MPI each would be alone"
                                               " in a world of one"));
}

TEST_P(Mpi, WorldsOfOneAreRefused) {
  // The variables of a launcher that is not there.
  const bool is_open = std::string(GetParam()) == "openmpi";
  const Outcome outcome =
      line((is_open ? "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 " : "PMI_SIZE=2 PMI_RANK=0 ") +
           ranks());
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr(" started 2 processes, and with "));
  EXPECT_THAT(outcome.err, HasSubstr(" each is in a world of 1. Hint: "));
}

TEST_P(Mpi, LauncherWithoutItsModuleIsAnError) {
  // A program finds the module beside itself or in the folder of libraries.
  std::filesystem::copy(ranks(), shell_.file("mpi_ranks"));
  const std::string name = "libcornu_mpi_" + std::string(GetParam()) + ".so";
  const Outcome outcome = run(2, shell_.file("mpi_ranks"));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("=2), but " + name + " is missing; expected "));
  EXPECT_THAT(outcome.err, HasSubstr(" Hint: build Cornu where "));
  std::filesystem::copy(module(GetParam()), shell_.file(name));
  expect_all_done(run(2, shell_.file("mpi_ranks")), 2);
}

TEST_P(Mpi, ModuleOfAnotherCornuIsRefused) {
  std::ifstream file(module(GetParam()), std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  std::string changed = bytes.str();
  const size_t at = changed.find(", module ");
  ASSERT_NE(at, std::string::npos);
  changed[at - 1] = 'x';
  std::ofstream(shell_.file("other.so"), std::ios::binary) << changed;
  const Outcome outcome = line("CORNU_MPI_LIBRARY=$PWD/other.so " + ranks());
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.err, HasSubstr("/other.so belongs to another Cornu; expected "));
}

TEST_P(Mpi, OnlyAModuleIsTaken) {
  EXPECT_THAT(line(ranks() + " exchange 2 2 $PWD/none.so").err,
              HasSubstr("MPI: the module cannot be loaded: "));
  EXPECT_THAT(line(ranks() + " exchange 2 2 libc.so.6").err,
              HasSubstr("MPI: expected libcornu_mpi_openmpi.so or libcornu_mpi_mpich.so, got "
                        "libc.so.6"));
  EXPECT_THAT(line(ranks() + " exchange 0").err,
              HasSubstr("MPI: expected timeout > 0 seconds, got 0"));
}

INSTANTIATE_TEST_SUITE_P(Of, Mpi, ::testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace mpi_test
}  // namespace cornu::inline v0
