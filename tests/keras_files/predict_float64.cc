// What the network of a model file makes of the arrays x0, x1, … of an .npz file, computed in
// float64 by plain loops, as y0, y1, …: `predict_float64 [--after-step] MODEL IN.npz OUT.npz`. With
// --after-step it is trained on them and target0, … before, with its optimizer as it was saved. For
// python/tests/test_keras_files.py: the truth that Keras and Cornu are both compared with.

#include <cstdio>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/npz.h"
#include "cornu/models/load_model.h"
#include "cornu/plan/executor.h"
#include "cornu/training/training_state.h"

namespace {

using namespace cornu;

Tensor as_float64(TensorView values) {
  Tensor converted(values.shape(), DType::float64);
  const TensorView flat = values.reshape({values.size()});
  for (int64_t i = 0; i < flat.size(); ++i) {
    converted.span<double>()[static_cast<size_t>(i)] = flat.at(i);
  }
  return converted;
}

using Tensors = std::map<std::string, Tensor>;

void take(Tensors& tensors, const std::string& name, TensorView values) {
  tensors.insert_or_assign(name, as_float64(values));
}

/// A model in float64, and the arrays that it computes with.
class Float64Model {
 public:
  Float64Model(Model model, const std::string& arrays_path)
      : model_(std::move(model)), graph_(model_.graph()), path_(arrays_path) {
    const Block file = read_block(path_, kLargestFile);
    arrays_ = formats::read_npz(file.span(), path_);
    for (const NamedWeight& each : graph_.weights()) take(memory_, each.name, each.weight->value);
    batch_.x = batch_of("x", graph_.inputs().size());
    batch_.rows = batch_.x.at(0).shape()[0];
    samples_.resize(static_cast<size_t>(batch_.rows));
    std::iota(samples_.begin(), samples_.end(), uint64_t{0});
    batch_.sample = samples_;
    for (const int input : graph_.inputs()) spec_.x.push_back(field(graph_.shape(input)));
  }

  /// One step of training on x0, … and target0, …, from the state in which the model was saved.
  void train() {
    const CompileOptions& compiled = model_.compile_options();
    const TrainingState state = model_.training_state();
    for (const auto& [name, values] : state.optimizer) take(memory_, name, values);
    batch_.y = batch_of("target", graph_.outputs().size());
    Spec spec = spec_;
    for (const Tensor& each : batch_.y) spec.y.push_back(field(each.shape()));
    run(make_plan(graph_, spec, for_outputs(compiled, graph_.output_names(), path_).losses,
                  &compiled.optimizer, options(Mode::training)),
        {.learning_rate = state.learning_rate.value_or(
             compiled.optimizer->learning_rate().at(static_cast<double>(state.steps))),
         .updates = state.steps});
  }

  std::vector<Tensor> predict() {
    return run(make_plan(graph_, spec_, {}, nullptr, options(Mode::predict)), {});
  }

 private:
  static Field field(const Shape& shape) {
    return {shape.without_rows(), {.dtype = DType::float64}};
  }
  PlanOptions options(Mode mode) const {
    return {.mode = mode, .capacity = batch_.rows, .real = DType::float64};
  }
  std::vector<Tensor> batch_of(const std::string& name, size_t count) const {
    std::vector<Tensor> all;
    for (size_t i = 0; i < count; ++i) {
      all.push_back(as_float64(arrays_.at(name + std::to_string(i), path_)));
    }
    return all;
  }
  // The outputs.
  std::vector<Tensor> run(Plan plan, const Context& context) {
    const auto executor = make_reference_executor<double>(std::move(plan), [&](const Slot& slot) {
      auto found = memory_.find(slot.name);
      if (found == memory_.end()) {
        found = memory_.emplace(slot.name, Tensor(slot.shape, DType::float64)).first;
        for (double& each : found->second.span<double>()) each = slot.initial;
      }
      return found->second.data();
    });
    const auto workspace = executor->make_workspace();
    executor->run(batch_, context, *workspace);
    std::vector<Tensor> results;
    for (const SlotId y : executor->plan().outputs) {
      results.emplace_back(executor->value(y, *workspace, batch_.rows));
    }
    return results;
  }

  Model model_;
  const Graph& graph_;
  std::string path_;
  formats::Npz arrays_;
  Tensors memory_;  ///< weights and states
  Spec spec_;
  std::vector<uint64_t> samples_;
  Batch batch_;
};

void predict(bool after_step, const std::string& model, const std::string& in,
             const std::string& out) {
  Float64Model computed(load_model(model, {.compile = after_step, .check_sample = false}), in);
  if (after_step) computed.train();
  formats::Npz results;
  for (Tensor& y : computed.predict()) {
    results.tensors.emplace_back("y" + std::to_string(results.tensors.size()), std::move(y));
  }
  replace_file(out, formats::npz_parts(results.tensors));
}

}  // namespace

int main(int argc, char** argv) {
  const bool after_step = argc == 5 && std::string(argv[1]) == "--after-step";
  if (argc != 4 && !after_step) {
    std::fprintf(stderr, "usage: predict_float64 [--after-step] MODEL IN.npz OUT.npz\n");
    return 2;
  }
  try {
    predict(after_step, argv[argc - 3], argv[argc - 2], argv[argc - 1]);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
