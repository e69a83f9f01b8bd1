#include "cornu/optimizers/optimizer.h"

#include "cornu/optimizers/adadelta.h"
#include "cornu/optimizers/adagrad.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/adamax.h"
#include "cornu/optimizers/adamw.h"
#include "cornu/optimizers/lion.h"
#include "cornu/optimizers/nadam.h"
#include "cornu/optimizers/rmsprop.h"
#include "cornu/optimizers/sgd.h"

namespace cornu::inline v0 {
namespace {

template <class O>
constexpr OptimizerEntry optimizer_entry_of() {
  return part_entry_of<Optimizer, O>(O::kName);
}

constexpr OptimizerEntry kOptimizers[] = {
    optimizer_entry_of<SGD>(),     optimizer_entry_of<Adam>(),    optimizer_entry_of<AdamW>(),
    optimizer_entry_of<RMSprop>(), optimizer_entry_of<Adagrad>(), optimizer_entry_of<Adadelta>(),
    optimizer_entry_of<Adamax>(),  optimizer_entry_of<Nadam>(),   optimizer_entry_of<Lion>(),
};

constexpr AbsentName kAbsentOptimizers[] = {
    {"adafactor", "adam"},
    {"ftrl", "adagrad"},
    {"lamb", "adamw"},
    {"muon", "lion"},
    {"multi_optimizer", "adam: one optimizer updates all weights"},
    {"loss_scale_optimizer", "adam: float32 needs no scale"},
    {"schedule_free_adamw", "adamw with use_ema"}};

}  // namespace

std::span<const OptimizerEntry> optimizer_table() {
  return kOptimizers;
}

template <>
const PartTable<Optimizer>& part_table<Optimizer>() {
  static constexpr PartTable<Optimizer> table(
      {.kind = "optimizer", .where = "optimizer", .absent = kAbsentOptimizers}, kOptimizers);
  return table;
}

const OptimizerEntry& optimizer_entry(std::string_view name) {
  return part_table<Optimizer>().entry(name);
}

Optimizer make_optimizer(std::string_view name, const Value::Map& config) {
  return optimizer_entry(name).make(config);
}

Optimizer::Optimizer(std::string_view name) : Optimizer(make_optimizer(name)) {}

}  // namespace cornu::inline v0
