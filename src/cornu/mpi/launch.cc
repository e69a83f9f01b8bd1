#include "cornu/mpi/launch.h"

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace cornu::inline v0 {
namespace {

using ValueOf = std::function<const char*(const char*)>;

// The number in a variable; none if it is missing or no number.
std::optional<int> number_in(const ValueOf& value_of, const char* name) {
  const char* const text = value_of(name);
  if (text == nullptr) return std::nullopt;
  const char* const end = text + std::strlen(text);
  int number = 0;
  const auto read = std::from_chars(text, end, number);
  if (read.ec != std::errc() || read.ptr != end || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Launch> mpi_launch(const ValueOf& value_of) {
  const auto launch = [&](const char* by, const char* size, const char* rank,
                          std::vector<std::string> mpis) -> std::optional<Launch> {
    const std::optional<int> processes = number_in(value_of, size);
    const std::optional<int> own = number_in(value_of, rank);
    if (!processes || !own || *processes <= *own) return std::nullopt;
    return Launch{by, size, *own, *processes, std::move(mpis)};
  };
  // An allocation of Slurm may contain mpirun, so its variables are looked at last.
  if (auto found = launch("mpirun of Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK",
                          {"openmpi"})) {
    return found;
  }
  const bool by_hydra = value_of("MPI_LOCALNRANKS") != nullptr;
  const bool by_srun = value_of("SLURM_STEP_ID") != nullptr && !by_hydra;
  if (!by_srun) {
    if (auto found = launch("mpiexec of MPICH", "PMI_SIZE", "PMI_RANK", {"mpich"})) return found;
  }
  const bool by_pmix = value_of("PMIX_RANK") != nullptr;
  if (by_srun) {
    if (by_pmix) {
      return launch("srun --mpi=pmix", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID",
                    {"openmpi", "mpich"});
    }
    if (auto found = launch("srun --mpi=pmi2", "PMI_SIZE", "PMI_RANK", {"mpich", "openmpi"})) {
      return found;
    }
    // Without a PMI its processes do not find each other. Those of a step of one need not.
    auto found = launch("srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID", {});
    return found && found->size > 1 ? found : std::nullopt;
  }
  if (const auto rank = number_in(value_of, "PMIX_RANK")) {
    return Launch{"a launcher with PMIx", "PMIX_RANK", *rank, 0, {"openmpi", "mpich"}};
  }
  return std::nullopt;
}

std::optional<Launch> mpi_launch() {
  return mpi_launch([](const char* name) -> const char* { return std::getenv(name); });
}

}  // namespace cornu::inline v0
