#include "cornu/cli/processes.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/cpus.h"
#include "cornu/core/error.h"
#include "cornu/core/rng.h"
#include "cornu/mpi/mpi_communicator.h"
#include "cornu/training/process_times.h"

namespace cornu::inline v0::cli {
namespace {

// The first process tells of an error in less, and a launcher ends the others in less than the
// second, once one has ended.
constexpr auto kTimeToTell = std::chrono::milliseconds(500);
constexpr auto kTimeToEnd = std::chrono::seconds(3);

std::string host_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

// Of the host and the CPUs that this process may use.
uint64_t hash_of_cpus() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  ::sched_getaffinity(0, sizeof cpus, &cpus);
  uint64_t hash = name_hash(host_name());
  for (size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &cpus)) hash = mix(hash, cpu);
  }
  return hash;
}

}  // namespace

Processes::Processes(const TrainOptions& options) {
  const std::optional<Launch> launch = mpi_launch();
  if (options.distribute != "mpi" && (!launch || launch->size == 1)) return;
  communicator_ = mpi_communicator({.timeout = options.timeout});
  if (communicator_->size() == 1) communicator_.reset();
}

void Processes::require_divide(int64_t shards) const {
  if (!communicator_ || shards % communicator_->size() == 0) return;
  const std::string count = std::to_string(communicator_->size());
  throw Error({.where = "--shards",
               .expected = "a number that the " + count +
                           " processes divide, for each of them to compute as many parts of a "
                           "batch",
               .found = std::to_string(shards),
               .hint = "--shards " + count});
}

void Processes::require_all(const std::exception_ptr& failed) const {
  const std::byte mine{failed != nullptr};
  std::vector<std::byte> all(static_cast<size_t>(communicator_->size()));
  all_gather(*communicator_, std::span(&mine, 1), all);
  const auto first = std::ranges::find(all, std::byte{1});
  if (first == all.end()) return;
  if (first - all.begin() == communicator_->rank()) std::rethrow_exception(failed);
  std::this_thread::sleep_for(kTimeToTell);
  throw ToldElsewhere{};
}

int Processes::threads() const {
  const uint64_t mine = hash_of_cpus();
  std::vector<uint64_t> all(static_cast<size_t>(communicator_->size()));
  all_gather(*communicator_, std::as_bytes(std::span(&mine, 1)),
             std::as_writable_bytes(std::span(all)));
  const auto sharing = static_cast<int>(std::ranges::count(all, mine));
  return std::max(1, usable_cpus().threads() / sharing);
}

std::string Processes::text_of(int rank, std::string text) const {
  if (!communicator_) return text;
  uint64_t size = text.size();
  broadcast(*communicator_, std::as_writable_bytes(std::span(&size, 1)), rank);
  text.resize(size);
  broadcast(*communicator_, std::as_writable_bytes(std::span(text)), rank);
  return text;
}

void Processes::tell_of_slow_one(std::span<const double> seconds) const {
  const std::optional<SlowProcess> slow = slow_process(seconds);
  if (!slow) return;
  const std::string host = text_of(slow->rank, host_name());
  if (!is_first()) return;
  complain(Error({.where = fmt::format("process {} on {}", slow->rank, host),
                  .what = fmt::format(
                      "computed {:.1f} times as long as the others, which waited {} for it",
                      slow->factor, seconds_text(slow->seconds)),
                  .hint = "another program may use its cores, or its machine is slower"})
               .what());
}

void Processes::let_first_tell() const {
  if (!is_first()) std::this_thread::sleep_for(kTimeToEnd);
}

TrainOptions of_process(TrainOptions options, const Processes& processes) {
  if (processes.communicator() && options.execution.threads == 0) {
    options.execution.threads = processes.threads();
  }
  if (processes.is_first()) return options;
  options.verbose = 0;
  options.live = options.json = false;
  return options;
}

}  // namespace cornu::inline v0::cli
