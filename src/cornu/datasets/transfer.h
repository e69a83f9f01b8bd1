#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::datasets {

struct TransferLimits {
  /// Seconds for looking up names, connecting and TLS, in all of a Transfer's calls together.
  double connect_seconds = 10;
  /// Seconds at under a kilobyte a second after which a server is given up.
  int64_t slow_seconds = 20;
  /// Whether an address may begin with http://; a redirect leads to https:// alone.
  bool plain_http = false;
};

/// Bytes of an address, or the reason why there are none.
struct Transferred {
  std::vector<std::byte> bytes;
  std::string reason;
};

/// Reads whole files over HTTPS.
class CORNU_API Transfer {
 public:
  /// What is missing for downloads, which `get` then gives as its reason; empty when nothing is.
  static std::string missing();

  explicit Transfer(const TransferLimits& limits);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// The file at `address`, `most` bytes long at most. `progress` hears how many bytes are here;
  /// what it throws ends the transfer.
  Transferred get(const std::string& address, uint64_t most,
                  const std::function<void(uint64_t)>& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cornu::inline v0::datasets
