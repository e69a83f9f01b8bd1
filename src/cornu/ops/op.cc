#include "cornu/ops/op.h"

#include <algorithm>

namespace cornu::inline v0 {

std::string_view name(const What& what) {
  return std::visit([](const auto& x) { return x.kName; }, what);
}

bool is_loss(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kIsLoss;
        };
      },
      what);
}

bool is_elementwise(const What& what) {
  return std::visit([]<class X>(const X&) { return ops::Elementwise<X>; }, what);
}

bool takes_slices(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kTakesSlices;
        };
      },
      what);
}

bool exchanges(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kExchanges;
        };
      },
      what);
}

bool takes_fused(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kTakesFused;
        };
      },
      what);
}

bool takes_images(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kTakesImages;
        };
      },
      what);
}

bool takes_pool(const What& what) {
  return std::visit(
      []<class X>(const X&) {
        return requires {
          X::kTakesPool;
        };
      },
      what);
}

int most_leading_axes(const Op& op) {
  if (op.fused.skips_zeros) return 1;
  const int most = std::visit(
      []<class X>(const X&) {
        if constexpr (requires { X::kLeadingAxes; }) return X::kLeadingAxes;
        return 1;
      },
      op.what);
  return op.fused.pool ? std::min(most, ops::MaxPool::kLeadingAxes) : most;
}

namespace {

// What the struct states of its first input, or of its other slots.
Layout stated_layout(const What& what, bool is_first_input) {
  return std::visit(
      [&]<class X>(const X&) {
        if constexpr (requires { X::kFirstLayout; }) {
          if (is_first_input) return X::kFirstLayout;
        }
        if constexpr (requires { X::kLayout; }) return X::kLayout;
        return Layout::side_by_side;
      },
      what);
}

// Numbers that fused ops read lie as those that they write.
Layout layout_of_input(const Op& op, size_t input) {
  if (op.fused.skips_zeros) return Layout::side_by_side;
  const bool is_fused = std::ranges::find(op.fused.place, input) != op.fused.place.end();
  return input != 0 && is_fused ? Layout::side_by_side : stated_layout(op.what, input == 0);
}

Layout layout_of_outputs(const Op& op) {
  if (op.fused.skips_zeros || op.fused_input(Fused::kSaved) != kNone) return Layout::side_by_side;
  return op.fused.pool ? ops::MaxPool::kLayout : stated_layout(op.what, false);
}

}  // namespace

bool takes_strides(const Op& op, SlotId id, const Shape& shape, const Strides& strides) {
  for (size_t i = 0; i < op.in.size(); ++i) {
    if (op.in[i] == id && !has_layout(shape, strides, layout_of_input(op, i))) return false;
  }
  const bool is_output = std::ranges::find(op.out, id) != op.out.end();
  return !is_output || has_layout(shape, strides, layout_of_outputs(op));
}

std::vector<std::string> fused_text(const Op& op) {
  const Fused& fused = op.fused;
  std::vector<std::string> names;
  if (fused.decode) names.emplace_back(ops::Decode::kName);
  if (op.fused_input(Fused::kNonzero) != kNone || fused.skips_zeros) {
    names.emplace_back(ops::Nonzero::kName);
  }
  if (fused.sums_shards) names.emplace_back(ops::SumShards::kName);
  if (fused.function != ops::Function::linear) {
    const bool back = op.fused_input(Fused::kSaved) != kNone;
    names.push_back(std::string(kernels::name(fused.function)) + (back ? "_back" : ""));
  }
  if (fused.pool) names.emplace_back(ops::MaxPool::kName);
  std::visit(
      [&]<class U>(const U&) {
        if constexpr (!std::is_same_v<U, std::monostate>) names.emplace_back(U::kName);
      },
      fused.update);
  return names;
}

std::string fields_text(const What& what) {
  return std::visit(
      []<class X>(const X& x) {
        const Value::Map now = fields_to_map(x);
        const Value::Map defaults = fields_to_map(X{});
        Value::Map told;
        for (size_t i = 0; i < now.size(); ++i) {
          if (!(now[i] == defaults[i])) told.push_back(now[i]);
        }
        return told.empty() ? std::string() : Value(told).str();
      },
      what);
}

namespace {

double fused_flops(const Fused& fused, const Sizes& sizes) {
  double flops = 0;
  if (fused.decode) flops += 2 * sizes.in[0];
  if (fused.function != ops::Function::linear) flops += sizes.out[0];
  if (std::holds_alternative<ops::SgdUpdate>(fused.update)) flops += 2 * sizes.out[0];
  if (std::holds_alternative<ops::AdamUpdate>(fused.update)) flops += 12 * sizes.out[0];
  if (std::holds_alternative<ops::RuleUpdate>(fused.update)) flops += 14 * sizes.out[0];
  return flops;
}

}  // namespace

double flops(const Op& op, const Sizes& sizes) {
  return fused_flops(op.fused, sizes) +
         std::visit([&](const auto& x) { return ops::flops(x, op, sizes); }, op.what);
}

Share written_share(const Op& op) {
  switch (op.split) {
    case Split::first_axis:
      return Share::first_axis;
    case Split::last_axis:
      return Share::last_axis;
    case Split::one:
      return Share::all;
  }
  return Share::all;
}

Share share_of_samples(const Op& op) {
  return op.split == Split::first_axis && op.leading_axes == 1 ? Share::first_axis : Share::all;
}

Share reads(const Op& op, size_t input) {
  for (size_t which = 0; which < Fused::kInputs; ++which) {
    if (op.fused.place[which] == 0 || op.fused.place[which] != input) continue;
    return which == Fused::kSaved ? written_share(op) : Share::all;
  }
  return std::visit([&]<ops::StatesReads X>(const X& x) { return ops::reads(x, op, input); },
                    op.what);
}

Sizes sizes_of(const Op& op, const std::vector<Slot>& slots, int64_t rows) {
  const auto size = [&](SlotId id) {
    return id == kNone ? 0.0 : static_cast<double>(slots[static_cast<size_t>(id)].shape.size(rows));
  };
  Sizes sizes;
  for (SlotId id : op.in) sizes.in.push_back(size(id));
  for (SlotId id : op.out) sizes.out.push_back(size(id));
  return sizes;
}

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::training:
      return "training";
    case Mode::evaluate:
      return "evaluate";
    case Mode::predict:
      return "predict";
  }
  return "";
}

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::prepare:
      return "prepare";
    case Phase::forward:
      return "forward";
    case Phase::backward:
      return "backward";
    case Phase::update:
      return "update";
  }
  return "";
}

std::string split_text(const Op& op) {
  if (op.of_slice) return "slice";
  switch (op.split) {
    case Split::first_axis:
      return op.leading_axes == 1 ? "axis 0" : "axes 0-" + std::to_string(op.leading_axes - 1);
    case Split::last_axis:
      return "axis -1";
    case Split::one:
      return "one";
  }
  return "";
}

}  // namespace cornu::inline v0
