#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cornu/core/source.h"

namespace cornu::inline v0 {

/// What a data set says of itself.
struct DatasetInfo {
  std::string name = {};
  std::vector<std::string> class_names = {};
  /// SHA-256 over the payload of every file it was read from; empty for tensors of the caller's.
  std::string sha256 = {};
  /// The folder or file it was read from, "embedded", or empty.
  std::string origin = {};
};

/// Samples in memory: inputs x and targets y, held once and shared by every copy. Images stay
/// bytes; `reshape`, `divide` and `to_categorical` say how a network shall see them and cost
/// nothing. A Dataset never changes: each of these returns another one over the same memory.
class CORNU_API Dataset final : public Source {
 public:
  Dataset() = default;
  /// Error when x and y have not the same number of rows.
  Dataset(Tensor x, Tensor y, DatasetInfo info = {});

  /// Each sample of x under another shape of the same size: reshape({784}).
  Dataset reshape(Shape sample) const;
  /// x ÷ divisor, exactly divided when a batch is read. Error when it is 0 or not finite.
  Dataset divide(double divisor) const;
  /// Integer labels as one-hot rows of `classes`. Error naming the first label outside
  /// 0 … classes - 1, and when y is not integer labels.
  Dataset to_categorical(int64_t classes) const;
  /// Rows [begin, end).
  Dataset rows(int64_t begin, int64_t end) const;
  Dataset take(int64_t count) const;
  Dataset skip(int64_t count) const;

  int64_t size() const { return spec_.size; }
  const DatasetInfo& info() const { return *info_; }
  /// Stored inputs (size, …) and targets, before any encoding.
  TensorView x() const;
  TensorView y() const;
  /// Inputs as the network sees them, float32.
  Tensor decoded_x() const;
  /// Targets as the network sees them: one-hot rows after to_categorical, else the labels.
  Tensor decoded_y() const;
  /// Largest label + 1 (0 when y is not integer labels).
  int64_t num_classes() const;

  Spec spec() const override { return spec_; }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override;
  TensorView stored_x(size_t) const override { return x(); }
  void prefetch(std::span<const uint64_t> ids) const override;

 private:
  Spec spec_;
  std::shared_ptr<const Tensor> x_, y_;
  int64_t begin_ = 0;
  std::shared_ptr<const DatasetInfo> info_ = std::make_shared<DatasetInfo>();
};

/// The two parts of a published data set: `auto [train, test] = datasets::mnist();`
struct DatasetParts {
  Dataset train, test;
};

}  // namespace cornu::inline v0
