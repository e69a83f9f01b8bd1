#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "callbacks.h"
#include "communicator.h"
#include "cornu/models/model.h"
#include "failure.h"
#include "interrupt.h"
#include "output.h"
#include "stream.h"

namespace cornu::python {
namespace {

Tensor tensor_of(const std::optional<Array>& array) {
  return array ? Tensor(view_of(*array)) : Tensor();
}

// Ends with KeyboardInterrupt if Ctrl-C came meanwhile.
void raise_signals() {
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

// `samples` are a Dataset or a PythonStream. Returns whether a request of a stop ended it.
bool fit(Model& model, const nb::object& samples, const std::optional<Dataset>& validation,
         const nb::list& callbacks, const std::optional<Array>& sample_weight,
         const ClassWeight& class_weight, int64_t batch_size, int64_t epochs, int64_t verbose,
         double validation_split, bool shuffle, int64_t initial_epoch, int64_t steps_per_epoch,
         int64_t validation_steps, int64_t validation_batch_size, int64_t validation_freq,
         const nb::object& distribute, bool is_main_thread, const ViewArguments& arguments) {
  PythonView view(arguments);
  const std::shared_ptr<PythonCommunicator> communicator = communicator_from(distribute);
  FitOptions options{.batch_size = batch_size,
                     .epochs = epochs,
                     .verbose = verbose,
                     .callbacks = callbacks_from(callbacks),
                     .validation_split = validation_split,
                     .validation_data = validation,
                     .shuffle = shuffle,
                     .sample_weight = tensor_of(sample_weight),
                     .class_weight = class_weight,
                     .initial_epoch = initial_epoch,
                     .steps_per_epoch = steps_per_epoch,
                     .validation_steps = validation_steps,
                     .validation_batch_size = validation_batch_size,
                     .validation_freq = validation_freq,
                     .distribute = communicator,
                     .stop = {},
                     .stream = &view.output,
                     .progress_style = view.style,
                     .live_bar = view.live_bar};
  History history;
  {
    // All processes end after the same step, so none may end within it.
    const auto raised = communicator ? Interrupt::Raised::later : Interrupt::Raised::at_once;
    const Interrupt interrupt(options.stop, is_main_thread, raised);
    const Dataset* data = nullptr;
    PythonStream* stream = nullptr;
    if (!nb::try_cast(samples, data)) stream = nb::cast<PythonStream*>(samples);
    run_without_gil(&options.stop, [&] {
      if (stream != nullptr) {
        history = model.fit(*stream, options);
      } else {
        history = model.fit(*data, options);
      }
    });
    if (communicator) communicator->end();
  }
  raise_signals();
  return history.stopped;
}

nb::dict evaluate(const Model& model, const Dataset& samples, const nb::list& callbacks,
                  const std::optional<Array>& sample_weight, const ClassWeight& class_weight,
                  int64_t batch_size, int64_t verbose, int64_t steps, bool is_main_thread,
                  const ViewArguments& arguments) {
  PythonView view(arguments);
  EvaluateOptions options{.batch_size = batch_size,
                          .verbose = verbose,
                          .steps = steps,
                          .sample_weight = tensor_of(sample_weight),
                          .class_weight = class_weight,
                          .callbacks = callbacks_from(callbacks),
                          .stream = &view.output,
                          .progress_style = view.style,
                          .live_bar = view.live_bar};
  Logs logs;
  {
    const Interrupt interrupt(options.stop, is_main_thread);
    run_without_gil(&options.stop, [&] { logs = model.evaluate(samples, options); });
  }
  raise_signals();
  return dict_from(logs);
}

nb::list arrays_from(std::vector<Tensor> tensors) {
  nb::list list;
  for (Tensor& each : tensors) list.append(array_from(std::move(each)));
  return list;
}

nb::list predict(const Model& model, const std::vector<Array>& x, bool is_main_thread) {
  std::vector<Tensor> outputs;
  const std::vector<TensorView> views = views_of(x);
  const PredictOptions options;
  {
    const Interrupt interrupt(options.stop, is_main_thread);
    run_without_gil(&options.stop, [&] { outputs = model.predict_all(views, options); });
  }
  raise_signals();
  return arrays_from(std::move(outputs));
}

// With progress or callbacks, which count batches.
nb::list predict_watched(const Model& model, const Dataset& samples, const nb::list& callbacks,
                         int64_t batch_size, int64_t verbose, bool is_main_thread,
                         const ViewArguments& arguments) {
  PythonView view(arguments);
  std::vector<Tensor> outputs;
  const PredictOptions options{.batch_size = batch_size,
                               .verbose = verbose,
                               .callbacks = callbacks_from(callbacks),
                               .stop = {},
                               .stream = &view.output,
                               .progress_style = view.style,
                               .live_bar = view.live_bar};
  {
    const Interrupt interrupt(options.stop, is_main_thread);
    run_without_gil(&options.stop, [&] { outputs = model.predict_all(samples, options); });
  }
  raise_signals();
  return arrays_from(std::move(outputs));
}

nb::object predict_classes(const Model& model, const Dataset& samples, bool is_main_thread) {
  Tensor classes;
  const PredictOptions options;
  {
    const Interrupt interrupt(options.stop, is_main_thread);
    run_without_gil(&options.stop, [&] { classes = model.predict_classes(samples, options); });
  }
  raise_signals();
  return array_from(std::move(classes));
}

nb::dict train_on_batch(Model& model, const Dataset& samples,
                        const std::optional<Array>& sample_weight,
                        const ClassWeight& class_weight) {
  const BatchOptions options{.sample_weight = tensor_of(sample_weight),
                             .class_weight = class_weight};
  Logs logs;
  run_without_gil(nullptr, [&] { logs = model.train_on_batch(samples, options); });
  return dict_from(logs);
}

}  // namespace

void bind_training(nb::module_& m) {
  nb::class_<PythonStream>(m, "Stream", "Samples that a Python object gives in batches.")
      .def(nb::init<nb::object, const std::vector<Array>&, size_t, size_t>());
  m.def("fit", fit, nb::arg("model"), nb::kw_only(), nb::arg("samples"),
        nb::arg("validation").none(), nb::arg("callbacks"), nb::arg("sample_weight").none(),
        nb::arg("class_weight"), nb::arg("batch_size"), nb::arg("epochs"), nb::arg("verbose"),
        nb::arg("validation_split"), nb::arg("shuffle"), nb::arg("initial_epoch"),
        nb::arg("steps_per_epoch"), nb::arg("validation_steps"), nb::arg("validation_batch_size"),
        nb::arg("validation_freq"), nb::arg("distribute").none(), nb::arg("is_main_thread"),
        nb::arg("view"));
  m.def("evaluate", evaluate, nb::arg("model"), nb::kw_only(), nb::arg("samples"),
        nb::arg("callbacks"), nb::arg("sample_weight").none(), nb::arg("class_weight"),
        nb::arg("batch_size"), nb::arg("verbose"), nb::arg("steps"), nb::arg("is_main_thread"),
        nb::arg("view"));
  m.def("check_progress_style", [](const std::string& name) { progress_style_named(name); });
  m.def("predict", predict, nb::arg("model"), nb::arg("x"), nb::arg("is_main_thread"));
  m.def("predict_watched", predict_watched, nb::arg("model"), nb::arg("samples"),
        nb::arg("callbacks"), nb::arg("batch_size"), nb::arg("verbose"), nb::arg("is_main_thread"),
        nb::arg("view"));
  m.def("predict_classes", predict_classes, nb::arg("model"), nb::arg("samples"),
        nb::arg("is_main_thread"));
  m.def("train_on_batch", train_on_batch, nb::arg("model"), nb::arg("samples"),
        nb::arg("sample_weight").none(), nb::arg("class_weight"));
}

}  // namespace cornu::python
