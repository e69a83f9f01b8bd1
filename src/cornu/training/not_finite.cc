#include "cornu/training/not_finite.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

template <class T>
int64_t first_not_finite(std::span<const T> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return static_cast<int64_t>(i);
  }
  return -1;
}

// The first element that is not finite; -1 if there is none.
int64_t first_not_finite(TensorView values) {
  if (values.dtype() == DType::float32) return first_not_finite(values.span<float>());
  if (values.dtype() == DType::float64) return first_not_finite(values.span<double>());
  return -1;
}

/// The weights of a plan before a step, by slot.
std::map<SlotId, Tensor> weights_of(const Executor& executor, const Workspace& workspace) {
  std::map<SlotId, Tensor> weights;
  for (size_t i = 0; i < executor.plan().slots.size(); ++i) {
    const auto id = static_cast<SlotId>(i);
    const Slot& slot = executor.plan().slot(id);
    if (slot.kind != SlotKind::weight || slot.base != kNone) continue;
    weights.emplace(id, executor.value(id, workspace, 1));
  }
  return weights;
}

/// Searches the slots of a step that was just run, each of which has its own memory.
class Search {
 public:
  Search(const Executor& executor, const Workspace& workspace, const Batch& batch,
         const std::map<SlotId, Tensor>& weights_before, std::string moment)
      : executor_(executor),
        plan_(executor.plan()),
        workspace_(workspace),
        batch_(batch),
        weights_before_(weights_before),
        moment_(std::move(moment)) {}

  /// Whether a loss, a penalty or a weight is not finite.
  bool lost() const {
    for (const LossTerm& loss : plan_.losses) {
      if (at(loss.per_row) >= 0) return true;
    }
    for (const SlotId penalty : plan_.penalties) {
      if (at(penalty) >= 0) return true;
    }
    return std::ranges::any_of(weights_before_,
                               [this](const auto& each) { return at(each.first) >= 0; });
  }

  std::optional<Error> first() const {
    if (auto error = in_data(plan_.inputs, "input")) return error;
    if (auto error = in_data(plan_.targets, "target")) return error;
    if (auto error = in_data(plan_.sample_weights, "sample weight")) return error;
    for (const Op& op : plan_.ops) {
      for (const SlotId out : op.out) {
        const int64_t element = at(out);
        if (element >= 0) return found(op, out, element);
      }
    }
    return {};
  }

 private:
  TensorView value(SlotId id) const { return executor_.value(id, workspace_, batch_.rows); }
  int64_t at(SlotId id) const { return first_not_finite(value(id)); }
  static std::string number(TensorView values, int64_t element, int64_t each) {
    return shortest(values.at(element)) + " at element " + std::to_string(element % each);
  }
  std::string sample(int64_t row) const {
    return std::to_string(batch_.sample[static_cast<size_t>(row)]);
  }

  std::optional<Error> in_data(const Slots& data, const char* what) const {
    for (size_t i = 0; i < data.size(); ++i) {
      const int64_t element = at(data[i]);
      if (element < 0) continue;
      const TensorView rows = value(data[i]);
      const int64_t each = rows.size() / batch_.rows;
      return Error({.where = "sample " + sample(element / each),
                    .what = std::string(what) + " " + std::to_string(i) + " is not finite",
                    .found = number(rows, element, each),
                    .hint = "the model's weights are those from before the epoch"});
    }
    return {};
  }

  Error found(const Op& op, SlotId out, int64_t element) const {
    const TensorView values = value(out);
    const Slot& slot = plan_.slot(out);
    const std::string hint = largest_weight(op) +
                             "a smaller learning_rate, inputs scaled to [0, 1], clipnorm; the "
                             "model's weights are those from before the epoch";
    if (slot.shape.has_rows()) {
      const int64_t each = values.size() / batch_.rows;
      return Error(
          {.where = (is_loss_of_plan(out) ? "loss \"" : "layer \"") + op.layer + "\"",
           .what = (op.phase == Phase::backward ? "gradient " : "") + std::string(name(op.what)) +
                   " of sample " + sample(element / each) + " is not finite in " + moment_,
           .found = shortest(values.at(element)) + " at element " + std::to_string(element % each),
           .hint = hint});
    }
    const bool gradient = slot.kind == SlotKind::gradient;
    const std::string of =
        gradient && slot.name.starts_with("d ") ? slot.name.substr(2) : slot.name;
    return Error(
        {.where = "weight " + of,
         .what = (gradient ? "its gradient is not finite in " : "is not finite after ") + moment_,
         .found = number(values, element, values.size()),
         .hint = hint});
  }

