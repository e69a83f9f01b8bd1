#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/handle.h"
#include "cornu/core/stop.h"
#include "cornu/core/stream.h"
#include "cornu/graph/graph.h"
#include "cornu/models/compile_options.h"
#include "cornu/models/model_card.h"
#include "cornu/models/predictor.h"
#include "cornu/training/evaluate.h"
#include "cornu/training/fit.h"
#include "cornu/training/training_state.h"

namespace cornu::inline v0 {

struct ModelOptions {
  std::string name = {};  ///< name of the model; empty: "sequential" or "functional", as a layer
                          ///< of another model the first free of "sequential", "sequential_1", …
  uint64_t seed = 0;      ///< random seed of initial weights, shuffles and dropout
};

struct SummaryOptions {
  /// Also show each layer's FLOPs to predict a sample, the bytes of its activations while it trains
  /// on one, and, once compiled, the bytes of the optimizer's state.
  bool costs = false;
};

struct LoadWeightsOptions {
  /// Whether layers match by name, and all others stay as they are: of .h5 files; weights of .npz
  /// and .safetensors files. If not, the network must have every weight of the file, and no other.
  bool by_name = false;
  /// Whether weights of another shape stay as they are; layers with another number of weights, too,
  /// but not where layers of .h5 files match by their order.
  bool skip_mismatch = false;
};

/// Weights of the samples of one batch, and of classes.
struct BatchOptions {
  /// Weight of each sample (size,), float32, ≥ 0; empty: all 1.
  Tensor sample_weight = {};
  /// Weight of each class by its number, ≥ 0; a missing class weighs 1.
  ClassWeight class_weight = {};
};

struct PredictOptions {
  /// Samples per batch, > 0, or fewer where no hook or bar counts batches; the numbers do not
  /// depend on it.
  int64_t batch_size = 256;
  /// 0: nothing is printed; 1: a bar, which runs where it is live, then a line; 2: the line without
  /// a bar.
  int64_t verbose = 0;
  Callbacks callbacks = {};  ///< hooks that are called around batches
  /// Ends the prediction after the present batch once a stop is requested: the outputs are then
  /// those of the samples before, nothing more is printed and on_predict_end is not called.
  StopToken stop = {};
  /// Where the line is printed; null: standard error.
  std::ostream* stream = nullptr;
  /// The form of the line.
  ProgressStyle progress_style = ProgressStyle::tutorial;
  /// As in a fit: the running bar of `stream`.
  std::optional<LiveBar> live_bar = {};
};

/// A network with its weights: define, compile, fit, evaluate, predict, save. Threads may call
/// const members (predict, evaluate, summary, save, …) at the same time, while no thread calls a
/// non-const one.
class CORNU_API Model {
 public:
  /// The network between these tensors: auto x = Input({784}); Model({x}, {Dense({.units =
  /// 10})(x)}). Error when an output depends on an Input that is not among the inputs.
  Model(SymbolicTensors inputs, SymbolicTensors outputs, ModelOptions options = {});
  /// The same for one input, one output, or one of each: Model(x, y), Model({a, b}, y).
  template <std::convertible_to<SymbolicTensor> X, std::convertible_to<SymbolicTensor> Y>
  Model(const X& input, const Y& output, ModelOptions options = {})
      : Model(SymbolicTensors{input}, SymbolicTensors{output}, std::move(options)) {}
  template <std::convertible_to<SymbolicTensor> X>
  Model(const X& input, SymbolicTensors outputs, ModelOptions options = {})
      : Model(SymbolicTensors{input}, std::move(outputs), std::move(options)) {}
  template <std::convertible_to<SymbolicTensor> Y>
  Model(SymbolicTensors inputs, const Y& output, ModelOptions options = {})
      : Model(std::move(inputs), SymbolicTensors{output}, std::move(options)) {}
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  virtual ~Model();

