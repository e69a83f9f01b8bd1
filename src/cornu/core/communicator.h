#pragma once

#include <cstddef>
#include <span>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Bytes for another process, and room for bytes of another process.
struct Outgoing {
  int rank;
  std::span<const std::byte> bytes;
};
struct Incoming {
  int rank;
  std::span<std::byte> bytes;
};

/// Processes that train one model together, numbered by rank from 0 to size() − 1. All of them make
/// the same calls in the same order; each calls on one thread at a time.
class CORNU_API Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// Carries out all of these messages, in any order, and returns when the last has arrived. Those
  /// from one rank to another arrive in the order in which they were sent. Error that names the
  /// ranks that did not answer in time.
  virtual void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) = 0;
  /// Begins to carry them out, while the caller goes on; their bytes stay as they are until
  /// finish(), or until the next exchange, both of which wait for them. This one carries them out
  /// at once.
  virtual void begin(std::span<const Outgoing> out, std::span<const Incoming> in) {
    exchange(out, in);
  }
  /// Returns when all messages that were begun have arrived. Error as of exchange.
  virtual void finish() {}
  /// Ends every process, this one with exit status `status`.
  virtual void abort(int status) = 0;
};

/// all = the bytes of rank 0, of rank 1, …, each as many as `mine`, on every rank.
CORNU_API void all_gather(Communicator& communicator, std::span<const std::byte> mine,
                          std::span<std::byte> all);

/// The bytes of rank `root`, on every rank.
CORNU_API void broadcast(Communicator& communicator, std::span<std::byte> bytes, int root = 0);

/// Whether it is true of any process, on every rank.
CORNU_API bool is_true_of_any(Communicator& communicator, bool mine);

}  // namespace cornu::inline v0
