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
  /// A server that sends less than a kilobyte per second for this many seconds is given up.
  int64_t slow_seconds = 20;
  /// Whether an address may begin with http://; a redirect leads to https:// alone.
  bool plain_http = false;
};

/// Bytes of an address, or the reason why there are none.
struct Transferred {
  std::vector<std::byte> bytes;
  std::string reason;
};

/// Another way to read a file over HTTPS, such as that of a language's own library: as
/// Transfer::get, within the limits.
using TransferFunction = std::function<Transferred(const std::string& address, uint64_t most,
                                                   const TransferLimits& limits,
                                                   const std::function<void(uint64_t)>& progress)>;

/// Reads whole files over HTTPS, with libcurl.
class CORNU_API Transfer {
 public:
  /// The reason why downloads are not possible, which `get` then returns; empty when they are.
  static std::string missing();

  explicit Transfer(const TransferLimits& limits);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// The file at `address`, at most `most` bytes long. `progress` is called with the number of
  /// bytes received; an exception from it ends the transfer.
  Transferred get(const std::string& address, uint64_t most,
                  const std::function<void(uint64_t)>& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cornu::inline v0::datasets
