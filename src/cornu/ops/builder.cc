#include "cornu/ops/builder.h"

#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {

Builder::Scope::Scope(Builder& builder, std::string_view name)
    : builder_(builder), outer_(builder.scope_) {
  builder.scope_ = builder.qualified(name);
}

std::string Builder::qualified(std::string_view name) const {
  return scope_.empty() ? std::string(name) : scope_ + "/" + std::string(name);
}

SlotId Builder::make(Slot slot) {
  slots_.push_back(std::move(slot));
  return static_cast<SlotId>(slots_.size() - 1);
}

SlotId Builder::base(SlotId id) const {
  return slot(id).base == kNone ? id : slot(id).base;
}

static Outputs outputs_of(const What& what, const Builder& b, const Slots& in) {
  return std::visit([&](const auto& x) { return outputs(x, b, in); }, what);
}

Slots Builder::emit(What what, Slots in) {
  Slots out;
  for (const Output& output : outputs_of(what, *this, in)) {
    out.push_back(make({.name = qualified(name(what)),
                        .kind = SlotKind::activation,
                        .shape = output.shape,
                        .dtype = output.dtype}));
  }
  ops_.push_back({.what = std::move(what),
                  .in = std::move(in),
                  .out = out,
                  .phase = Phase::forward,
                  .layer = scope_});
  return out;
}

// An op without inputs does not state its outputs.
void Builder::require_fits(const What& what, const Slots& in, const Slots& out) const {
  const Outputs written = outputs_of(what, *this, in);
  const auto is_of = [&](SlotId id, const Output& each) {
    return slot(id).shape == each.shape && slot(id).dtype == each.dtype;
  };
  if (written.empty() || std::ranges::equal(out, written, is_of)) return;
  const auto text = [](const Shape& shape, DType dtype) {
    return shape.str() + " " + std::string(name(dtype));
  };
  std::string expected;
  std::string found;
  for (const Output& each : written) {
    expected += (expected.empty() ? "" : ", ") + text(each.shape, each.dtype);
  }
  for (const SlotId id : out) {
    found += (found.empty() ? "" : ", ") + text(slot(id).shape, slot(id).dtype);
  }
  throw Error({.where = scope_.empty() ? "Builder" : scope_,
               .what = "the op " + std::string(name(what)) + " has the wrong outputs",
               .expected = std::move(expected),
               .found = std::move(found)});
}

void Builder::update(What what, Slots in, Slots out) {
  require_fits(what, in, out);
  ops_.push_back({.what = std::move(what),
                  .in = std::move(in),
                  .out = std::move(out),
                  .phase = Phase::update,
                  .layer = scope_});
}

void Builder::change(What what, Slots in, Slots out) {
  update(std::move(what), std::move(in), std::move(out));
  ops_.back().phase = Phase::backward;
}

SlotId Builder::update_one(What what, Slots in) {
  const SlotId made = emit_one(std::move(what), std::move(in));
  ops_.back().phase = Phase::update;
  ops_.back().split = Split::one;
  return made;
}

Slots Builder::step(What what, Slots states) {
  const Slots made = emit(std::move(what), states);
  Op op = std::move(ops_.back());
  ops_.pop_back();
  op.phase = Phase::prepare;
  op.split = Split::one;
  op.out.insert(op.out.end(), states.begin(), states.end());
  ops_.insert(ops_.begin(), std::move(op));
  return made;
}

SlotId Builder::input(std::string name, Shape shape, DType dtype) {
  return make({.name = std::move(name), .kind = SlotKind::input, .shape = shape, .dtype = dtype});
}

void Builder::declare_weight(const std::string& name, Shape shape, bool trainable) {
  if (named_.contains(name)) return;
  const std::string layer = name.substr(0, name.rfind('/'));
  named_[name] = make({.name = name,
                       .kind = SlotKind::weight,
                       .shape = shape,
                       .dtype = real_,
                       .trainable = trainable && !frozen_.contains(layer)});
}

void Builder::declare_same_weight(const std::string& name, const std::string& as) {
  named_.try_emplace(name, named_.at(as));
}

SlotId Builder::weight(std::string_view name) const {
  const auto found = named_.find(qualified(name));
  if (found == named_.end()) {
    throw Error({.where = scope_,
                 .what = "no weight \"" + std::string(name) + "\"",
                 .hint = "list it in the layer's weights()"});
  }
  return found->second;
}

SlotId Builder::state(std::string_view name, Shape shape, double initial, DType dtype) {
  const std::string path = qualified(name);
  if (const auto found = named_.find(path); found != named_.end()) return found->second;
  return named_[path] = make({.name = path,
                              .kind = SlotKind::state,
                              .shape = shape,
                              .dtype = dtype == DType::float32 ? real_ : dtype,
                              .initial = initial});
}

