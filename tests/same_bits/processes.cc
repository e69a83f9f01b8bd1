// The same bits from several processes: the networks of same_bits and the tutorial's job are
// trained and validated by the processes that a launcher started, in 1, 2, 4 and 8 shards as far as
// the processes divide them, on each target and on 1 … 4 threads of each process. One value for
// each number of shards:
//
//     same_bits_processes --write FILE             the hashes of one process
//     mpirun -n N same_bits_processes FILE [--even|--odd]
//
// --even and --odd are halves of a third of the runs, in which the targets take turns. If one MPI
// has the one half and another the other, any two of MPI, processes, shards, threads and targets
// meet. processes.sh calls it.

#include <cstdio>
#include <fstream>
#include <span>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/datasets/digits.h"
#include "cornu/mpi/mpi_communicator.h"
#include "runs.h"

namespace {

constexpr int kShards[] = {1, 2, 4, 8};
constexpr int kMostThreads = 4;

// Dense(64, sigmoid), Dense(10, softmax), as in the tutorial, on a thousand digits.
Net tutorial() {
  using cornu::Dense;
  Net net;
  net.data =
      cornu::datasets::digits().train.take(1000).reshape({400}).divide(255).to_categorical(10);
  net.model = std::make_unique<cornu::Sequential>(
      std::vector<cornu::Layer>{cornu::Input({400}), Dense(64, "sigmoid"), Dense(10, "softmax")});
  net.options.optimizer = "adam";
  net.options.loss = "categorical_crossentropy";
  net.batch_size = 128;
  return net;
}

std::vector<Group> networks() {
  std::vector<Group> all;
  for (Group& group : groups()) {
    // The same networks in shards of their own.
    if (!group.name.starts_with("shards/")) all.push_back(std::move(group));
  }
  all.push_back({"tutorial", {}});
  all.back().nets.push_back(tutorial());
  for (Group& group : all) {
    for (Net& net : group.nets) net.brief_epochs = 1;
  }
  return all;
}

/// Processes, and how often they have exchanged messages.
class Counted final : public cornu::Communicator {
 public:
  explicit Counted(std::shared_ptr<Communicator> all) : all_(std::move(all)) {}
  int rank() const override { return all_->rank(); }
  int size() const override { return all_->size(); }
  void exchange(std::span<const cornu::Outgoing> out,
                std::span<const cornu::Incoming> in) override {
    ++exchanges;
    all_->exchange(out, in);
  }
  void abort(int status) override { all_->abort(status); }
  int64_t exchanges = 0;

 private:
  std::shared_ptr<Communicator> all_;
};

enum class Chosen { all, even, odd };

std::vector<Run> runs(int processes, Chosen chosen) {
  const auto targets = cornu::kernels::supported_targets();
  std::vector<Run> all;
  size_t turn = 0;
  for (const int shards : kShards) {
    if (shards % processes != 0) continue;
    ++turn;
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      const size_t sum = turn + static_cast<size_t>(threads);
      const bool is_chosen = chosen == Chosen::all || sum % 2 == (chosen == Chosen::odd ? 1U : 0U);
      for (size_t i = 0; is_chosen && i < targets.size(); ++i) {
        if (chosen != Chosen::all && i != sum % targets.size()) continue;
        all.push_back({.target = targets[i],
                       .threads = threads,
                       .is_brief = true,
                       .shards = shards,
                       .validates = true});
      }
    }
  }
  return all;
}

// "SHARDS GROUP" and the hash.
std::string key(const Run& run, const std::string& group) {
  return std::to_string(run.shards) + ' ' + group;
}

void write(const std::string& path) {
  std::ofstream file(path);
  for (const int shards : kShards) {
    const Run run{.is_brief = true, .shards = shards, .validates = true};
    for (const auto& [group, hash] : result(run, networks()).hashes) {
      file << key(run, group) << ' ' << hash << '\n';
    }
  }
  if (!file.flush()) fail("cannot write " + path);
}

Hashes read(const std::string& path, int shards) {
  Hashes hashes;
  std::ifstream file(path);
  std::string group, hash;
  for (int of = 0; file >> of >> group >> hash;) {
    if (of == shards) hashes[group] = hash;
  }
  if (hashes.empty()) fail("no hashes of " + std::to_string(shards) + " shards in " + path);
  return hashes;
}

// How many networks differ in this process. Throws unless each of the processes has run as many
// threads, and they have exchanged messages after each step.
int differing(Run run, const std::shared_ptr<Counted>& processes, const std::string& path) {
  run.processes = processes;
  processes->exchanges = 0;
  const Result found = result(run, networks());
  if (found.threads != run.threads) fail(run.text() + ": planned for fewer threads");
  std::vector<int> threads(static_cast<size_t>(processes->size()));
  cornu::all_gather(*processes, std::as_bytes(std::span(&found.threads, 1)),
                    std::as_writable_bytes(std::span(threads)));
  for (const int each : threads) {
    if (each != run.threads) fail(run.text() + ": another has run " + std::to_string(each));
  }
  constexpr int64_t kSteps = 2 * ((kSamples + kBatch - 1) / kBatch);  // of training and validation
  const auto fits = static_cast<int64_t>(found.hashes.size());
  if (processes->exchanges < kSteps * fits) fail(run.text() + ": a batch was not divided");
  return differences(run, found.hashes, read(path, run.shards));
}

int main_of(std::vector<std::string> arguments) {
  if (arguments.size() == 2 && arguments[0] == "--write") return write(arguments[1]), 0;
  if (arguments.empty() || arguments.size() > 2) fail("expected a file and --even or --odd");
  Chosen chosen = Chosen::all;
  if (arguments.size() == 2) {
    if (arguments[1] != "--even" && arguments[1] != "--odd") fail("unknown " + arguments[1]);
    chosen = arguments[1] == "--even" ? Chosen::even : Chosen::odd;
  }
  const auto processes = std::make_shared<Counted>(cornu::mpi_communicator({.timeout = 60}));
  const std::vector<Run> all = runs(processes->size(), chosen);
  int differ = 0;
  for (const Run& run : all) differ += differing(run, processes, arguments[0]) > 0 ? 1 : 0;
  std::printf("rank %d of %d: %zu runs, %d differ\n", processes->rank(), processes->size(),
              all.size(), differ);
  return differ == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "same_bits_processes: %s\n", error.what());
    return 1;
  }
}
