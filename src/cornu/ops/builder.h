#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/ops/op.h"

namespace cornu::inline v0 {

/// A loss with one value per row, and its weight in the sum that is minimized.
struct LossTerm {
  SlotId per_row = kNone;
  double weight = 1;
  SlotId sample_weight = kNone;  ///< the weight of each row; kNone: 1
  size_t output = 0;             ///< index of the network's output that it is computed from
};

/// Collects the slots and ops that descriptions write, in order, and checks their shapes. For one
/// thread.
class CORNU_API Builder {
 public:
  /// `real` is the dtype of every computed number: float32, or float64 for the reference.
  explicit Builder(DType real = DType::float32) : real_(real) {}

  /// While it lives, weights and states are looked up under `name` and errors name it.
  class Scope {
   public:
    Scope(Builder& builder, std::string_view name);
    ~Scope() { builder_.scope_ = outer_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Builder& builder_;
    std::string outer_;
  };
  Scope scope(std::string_view name) { return Scope(*this, name); }

  /// Adds an op and returns the slots it writes. Error naming the layer in scope when the shapes
  /// do not fit.
  Slots emit(What what, Slots in);
  /// Same, for an op that writes one slot: returns that slot.
  SlotId emit_one(What what, Slots in) { return emit(std::move(what), std::move(in))[0]; }
  /// Adds an update that writes the existing slots `out`. Error when their shapes, dtypes or number
  /// are not those that the op writes; also in the functions below.
  void update(What what, Slots in, Slots out);
  /// Adds an op that changes the existing gradients or states `out` at every step.
  void change(What what, Slots in, Slots out);
  /// Adds an op of the update phase that one member runs, and returns the slot it writes.
  SlotId update_one(What what, Slots in);
  /// Adds an op that prepares a step, on one member: it reads `states` and writes them and
  /// the slots that it returns.
  Slots step(What what, Slots states);

  /// A slot in the memory of the batch.
  SlotId input(std::string name, Shape shape, DType dtype);
  /// Declares a weight under its full name, "dense/kernel".
  void declare_weight(const std::string& name, Shape shape, bool trainable);
  /// Gives the declared weight `as` a second name.
  void declare_same_weight(const std::string& name, const std::string& as);
  /// Marks the layer of this path and its weights as not trained.
  void freeze(const std::string& path) { frozen_.insert(path); }
  /// Whether the layer in scope trains.
  bool trains() const { return !frozen_.contains(scope_); }
  /// A weight of the layer in scope; asking again gives the same slot.
  SlotId weight(std::string_view name) const;
  /// A state of the scope: made on first use, every element `initial` before the first step.
  SlotId state(std::string_view name, Shape shape, double initial = 0,
               DType dtype = DType::float32);
  /// The same memory under another shape, which has as many elements.
  SlotId reshape(SlotId slot, Shape shape);

  /// dL/dslot, made on first use.
  SlotId gradient(SlotId slot);
  /// Adds the contribution of one user of a slot to its gradient: the first overwrites it, later
  /// ones add to it. Only `gradient` overloads call it.
  void add(SlotId gradient, What what, Slots in);
  /// Adds an op of the backward pass and returns the slots it writes, which later ops read.
  Slots back(What what, Slots in);
  /// Uses `gradient` as dL/dslot, for a backward pass that begins without a loss.
  void seed_gradient(SlotId slot, SlotId gradient);
  /// Whether anything has been added to the slot's gradient.
  bool has_gradient(SlotId slot) const;
  void add_loss(LossTerm term);
  /// Adds a number, of shape (1), to the sum that is minimized; it counts once per step.
  void add_penalty(SlotId value);
  /// The factor of a loss's gradient: its weight as given to add_loss, or 1 where
  /// other ops compute a loss from its values.
  double loss_weight(SlotId per_row) const;
  /// Adds the backward ops of everything the losses depend on, last op first.
  void derive_gradients();

  /// A random stream of the layer in scope, a new one at each call; with a seed of 0 or more,
  /// another one for each seed.
  uint64_t stream(int64_t seed = -1);

  const Slot& slot(SlotId id) const { return slots_[static_cast<size_t>(id)]; }
  /// The op that writes a slot, or nullptr for inputs, weights and states.
  const Op* producer(SlotId id) const;
  DType real() const { return real_; }
  const std::string& scope_name() const { return scope_; }
  const std::vector<Slot>& slots() const { return slots_; }
  std::vector<Op>& ops() { return ops_; }
  const std::vector<LossTerm>& losses() const { return losses_; }
  const Slots& penalties() const { return penalties_; }

 private:
  /// The factor per row of a loss's gradient, while that gradient is derived.
  struct RowWeights {
    SlotId slot = kNone;
    bool times_count = false;
  };

  SlotId make(Slot slot);
  void require_fits(const What& what, const Slots& in, const Slots& out) const;
  const LossTerm* term_of(SlotId per_row) const;
  bool is_penalty(SlotId value) const { return is_penalty_.contains(value); }
  void begin_gradient(const Op& op);
  SlotId base(SlotId id) const;
  std::string qualified(std::string_view name) const;

  DType real_;
  std::string scope_;
  std::vector<Slot> slots_;
  std::vector<Op> ops_;
  std::vector<LossTerm> losses_;
  std::map<SlotId, size_t> terms_;  ///< per_row slot -> index of its first term in losses_
  Slots penalties_;
  std::set<SlotId> is_penalty_;
  RowWeights row_weights_;
  std::map<std::string, SlotId> named_;
  std::map<SlotId, SlotId> gradients_;
  std::set<SlotId> written_gradients_;
  std::map<std::string, uint64_t> streams_;
  std::set<std::string> frozen_;
};

}  // namespace cornu::inline v0
