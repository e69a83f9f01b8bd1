#include "cornu/training/processes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

/// Stands in for a callback, so that a fit may be resumed as with it.
class Idle final : public Callback {
 public:
  explicit Idle(SharedCallback callback) : callback_(std::move(callback)) {}
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view name) const override { return callback_->may_log(name); }
  CallbackState state() const override { return {.name = state_name(), .values = {}}; }
  std::string state_name() const override { return callback_->state_name(); }

 private:
  SharedCallback callback_;
};

uint64_t hash_of(std::span<const Tensor> tensors) {
  uint64_t hash = 0;
  for (const Tensor& each : tensors) {
    const size_t bytes = each.nbytes();
    for (size_t at = 0; at < bytes; at += sizeof(uint64_t)) {
      uint64_t word = 0;
      std::memcpy(&word, each.view().data() + at, std::min(sizeof word, bytes - at));
      hash = mix(hash, word);
    }
  }
  return hash;
}

/// A part of what processes have in common, by the name of the setting.
struct Common {
  std::string_view name;
  const char* text;
};
constexpr Common kCommon[] = {
    {"version", "version of Cornu"},
    {"data", "data set"},
    {"validation_data", "data set for validation"},
    {"network", "network"},
    {"compile", "optimizer, loss, metrics or number of shards"},
    {"fit", "batch_size, shuffle or other options of fit"},
    {"epochs", "number of epochs"},
    {"seed", "seed"},
    {"before", "past of its model"},
    {"place", "checkpoint"},
    {"weights", "set of weights"},
};
using Hashes = std::array<uint64_t, std::size(kCommon)>;

Hashes hashes_of(const FitBegin& begin) {
  const auto hash = [&](std::string_view name) -> uint64_t {
    if (name == "epochs") return static_cast<uint64_t>(begin.epochs);
    if (name == "seed") return begin.seed;
    if (name == "weights") return hash_of(begin.weights);
    if (name == "place") {
      return mix(static_cast<uint64_t>(begin.epoch), static_cast<uint64_t>(begin.steps_of_epoch));
    }
    for (const auto& [key, value] : begin.settings) {
      if (key == name) return name_hash(value.str());
    }
    return 0;
  };
  Hashes hashes{};
  for (size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash(kCommon[i].name);
  return hashes;
}

}  // namespace

Callbacks callbacks_of_others(const Callbacks& callbacks) {
  Callbacks others;
  for (const SharedCallback& each : callbacks) {
    if (each->is_for_first()) {
      others.emplace_back(Idle(each));
    } else {
      others.push_back(each);
    }
  }
  return others;
}

void require_same_begin(Communicator& processes, const FitBegin& begin) {
  const Hashes own = hashes_of(begin);
  std::vector<Hashes> all(static_cast<size_t>(processes.size()));
  all_gather(processes, std::as_bytes(std::span(own)), std::as_writable_bytes(std::span(all)));
  for (size_t rank = 1; rank < all.size(); ++rank) {
    for (size_t i = 0; i < own.size(); ++i) {
      if (all[rank][i] == all[0][i]) continue;
      throw Error({.where = "fit",
                   .what = "process " + std::to_string(rank) + " has another " + kCommon[i].text +
                           " than process 0",
                   .hint = "processes that train together call fit with the same model, data and "
                           "options"});
    }
  }
}

}  // namespace cornu::inline v0
