#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cornu/core/source.h"
#include "cornu/core/tensors.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// A data set's description.
struct DatasetInfo {
  std::string name = {};
  std::vector<std::string> class_names = {};
  /// SHA-256 over the payload of every file it was read from; empty for the caller's tensors.
  std::string sha256 = {};
  /// The folder or file it was read from, "embedded", or empty.
  std::string origin = {};
  /// How the samples were made of a user's table; empty for others.
  Value::Map preprocessing = {};
};

/// Samples in memory: inputs x and targets y, held once and shared by every copy. Images stay
/// bytes; `reshape`, `divide` and `to_categorical` set how a network reads them and cost nothing.
/// A Dataset never changes: each of these returns another one over the same memory.
/// Threads may use one, and copies of it, at the same time.
class CORNU_API Dataset final : public Source {
 public:
  Dataset() = default;
  /// Inputs and targets, one array each, or several in braces for networks that take them:
  /// Dataset({a, b}, y). Error if their numbers of rows differ.
  Dataset(Tensors x, Tensors y, DatasetInfo info = {});
  /// The same over memory that belongs to someone else, without a copy: `owner` keeps it alive, and
  /// no element may change while the Dataset is read.
  Dataset(const std::vector<TensorView>& x, const std::vector<TensorView>& y,
          const std::shared_ptr<const void>& owner);
  // There is no move, only a copy, so the source of a move is unchanged.
  Dataset(const Dataset&) = default;
  Dataset& operator=(const Dataset&) = default;

  /// Each sample of an input under another shape of the same size: reshape({784}).
  Dataset reshape(Shape sample, size_t input = 0) const;
  /// An input ÷ divisor, exactly divided when a batch is read. Error when it is 0 or not finite.
  Dataset divide(double divisor, size_t input = 0) const;
  /// Integer labels as one-hot rows of `classes`. Error naming the first label outside
  /// 0 … classes - 1, and when the target is not integer labels.
  Dataset to_categorical(int64_t classes, size_t target = 0) const;
  /// The same with a weight for each sample, float32 (size,), or with one for each of its targets.
  /// Losses and weighted metrics count by them. Error for weights below 0 or not finite.
  Dataset weighted(Tensor sample_weight) const;
  Dataset weighted(std::vector<Tensor> sample_weights) const;
  /// Rows [begin, end).
  Dataset rows(int64_t begin, int64_t end) const;
  Dataset take(int64_t count) const;
  Dataset skip(int64_t count) const;

  int64_t size() const { return spec_.size; }
  const DatasetInfo& info() const { return *info_; }
  /// Stored inputs (size, …) and targets, before any encoding.
  TensorView x(size_t input = 0) const;
  TensorView y(size_t target = 0) const;
  /// Inputs as the network sees them, float32.
  Tensor decoded_x(size_t input = 0) const;
  /// Targets as the network sees them: one-hot rows after to_categorical, else the labels.
  Tensor decoded_y(size_t target = 0) const;
  /// Largest label + 1 (0 when the target is not integer labels).
  int64_t num_classes(size_t target = 0) const;

  Spec spec() const override { return spec_; }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override;
  TensorView stored_x(size_t input) const override { return x(input); }
  void prefetch(std::span<const uint64_t> ids) const override;
  /// Inputs that are exactly bytes k ÷ 255 or (k − 127.5) ÷ 127.5 are stored as those bytes,
  /// one-hot targets as labels.
  std::unique_ptr<const Source> in_bytes(Team& team) const override;

 private:
  /// The elements of all samples, and the object that keeps them in memory.
  struct Array {
    TensorView elements;
    std::shared_ptr<const void> owner;
  };
  using Arrays = std::vector<Array>;

  static Array array_of(Tensor elements);
  /// Sets the fields from x_ and y_. Error, which names `where`, if their numbers of rows differ.
  void describe(const std::string& where);
  /// The same over arrays that have no other samples.
  Dataset alone() const;
  /// The samples of this set in one of its arrays.
  TensorView rows_of(const Arrays& arrays, size_t which) const;

  Spec spec_;
  Arrays x_, y_, weights_;
  int64_t begin_ = 0;
  std::shared_ptr<const DatasetInfo> info_ = std::make_shared<DatasetInfo>();
};

/// The two parts of a published data set: `auto [train, test] = datasets::mnist();`
struct DatasetParts {
  Dataset train, test;
};

}  // namespace cornu::inline v0
