#include "cornu/cli/explain.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0::cli {
namespace {

Mode mode_named(const std::string& name) {
  const std::vector<std::string> names = {"training", "evaluate", "predict"};
  constexpr std::array kModes = {Mode::training, Mode::evaluate, Mode::predict};
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return kModes[i];
  }
  throw unknown_name("--mode", "mode", name, names);
}

// The form of the model's training data, or float32 in its shapes for a model that was not trained.
Spec spec_of(const Model& model) {
  if (!model.data_spec().x.empty()) return model.data_spec();
  const Graph& graph = model.graph();
  const Shape output = graph.shape(graph.outputs()[0]).without_rows();
  Field target{output, {}};
  if (model.compiled() && model.compile_options().loss &&
      !needs_one_hot(*model.compile_options().loss)) {
    target = {Shape{}, {.dtype = DType::int64}};
  }
  return {.x = {{graph.shape(graph.inputs()[0]).without_rows(), {}}}, .y = {target}};
}

// Samples in the shapes of `spec` to measure on: a fifth of the elements not zero, as in pictures
// of digits, and labels of all classes in turn.
class DrawnSamples final : public Source {
 public:
  // All at once: drawing takes longer than a step.
  explicit DrawnSamples(Spec spec) : spec_(std::move(spec)), ids_(kSamples) {
    spec_.size = kSamples;
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
    drawn_ = make_batch(spec_, kSamples);
    for (Tensor& x : drawn_.x) draw(ids_, x);
    for (size_t i = 0; i < spec_.y.size(); ++i) label(ids_, spec_.y[i], drawn_.y[i]);
  }

  Spec spec() const override { return spec_; }

  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    for (size_t i = 0; i < drawn_.x.size(); ++i) gather(drawn_.x[i], ids, row, batch.x[i]);
    for (size_t i = 0; i < drawn_.y.size(); ++i) gather(drawn_.y[i], ids, row, batch.y[i]);
  }

 private:
  static constexpr int64_t kSamples = 1024;

  static void gather(const Tensor& from, std::span<const uint64_t> ids, int64_t row, Tensor& into) {
    const size_t bytes = from.nbytes() / kSamples;
    std::byte* to = into.data() + static_cast<size_t>(row) * bytes;
    for (uint64_t id : ids) {
      std::memcpy(to, from.data() + id * bytes, bytes);
      to += bytes;
    }
  }

  static void draw(std::span<const uint64_t> ids, Tensor& x) {
    const int64_t width = x.shape().without_rows().size();
    for (size_t row = 0; row < ids.size(); ++row) {
      for (int64_t j = 0; j < width; ++j) {
        const auto words = Philox::words(ids[row], static_cast<uint64_t>(j), 0);
        const uint32_t value = words[0] % 5 == 0 ? 1 + words[1] % 255 : 0;
        set(x, static_cast<int64_t>(row) * width + j, value);
      }
    }
  }

  static void label(std::span<const uint64_t> ids, const Field& field, Tensor& y) {
    const int64_t width = y.shape().without_rows().size();
    const int64_t classes = std::max<int64_t>(field.encoding.classes, 2);
    for (size_t row = 0; row < ids.size(); ++row) {
      for (int64_t j = 0; j < width; ++j) {
        const auto turn = static_cast<int64_t>(ids[row]);
        const bool hot = turn % width == j;
        const int64_t value = width > 1 ? static_cast<int64_t>(hot) : turn % classes;
        set(y, static_cast<int64_t>(row) * width + j, static_cast<uint32_t>(value));
      }
    }
  }

  static void set(Tensor& tensor, int64_t at, uint32_t value) {
    const auto index = static_cast<size_t>(at);
    switch (tensor.dtype()) {
      case DType::uint8:
        tensor.span<uint8_t>()[index] = static_cast<uint8_t>(value);
        break;
      case DType::int32:
        tensor.span<int32_t>()[index] = static_cast<int32_t>(value);
        break;
      case DType::int64:
        tensor.span<int64_t>()[index] = value;
        break;
      case DType::float32:
        tensor.span<float>()[index] = static_cast<float>(value) / 255;
        break;
      case DType::float64:
        tensor.span<double>()[index] = value / 255.0;
        break;
    }
  }

  Spec spec_;
  std::vector<uint64_t> ids_;
  Batch drawn_;
};

std::string measured(const Model& model, Mode mode, const ExplainOptions& options,
                     const std::optional<DatasetArgument>& argument) {
  if (!argument) {
    const DrawnSamples samples(spec_of(model));
    return model.explain_measured(samples, mode, options.batch_size);
  }
  const Data source = described_for(model, *argument, {.data_dir = options.data_dir});
  const Dataset train = fitted_to(model, part_of(source, Part::train), source.classes());
  return model.explain_measured(train, mode, options.batch_size);
}

}  // namespace

int explain(const ExplainOptions& options) {
  check_execution(options.execution);
  if (!options.data.empty() && !options.measure) {
    throw UsageError{"--data names the samples for --measure. Hint: give --measure too"};
  }
  if (!options.mode.empty()) on_command_line([&options] { return mode_named(options.mode); });
  std::optional<DatasetArgument> argument;
  if (!options.data.empty()) {
    argument = on_command_line([&options] { return dataset_argument(options.data); });
  }
  Model model = load_model_of(options.model);
  const bool trains = model.compiled() && model.compile_options().loss;
  if (trains && options.shards > 0) {
    CompileOptions compile = model.compile_options();
    compile.shards = static_cast<int>(options.shards);
    model.compile(std::move(compile));
  }
  model.execute_with(execution_of(options.execution));
  const Mode mode = !options.mode.empty() ? mode_named(options.mode)
                    : trains              ? Mode::training
                                          : Mode::predict;
  print(options.measure ? measured(model, mode, options, argument)
                        : model.explain(spec_of(model), mode, options.batch_size));
  return 0;
}

}  // namespace cornu::inline v0::cli
