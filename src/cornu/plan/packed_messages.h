#pragma once

#include <cstring>
#include <map>
#include <span>
#include <vector>

#include "cornu/core/communicator.h"

namespace cornu::inline v0 {

/// Collects messages for one exchange. Short ones from one process to another travel as one, since
/// each message costs a fixed time. Both ends name them in the same order.
class PackedMessages {
 public:
  void begin() {
    out_.clear();
    in_.clear();
    for (auto& [rank, each] : short_) each.begin();
  }
  void send(int rank, std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    if (bytes.size() >= kShort) return out_.push_back({rank, bytes});
    auto& packed = short_[rank].out;
    packed.insert(packed.end(), bytes.begin(), bytes.end());
  }
  void receive(int rank, std::span<std::byte> bytes) {
    if (bytes.empty()) return;
    if (bytes.size() >= kShort) return in_.push_back({rank, bytes});
    Short& of_rank = short_[rank];
    of_rank.places.push_back(bytes);
    of_rank.in.resize(of_rank.in.size() + bytes.size());
  }
  void exchange(Communicator& communicator) {
    for (auto& [rank, each] : short_) {
      if (!each.out.empty()) out_.push_back({rank, each.out});
      if (!each.in.empty()) in_.push_back({rank, each.in});
    }
    communicator.exchange(out_, in_);
    for (const auto& [rank, each] : short_) each.unpack();
  }

 private:
  static constexpr size_t kShort = 65536;  ///< bytes

  /// Those to and from one process. Memory is kept from exchange to exchange.
  struct Short {
    std::vector<std::byte> out, in;
    std::vector<std::span<std::byte>> places;

    void begin() {
      out.clear();
      in.clear();
      places.clear();
    }
    void unpack() const {
      const std::byte* from = in.data();
      for (const std::span<std::byte> each : places) {
        std::memcpy(each.data(), from, each.size());
        from += each.size();
      }
    }
  };

  std::map<int, Short> short_;  ///< by the other's rank
  std::vector<Outgoing> out_;
  std::vector<Incoming> in_;
};

}  // namespace cornu::inline v0
