// The passes that move an op into a product.

#include <utility>

#include "cornu/kernels/table.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

using ops::Product;

Product* product_of(Op& op) {
  return std::get_if<Product>(&op.what);
}

/// A product without a fused function or update.
bool is_bare(const Product& p) {
  return p.function == kernels::Function::linear &&
         std::holds_alternative<std::monostate>(p.update);
}

SlotId& input(Op& op, Product::Input which) {
  if (op.in.size() < Product::kInputs) op.in.resize(Product::kInputs, kNone);
  return op.in[which];
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
    const auto reads_as_x = [&](size_t reader) {
      const Op& op = plan.ops[reader];
      return std::holds_alternative<Product>(op.what) && op.in[Product::kX] != kNone &&
             plan.base(op.in[Product::kX]) == plan.base(decoded) &&
             plan.base(op.in[Product::kW]) != plan.base(decoded);
    };
    if (uses.is_result(decoded) || uses.readers(decoded).empty() ||
        !std::ranges::all_of(uses.readers(decoded), reads_as_x)) {
      continue;
    }
    for (size_t reader : uses.readers(decoded)) {
      Op& op = plan.ops[reader];
      product_of(op)->decode = *how;
      SlotId& x = op.in[Product::kX];
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
    Product* product = product_of(producer);
    if (product == nullptr || !is_bare(*product) || producer.accumulate ||
        !(plan.slot(producer.out[0]).shape == plan.slot(op.out[0]).shape)) {
      continue;
    }
    product->function = forward != nullptr ? forward->function : backward->function;
    if (backward != nullptr) input(producer, Product::kSaved) = op.in[0];
    producer.out = op.out;
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
    const auto* sgd = std::get_if<ops::SgdUpdate>(&update.what);
    const auto* adam = std::get_if<ops::AdamUpdate>(&update.what);
    if ((sgd == nullptr && adam == nullptr) || !uses.only_for(update.in[0], i)) continue;
    // Ops that change the weight before its update must stay before it.
    if (std::ranges::any_of(uses.writers(update.out[0]), [i](size_t at) { return at < i; }))
      continue;
    const size_t producer = uses.writers(update.in[0])[0];
    const Op& gradient = plan.ops[producer];
    const auto* product = std::get_if<Product>(&gradient.what);
    if (product == nullptr || !is_bare(*product) || gradient.accumulate) continue;
    Op fused = gradient;
    Product& what = *product_of(fused);
    if (sgd != nullptr) what.update = *sgd;
    if (adam != nullptr) {
      what.update = *adam;
      input(fused, Product::kAlpha) = update.in[1];
    }
    // If the product computes the batch in blocks, its sums are kept in the gradient's slot between
    // them.
    fused.out = update.out;
    const int64_t depth = plan.lines(gradient.in[Product::kX]);
    if (depth > kernels::kProductBlock) fused.out.push_back(gradient.out[0]);
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
