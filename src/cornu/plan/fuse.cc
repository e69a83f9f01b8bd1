// The passes that move an op into another, which then carries it out on its own numbers.

#include <utility>

#include "cornu/kernels/table.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

// Whether nothing is done with the op's sums yet.
bool takes_epilogue(const Op& op) {
  return takes_fused(op.what) && op.fused.function == ops::Function::linear &&
         !op.fused.has_update() && !op.accumulate;
}

Fused::Update update_of(const Op& op) {
  if (const auto* sgd = std::get_if<ops::SgdUpdate>(&op.what)) return *sgd;
  if (const auto* adam = std::get_if<ops::AdamUpdate>(&op.what)) return *adam;
  if (const auto* rule = std::get_if<ops::RuleUpdate>(&op.what)) return *rule;
  return {};
}

void erase(Plan& plan, const std::vector<bool>& gone) {
  std::vector<Op> kept;
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    if (!gone[i]) kept.push_back(std::move(plan.ops[i]));
  }
  plan.ops = std::move(kept);
}

}  // namespace

void fuse_decode(Plan& plan) {
  const Uses uses(plan);
  std::vector<bool> gone(plan.ops.size());
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op decode = plan.ops[i];
    const auto* how = std::get_if<ops::Decode>(&decode.what);
    const SlotId decoded = decode.out[0];
    if (how == nullptr || plan.slot(decode.in[0]).dtype != DType::uint8) continue;
    const auto reads_first = [&](size_t reader) {
      const Op& op = plan.ops[reader];
      const auto is_decoded = [&](SlotId in) {
        return in != kNone && plan.base(in) == plan.base(decoded);
      };
      return takes_fused(op.what) && is_decoded(op.in[0]) &&
             std::none_of(op.in.begin() + 1, op.in.end(), is_decoded);
    };
    const auto& readers = uses.readers(decoded);
    // A table of addresses has one row per image, or one per line.
    const auto are_images = [&](size_t reader) { return takes_images(plan.ops[reader].what); };
    if (uses.is_result(decoded) || readers.empty() || !std::ranges::all_of(readers, reads_first) ||
        std::ranges::any_of(readers, are_images) != std::ranges::all_of(readers, are_images)) {
      continue;
    }
    for (size_t reader : uses.readers(decoded)) {
      Op& op = plan.ops[reader];
      op.fused.decode = *how;
      SlotId& x = op.in[0];
      x = plan.reshaped(decode.in[0], plan.slot(x).shape);
    }
    gone[i] = true;
  }
  erase(plan, gone);
}

void fuse_activation(Plan& plan) {
  const Uses uses(plan);
  std::vector<bool> gone(plan.ops.size());
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op op = plan.ops[i];
    const auto* forward = std::get_if<ops::Pointwise>(&op.what);
    const auto* backward = std::get_if<ops::PointwiseBack>(&op.what);
    if (forward == nullptr && backward == nullptr) continue;
    const SlotId sum = forward != nullptr ? op.in[0] : op.in[1];
    if (op.accumulate || !uses.only_for(sum, i)) continue;
    Op& producer = plan.ops[uses.writers(sum)[0]];
    if (!takes_epilogue(producer) ||
        !(plan.slot(producer.out[0]).shape == plan.slot(op.out[0]).shape)) {
      continue;
    }
    producer.fused.function = forward != nullptr ? forward->function : backward->function;
    if (backward != nullptr) producer.add_fused_input(Fused::kSaved, op.in[0]);
    producer.out = op.out;
    gone[i] = true;
  }
  erase(plan, gone);
}

void fuse_pool(Plan& plan) {
  const Uses uses(plan);
  std::vector<bool> gone(plan.ops.size());
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op& op = plan.ops[i];
    const auto* pool = std::get_if<ops::MaxPool>(&op.what);
    if (pool == nullptr || !uses.only_for(op.in[0], i)) continue;
    Op& producer = plan.ops[uses.writers(op.in[0])[0]];
    if (!takes_pool(producer.what) || producer.accumulate || producer.fused.has_update() ||
        !(plan.slot(producer.out[0]).shape == plan.slot(op.in[0]).shape)) {
      continue;
    }
    producer.fused.pool = pool->window;
    producer.out = op.out;
    gone[i] = true;
  }
  erase(plan, gone);
}

void fuse_shards(Plan& plan) {
  const Uses uses(plan);
  std::vector<bool> gone(plan.ops.size());
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op& sum = plan.ops[i];
    if (!std::holds_alternative<ops::SumShards>(sum.what) || sum.accumulate) continue;
    if (!uses.only_for(sum.in[0], i)) continue;
    Op& producer = plan.ops[uses.writers(sum.in[0])[0]];
    const auto* product = std::get_if<ops::Product>(&producer.what);
    if (product == nullptr || !takes_epilogue(producer)) continue;
    if (plan.lines(producer.in[ops::Product::kX]) > kernels::kProductBlock) continue;
    producer.out = {plan.reshaped(sum.out[0], plan.slot(producer.out[0]).shape)};
    producer.fused.sums_shards = true;
    gone[i] = true;
  }
  erase(plan, gone);
}

void fuse_update(Plan& plan) {
  const Uses uses(plan);
  std::vector<bool> gone(plan.ops.size());
  std::vector<std::vector<Op>> behind(plan.ops.size());
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op& update = plan.ops[i];
    const Fused::Update how = update_of(update);
    if (std::holds_alternative<std::monostate>(how) || !uses.only_for(update.in[0], i)) continue;
    // Ops that change the weight before its update must stay before it.
    if (std::ranges::any_of(uses.writers(update.out[0]), [i](size_t at) { return at < i; }))
      continue;
    const size_t producer = uses.writers(update.in[0])[0];
    const Op& gradient = plan.ops[producer];
    if (!takes_epilogue(gradient)) continue;
    Op fused = gradient;
    fused.fused.update = how;
    if (update.in.size() > 1) fused.add_fused_input(Fused::kNumbers, update.in[1]);
    // A gradient may have the weight's elements under another shape.
    fused.out.clear();
    for (const SlotId out : update.out) {
      fused.out.push_back(plan.reshaped(out, plan.slot(gradient.out[0]).shape));
    }
    // If the batch is computed in parts, the sums are kept in the gradient's slot between them.
    fused.fused.keeps_sums = std::holds_alternative<ops::ConvolutionKernel>(gradient.what) ||
                             plan.lines(gradient.in[1]) > kernels::kProductBlock;
    if (fused.fused.keeps_sums) fused.out.push_back(gradient.out[0]);
    fused.phase = Phase::update;
    // Placed after the last op that reads the weight.
    size_t at = producer;
    for (size_t reader : uses.readers(update.out[0])) at = std::max(at, reader);
    behind[at].push_back(std::move(fused));
    gone[producer] = gone[i] = true;
  }
  std::vector<Op> ops;
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    if (!gone[i]) ops.push_back(std::move(plan.ops[i]));
    for (Op& fused : behind[i]) ops.push_back(std::move(fused));
  }
  plan.ops = std::move(ops);
}

}  // namespace cornu::inline v0
