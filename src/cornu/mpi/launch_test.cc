#include "cornu/mpi/launch.h"

#include <gtest/gtest.h>

#include <map>

namespace cornu::inline v0 {
namespace launch_test {

using Variables = std::map<std::string, std::string>;
using Mpis = std::vector<std::string>;

std::optional<Launch> launch(const Variables& variables) {
  return mpi_launch([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(Launch, IsToldByTheVariablesOfEachLauncher) {
  const auto open = launch({{"OMPI_COMM_WORLD_SIZE", "4"},
                            {"OMPI_COMM_WORLD_RANK", "3"},
                            {"PMIX_RANK", "3"},
                            {"SLURM_STEP_ID", "0"},
                            {"SLURM_STEP_NUM_TASKS", "2"},
                            {"SLURM_PROCID", "1"}});
  ASSERT_TRUE(open);
  EXPECT_EQ(open->by, "mpirun of Open MPI");
  EXPECT_EQ(open->rank, 3);
  EXPECT_EQ(open->size, 4);
  EXPECT_EQ(open->mpis, Mpis{"openmpi"});

  // Hydra's proxies are started by srun.
  const auto hydra = launch({{"PMI_SIZE", "2"},
                             {"PMI_RANK", "1"},
                             {"MPI_LOCALNRANKS", "2"},
                             {"SLURM_STEP_ID", "0"},
                             {"SLURM_STEP_NUM_TASKS", "1"},
                             {"SLURM_PROCID", "0"}});
  ASSERT_TRUE(hydra);
  EXPECT_EQ(hydra->by, "mpiexec of MPICH");
  EXPECT_EQ(hydra->rank, 1);
  EXPECT_EQ(hydra->size, 2);
  EXPECT_EQ(hydra->mpis, Mpis{"mpich"});
}

TEST(Launch, OfSlurmMayBeOfEitherMpi) {
  const Variables step = {
      {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "8"}, {"SLURM_PROCID", "5"}};
  Variables pmix = step, pmi2 = step, one = step;
  pmix["PMIX_RANK"] = "5";
  ASSERT_TRUE(launch(pmix));
  EXPECT_EQ(launch(pmix)->by, "srun --mpi=pmix");
  EXPECT_EQ(launch(pmix)->rank, 5);
  EXPECT_EQ(launch(pmix)->size, 8);
  EXPECT_EQ(launch(pmix)->mpis, (Mpis{"openmpi", "mpich"}));

  pmi2["PMI_SIZE"] = "8";
  pmi2["PMI_RANK"] = "5";
  ASSERT_TRUE(launch(pmi2));
  EXPECT_EQ(launch(pmi2)->by, "srun --mpi=pmi2");
  EXPECT_EQ(launch(pmi2)->mpis, (Mpis{"mpich", "openmpi"}));

  // Processes that do not find each other.
  ASSERT_TRUE(launch(step));
  EXPECT_EQ(launch(step)->by, "srun");
  EXPECT_EQ(launch(step)->size, 8);
  EXPECT_EQ(launch(step)->mpis, Mpis{});

  one["SLURM_STEP_NUM_TASKS"] = "1";
  one["SLURM_PROCID"] = "0";
  EXPECT_FALSE(launch(one));
}

TEST(Launch, OfPmixAloneDoesNotTellItsSize) {
  const auto found = launch({{"PMIX_RANK", "2"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rank, 2);
  EXPECT_EQ(found->size, 0);
}

TEST(Launch, IsNotGuessed) {
  EXPECT_FALSE(launch({}));
  // A batch script of Slurm is no step.
  EXPECT_FALSE(launch({{"SLURM_NTASKS", "4"}, {"SLURM_PROCID", "0"}}));
  for (const char* const size : {"", "two", "2x", "-2", "99999999999", "1"}) {
    EXPECT_FALSE(launch({{"OMPI_COMM_WORLD_SIZE", size}, {"OMPI_COMM_WORLD_RANK", "1"}})) << size;
    EXPECT_FALSE(launch({{"PMI_SIZE", size}, {"PMI_RANK", "1"}})) << size;
  }
}

}  // namespace launch_test
}  // namespace cornu::inline v0
