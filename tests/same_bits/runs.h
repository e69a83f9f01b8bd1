#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nets.h"

/// How networks are trained: nothing of it but `shards` and `is_brief` may change a bit.
struct Run {
  cornu::kernels::Target target = cornu::kernels::best_target();
  int threads = 1;
  std::vector<std::string> without = {};
  cornu::Sizing sizing = cornu::Sizing::fixed;
  bool is_brief = false;  ///< fewer epochs, for emulators
  int shards = 0;         ///< 0: those of the network
  /// If it is not null, batches of training and of a validation are divided among processes.
  std::shared_ptr<cornu::Communicator> processes = {};
  bool validates = false;

  std::string text() const;
};

using Hashes = std::map<std::string, std::string>;  ///< of each group, under its name

struct Result {
  Hashes hashes;
  int threads;  ///< the fewest that were planned for a network
};

/// Trains all networks and computes a hash for each group of the results: weights, history,
/// predictions. Throws unless as many threads ran as were planned, and as were requested if no pass
/// was left out.
Result result(const Run& run, std::vector<Group> groups);

/// Prints which groups differ or are not in both, and returns how many.
int differences(const Run& run, const Hashes& found, const Hashes& wanted);

[[noreturn]] void fail(const std::string& what);