  bool is_loss_of_plan(SlotId out) const {
    for (const LossTerm& loss : plan_.losses) {
      if (loss.per_row == out) return true;
    }
    return false;
  }

  // Names the largest number in the weights that an op reads.
  std::string largest_weight(const Op& op) const {
    double largest = 0;
    std::string of;
    for (const SlotId in : op.in) {
      const auto found = in == kNone ? weights_before_.end() : weights_before_.find(plan_.base(in));
      if (found == weights_before_.end()) continue;
      const Tensor& values = found->second;
      for (int64_t i = 0; i < values.size(); ++i) {
        if (!(std::abs(values.at(i)) > largest)) continue;
        largest = std::abs(values.at(i));
        of = plan_.slot(in).name;
      }
    }
    if (of.empty()) return "";
    return of + " reaches " + significant(largest, 3) + "; ";
  }

  const Executor& executor_;
  const Plan& plan_;
  const Workspace& workspace_;
  const Batch& batch_;
  const std::map<SlotId, Tensor>& weights_before_;
  const std::string moment_;
};

}  // namespace

std::optional<Error> find_not_finite(Learner& learner, const TrainingRun& run,
                                     uint64_t epochs_begun, int64_t epoch,
                                     std::span<const double> rates) {
  learner.go_back();
  const auto plain = learner.plain_training(run.spec, run.batch_size);
  const auto feed = run.feed.again(*plain);
  if (feed == nullptr) return {};
  const auto workspace = plain->make_workspace();
  std::optional<Error> found;
  for (size_t step = 0; !found; ++step) {
    Batch* const batch = feed->next();
    if (batch == nullptr) break;
    feed->gather(*batch, 0, batch->rows);
    Context context = learner.begin_step(epochs_begun);
    if (step < rates.size()) context.learning_rate = rates[step];
    const auto weights = weights_of(*plain, *workspace);
    plain->run(*batch, context, *workspace);
    const Search search(
        *plain, *workspace, *batch, weights,
        "step " + std::to_string(step + 1) + " of epoch " + std::to_string(epoch + 1));
    if (search.lost()) found = search.first();
  }
  learner.go_back();
  return found;
}

std::optional<Error> find_not_finite_sample(const Feed& feed, const Executor& executor,
                                            const Spec& spec) {
  const auto same = feed.again(executor);
  if (same == nullptr) return {};
  const auto look = [](const Batch& batch, int64_t row, TensorView sample,
                       const std::string& what) {
    const int64_t element = first_not_finite(sample);
    std::optional<Error> found;
    if (element >= 0) {
      found.emplace(ErrorParts{
          .where = "sample " + std::to_string(batch.sample[static_cast<size_t>(row)]),
          .what = what + " is not finite",
          .found = shortest(sample.at(element)) + " at element " + std::to_string(element)});
    }
    return found;
  };
  while (Batch* const batch = same->next()) {
    same->gather(*batch, 0, batch->rows);
    for (int64_t row = 0; row < batch->rows; ++row) {
      for (size_t i = 0; i < spec.x.size(); ++i) {
        const Field& field = spec.x[i];
        const TensorView x = batch->is_in_place(i)
                                 ? TensorView(batch->x_rows[i][static_cast<size_t>(row)],
                                              field.stored(), field.encoding.dtype)
                                 : batch->x[i].view().row(row);
        if (auto error = look(*batch, row, x, "input " + std::to_string(i))) return error;
      }
      for (size_t i = 0; i < batch->y.size(); ++i) {
        const TensorView y = batch->y[i].view().row(row);
        if (auto error = look(*batch, row, y, "target " + std::to_string(i))) return error;
      }
      for (size_t i = 0; i < batch->weights.size(); ++i) {
        const TensorView weight = batch->weights[i].view().row(row);
        if (auto error = look(*batch, row, weight, "sample weight " + std::to_string(i))) {
          return error;
        }
      }
    }
  }
  return {};
}

}  // namespace cornu::inline v0
