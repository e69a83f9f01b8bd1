#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cornu/core/input_encoding.h"
#include "cornu/core/shape.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

class Team;

/// One array of a data set: the shape of one sample as the network sees it (one-hot labels
/// counted as their classes), and how its stored elements are encoded.
struct Field {
  Shape shape;
  InputEncoding encoding;
  /// The shape of one stored sample: a label to be made one-hot is stored as a scalar.
  Shape stored() const { return encoding.classes > 0 ? Shape{} : shape; }
};

/// Whether targets are labels for outputs (None, …, classes): one for each line along the last
/// axis, (None, …), or the same with a last axis of 1; (None,) for a single line.
CORNU_API bool are_labels(const Field& target, const Shape& y_pred);

/// The arrays of a source. Targets have weight 1, or each sample has weights: one for all targets,
/// or one per target.
struct Spec {
  std::vector<Field> x, y;
  int64_t size = 0;
  size_t weights = 0;  ///< weights per sample: 0, 1 or as many as targets
};

/// `rows` samples gathered; each tensor has room for `capacity` rows and holds `rows`.
struct Batch {
  std::vector<Tensor> x, y;
  std::vector<Tensor> weights = {};  ///< float32, one number per row
  /// If not empty for x[i], the address of each row in the source's memory; then the tensor is
  /// empty.
  std::vector<std::vector<const std::byte*>> x_rows = {};
  std::span<const uint64_t> sample;
  int64_t rows = 0;
  /// Rows of the batch of which several processes have a part each; 0: these are all.
  int64_t shared_rows = 0;

  int64_t all_rows() const { return shared_rows > 0 ? shared_rows : rows; }
  /// Whether x[i] is read directly from the source's memory.
  bool is_in_place(size_t i) const { return i < x_rows.size() && !x_rows[i].empty(); }
};

/// Samples reached by id, 0 … spec().size - 1. `fill` is const, and several threads may fill rows
/// of one batch at the same time.
class CORNU_API Source {
 public:
  virtual ~Source() = default;
  virtual Spec spec() const = 0;
  /// Gathers the samples of `ids` into the rows `row`, `row` + 1, … of `batch`, whose tensors have
  /// room for them. An x[i] that is in place (see stored_x) is left out.
  virtual void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const = 0;
  /// All samples of x[i] as they are stored, in the order of their ids, if they stay in memory for
  /// as long as the source lives: then they need not be gathered. Otherwise, and by default, an
  /// empty view.
  virtual TensorView stored_x(size_t /*i*/) const { return {}; }
  /// Announces the samples that the next calls of fill will request, so that they can be
  /// prefetched.
  virtual void prefetch(std::span<const uint64_t> /*ids*/) const {}
  /// A source of the same samples, bit for bit, that takes less memory, for many passes over it;
  /// null, and by default, if there is none. This one must outlive it. `team` does the work.
  virtual std::unique_ptr<const Source> in_bytes(Team& /*team*/) const { return nullptr; }
};

/// A batch with room for `capacity` samples of `spec`.
CORNU_API Batch make_batch(const Spec& spec, int64_t capacity);

/// Fills `batch` with the samples of `ids`.
CORNU_API void fill(const Source& source, std::span<const uint64_t> ids, Batch& batch);

}  // namespace cornu::inline v0
