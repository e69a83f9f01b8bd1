#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cornu/core/export.h"
#include "cornu/datasets/part_file.h"

namespace cornu::inline v0::datasets {

struct TransferLimits {
  /// Seconds for looking up names, connecting and TLS, in all of a Transfer's calls together.
  double connect_seconds = 10;
  /// A server that sends less than a kilobyte per second for this many seconds is given up.
  int64_t slow_seconds = 30;
  int redirects = 5;
  /// Whether an address may begin with http://; a redirect leads to https:// alone.
  bool plain_http = false;
};

/// How a transfer ended.
enum class TransferEnd {
  whole,   ///< the file is complete, as far as the server says
  cut,     ///< the connection ended before; trying again may help
  slow,    ///< the server was given up
  wrong,   ///< what has arrived is not the file
  refused  ///< there is no file to be had
};

struct Transferred {
  TransferEnd end = TransferEnd::whole;
  /// Why the file is not whole.
  std::string reason = {};
  /// Whether it was continued from bytes that had arrived before.
  bool is_resumed = false;
};

/// Another way to read a file over HTTPS, such as that of a language's own library: as
/// Transfer::get, within the limits.
using TransferFunction = std::function<Transferred(const std::string& address, uint64_t most,
                                                   const TransferLimits& limits, PartFile& part,
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

  /// The file at `address`, at most `most` bytes long, into `part`: from the bytes that are there
  /// on, if they are of this address and the server still has the version that they are from.
  /// `progress` is called with the number of bytes there; an exception from it ends the transfer.
  Transferred get(const std::string& address, uint64_t most, PartFile& part,
                  const std::function<void(uint64_t)>& progress = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cornu::inline v0::datasets