  const std::string& name() const;
  /// "Functional" or "Sequential".
  std::string_view type() const;
  bool built() const;
  /// The network as data. Error before it is built.
  const Graph& graph() const;
  std::vector<Layer> layers() const;
  /// The layer of that name, or at that place among layers(). Error, with the known names, if
  /// there is none.
  Layer get_layer(std::string_view name) const;
  Layer get_layer(int64_t index) const;
  /// The network's input and output tensors. Error before it is built.
  const SymbolicTensors& inputs() const;
  const SymbolicTensors& outputs() const;

  /// The model as a layer of another, whose weights are the same. Error before it is built.
  Layer as_layer() const;
  SymbolicTensor operator()(const SymbolicTensor& x) const { return as_layer()(x); }
  SymbolicTensor operator()(const SymbolicTensors& x) const { return as_layer()(x); }
  /// Sets whether each of its layers trains, from the next compile() on.
  void set_trainable(bool trainable);

  /// Every weight under its name, in model order. Error before it is built.
  std::vector<std::pair<std::string, TensorView>> weights() const;
  /// Replaces a weight's values. Error for an unknown name, another shape, and values that are
  /// not finite.
  void set_weight(std::string_view name, TensorView values);

  /// Keras's table of layers, output shapes, numbers of parameters and, except for a Sequential,
  /// connections. Error before it is built.
  std::string summary(const SummaryOptions& options = {}) const;

  /// Fixes and checks loss, optimizer and metrics; the optimizer starts anew.
  void compile(CompileOptions options);
  bool compiled() const;
  /// The names of what evaluate() counts, in its order: the loss, that of each output, metrics.
  /// Empty before compile(), and while the names depend on outputs that are not built.
  std::vector<std::string> log_names() const;
  const CompileOptions& compile_options() const;
  /// The learning rate of the next training step. Error before it is compiled.
  double learning_rate() const;
  /// Sets it for every step from the next on, in this fit and later ones. Error for a number below
  /// 0, and if the optimizer has a schedule.
  void set_learning_rate(double learning_rate);
  /// The state of training. Error before it is compiled.
  TrainingState training_state() const;
  /// Replaces it, between two fits. Error, and the state is as it was, for a state of the optimizer
  /// that has another shape or dtype than it needs.
  void set_training_state(TrainingState state);
  /// Sets how later plans are executed; `compile` sets it too.
  void execute_with(ExecutionOptions options);

  /// Trains; if the model is not built, first builds it with shapes from the data. A second fit
  /// continues with the weights and the optimizer's state.
  History fit(const Source& source, const FitOptions& options = {});
  /// The same on arrays: tensors, vectors of numbers, several in braces, fit({a, b}, y).
  History fit(Tensors x, Tensors y, const FitOptions& options = {});
  /// Trains on samples as they come; an epoch is `steps_per_epoch` batches, or the whole stream.
  History fit(Stream& stream, const FitOptions& options = {});
  /// One step on all these samples; returns their loss and metrics before it. It counts as an
  /// epoch, so that each call draws its own dropout.
  Logs train_on_batch(const Source& source, const BatchOptions& options = {});
  Logs train_on_batch(Tensors x, Tensors y, const BatchOptions& options = {});
  /// Loss and metrics over a data set.
  Logs evaluate(const Source& source, const EvaluateOptions& options = {}) const;
  Logs evaluate(Tensors x, Tensors y, const EvaluateOptions& options = {}) const;
  /// The same over these samples as one batch.
  Logs test_on_batch(const Source& source, const BatchOptions& options = {}) const;
  Logs test_on_batch(Tensors x, Tensors y, const BatchOptions& options = {}) const;
  // In every call of this class, fit() included, data that do not say how their elements become
  // numbers (a tensor, a view, a Dataset without divide()) are read as the training data were, when
  // they have the same dtype: bytes of a model that was trained on data.divide(255) are divided by
  // 255. A Dataset with divide() keeps its own encoding.

