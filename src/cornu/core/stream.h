#pragma once

#include "cornu/core/source.h"

namespace cornu::inline v0 {

/// Samples that come one after the other, in unknown number: from a file too large for memory, a
/// sensor or a generator. It is used by one fit at a time, and on one thread.
class CORNU_API Stream {
 public:
  virtual ~Stream() = default;
  /// The fields of the samples; `size` has no meaning.
  virtual Spec spec() const = 0;
  /// Fills the first rows of `batch`, at most `capacity`, with the next samples, and
  /// returns their number; 0 when there are no more.
  virtual int64_t next(Batch& batch, int64_t capacity) = 0;
  /// Begins again with the first sample. Returns false if it cannot.
  virtual bool rewind() { return false; }
};

}  // namespace cornu::inline v0