SlotId Builder::reshape(SlotId id, Shape shape) {
  Slot alias = slot(id);
  if (shape.size() != alias.shape.size() || shape.has_rows() != alias.shape.has_rows()) {
    throw Error({.where = scope_.empty() ? "reshape" : scope_ + ": reshape",
                 .expected = "a shape with as many elements as " + alias.shape.str(),
                 .found = shape.str()});
  }
  if (alias.shape == shape) return id;
  alias.base = base(id);
  alias.shape = shape;
  return make(std::move(alias));
}

SlotId Builder::gradient(SlotId id) {
  const SlotId owner = base(id);
  auto found = gradients_.find(owner);
  if (found == gradients_.end()) {
    const Slot& of = slot(owner);
    const SlotId made = make(
        {.name = "d " + of.name, .kind = SlotKind::gradient, .shape = of.shape, .dtype = real_});
    found = gradients_.emplace(owner, made).first;
  }
  return reshape(found->second, slot(id).shape);
}

void Builder::add(SlotId gradient, What what, Slots in) {
  const auto add_op = [&](What each, Slots from, SlotId to, bool accumulate) {
    require_fits(each, from, {to});
    ops_.push_back({.what = std::move(each),
                    .in = std::move(from),
                    .out = {to},
                    .phase = Phase::backward,
                    .layer = scope_,
                    .accumulate = accumulate});
  };
  const bool first = written_gradients_.insert(base(gradient)).second;
  if (row_weights_.slot == kNone) return add_op(std::move(what), std::move(in), gradient, !first);
  const Slot unweighted = slot(gradient);
  const SlotId made = make({.name = unweighted.name + " unweighted",
                            .kind = SlotKind::gradient,
                            .shape = unweighted.shape,
                            .dtype = real_});
  add_op(std::move(what), std::move(in), made, false);
  add_op(ops::ScaleRows{row_weights_.times_count}, {made, row_weights_.slot}, gradient, !first);
}

Slots Builder::back(What what, Slots in) {
  Slots out = emit(std::move(what), std::move(in));
  ops_.back().phase = Phase::backward;
  return out;
}

void Builder::seed_gradient(SlotId id, SlotId gradient) {
  gradients_[base(id)] = gradient;
  written_gradients_.insert(gradient);
}

bool Builder::has_gradient(SlotId id) const {
  const auto found = gradients_.find(base(id));
  return found != gradients_.end() && written_gradients_.contains(found->second);
}

const LossTerm* Builder::term_of(SlotId per_row) const {
  const auto found = terms_.find(per_row);
  return found == terms_.end() ? nullptr : &losses_[found->second];
}

void Builder::add_loss(LossTerm term) {
  terms_.try_emplace(term.per_row, losses_.size());
  losses_.push_back(term);
}

void Builder::add_penalty(SlotId value) {
  is_penalty_.insert(value);
  penalties_.push_back(value);
}

double Builder::loss_weight(SlotId per_row) const {
  const LossTerm* term = row_weights_.times_count ? nullptr : term_of(per_row);
  return term == nullptr ? 1 : term->weight;
}

// A loss computes its gradient for the mean of its values. Where other ops compute
// the loss, or compute more from it, backward begins with the gradient of that mean.
void Builder::begin_gradient(const Op& op) {
  if (is_penalty(op.out[0])) add(gradient(op.out[0]), ops::MeanBack{}, {op.out[0]});
  const LossTerm* term = term_of(op.out[0]);
  if (is_loss(op.what) && !has_gradient(op.out[0])) {
    row_weights_ = {term->sample_weight, false};
    return;
  }
  if (term != nullptr) {
    row_weights_ = {term->sample_weight, false};
    add(gradient(op.out[0]), ops::MeanBack{term->weight}, {op.out[0]});
    row_weights_ = {};
  }
  if (is_loss(op.what)) row_weights_ = {gradient(op.out[0]), true};
}

void Builder::derive_gradients() {
  for (size_t i = ops_.size(); i-- > 0;) {
    const Op op = ops_[i];  // a copy: gradients append to ops_
    if (op.phase != Phase::forward) continue;
    bool wanted = term_of(op.out[0]) != nullptr || is_penalty(op.out[0]);
    for (SlotId out : op.out) wanted = wanted || has_gradient(out);
    if (!wanted) continue;
    scope_ = op.layer;
    begin_gradient(op);
    std::visit([&](const auto& x) { ops::gradient(x, op, *this); }, op.what);
    row_weights_ = {};
  }
  scope_.clear();
}

uint64_t Builder::stream(int64_t seed) {
  const uint64_t use = streams_[scope_]++;
  const uint64_t stream = mix(name_hash(scope_), use);
  return seed < 0 ? stream : mix(stream, static_cast<uint64_t>(seed));
}

const Op* Builder::producer(SlotId id) const {
  const SlotId owner = base(id);
  for (const Op& op : ops_) {
    for (SlotId out : op.out) {
      if (base(out) == owner && op.phase == Phase::forward) return &op;
    }
  }
  return nullptr;
}

}  // namespace cornu::inline v0