  /// The outputs (n, …) for inputs (n, …). May be called from many threads. Error, which names the
  /// sample, if an input that is not finite makes an output NaN.
  Tensor predict(TensorView x) const;
  /// The same for a network of several inputs: predict({a, b}).
  Tensor predict(std::initializer_list<TensorView> x) const;
  template <Number T>
  Tensor predict(const std::vector<std::vector<T>>& rows) const {
    return predict(Tensor(rows));
  }
  Tensor predict(const Source& source, const PredictOptions& options = {}) const;
  /// All outputs of the network, for all its inputs.
  std::vector<Tensor> predict_all(const std::vector<TensorView>& x,
                                  const PredictOptions& options = {}) const;
  std::vector<Tensor> predict_all(const Source& source, const PredictOptions& options = {}) const;
  /// Predictions for real time: no allocation, no lock, no other thread.
  Predictor predictor(const PredictorOptions& options = {}) const;
  /// Classes, int64 (n,). For one output, 1 if it is above 0.5 (above 0 if the loss takes logits),
  /// else 0. For several, the index of the largest output.
  Tensor predict_classes(TensorView x) const;
  Tensor predict_classes(const Source& source, const PredictOptions& options = {}) const;

  /// Writes the model whole or not at all: as Keras does if the path ends in .keras or .h5, with
  /// the optimizer's state; else as .safetensors.
  void save(const std::string& path) const;
  /// Writes the weights alone: .weights.h5, as Keras does, .npz, as NumPy does, or .safetensors.
  void save_weights(const std::string& path) const;
  /// The network as Keras 3's model.to_json() describes it, for model_from_json of either; indented
  /// if `indent` is 0 or more.
  std::string to_json(int indent = -1) const;
  /// Sets every weight from a model file, or from other .safetensors and .npz files, by its name;
  /// from files of Keras's by the order of layers. Error that changes nothing when a name or shape
  /// differs; the options allow that, and a line for each weight or layer that was left out for its
  /// shape is returned.
  std::vector<std::string> load_weights(const std::string& path,
                                        const LoadWeightsOptions& options = {});

  /// The plan for data of `spec` as text. Error if the model is not built or, except for predict,
  /// not compiled.
  std::string explain(const Spec& spec, Mode mode, int64_t batch_size) const;
  /// The same with the time of each op over samples of `source`; the model stays as it is.
  std::string explain_measured(const Source& source, Mode mode, int64_t batch_size) const;
  /// How the inputs were stored in the data of the last fit, used for other data of the same dtype;
  /// empty before a fit. set_data_spec({}) forgets it.
  const Spec& data_spec() const;
  void set_data_spec(Spec spec);
  /// What a program that makes models of classes of its own keeps with them in their files: data,
  /// which Cornu does not read.
  const Value& origin() const;
  void set_origin(Value origin);
  /// Names of its classes, the logs of its fits, and where it comes from.
  const ModelCard& card() const;
  void set_card(ModelCard card);
  /// The first sample of the last fit as it was stored, (1, …) for each input; its files keep it
  /// with the prediction, which load_model compares. Empty before a fit, and after one on samples
  /// that are not in memory.
  const std::vector<Tensor>& stored_sample() const;
  void set_stored_sample(std::vector<Tensor> inputs);
  uint64_t seed() const;
  /// Threads that a training step of `batch_size` rows uses.
  int step_threads(const Spec& spec, int64_t batch_size) const;

 protected:
  Model(ModelOptions options, std::string_view type);
  /// Error while a fit, an evaluation or a prediction runs: `change` would free objects that it
  /// uses.
  void require_unused(const char* change) const;
  /// Sets the network between these tensors; makes the weights of layers that have none yet.
  void set_network(SymbolicTensors inputs, SymbolicTensors outputs, Graph::Inputs given);
  /// Adds a layer after the only output of a built network.
  void append(const Layer& layer);
  /// Removes the layer that gives the only output.
  void remove_last();
  /// Builds a model that is not built, for samples of these shapes.
  virtual void build_for(const Spec& /*spec*/) {}

 private:
  struct Impl;
  /// The same model, for what may outlive the object that it was called on.
  explicit Model(Handle<Impl> impl);
  Handle<Impl> impl_;  ///< a run shares it, so that a callback may replace the model
};

}  // namespace cornu::inline v0
