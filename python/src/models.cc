#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "cornu/core/fields.h"
#include "cornu/models/clone_model.h"
#include "cornu/models/model.h"
#include "cornu/models/sequential.h"
#include "functions.h"
#include "layers.h"
#include "models.h"
#include "values.h"

namespace cornu::python {
namespace {

std::vector<Metric> metrics_from(nb::handle list) {
  std::vector<Metric> metrics;
  for (const nb::handle each : list) metrics.push_back(metric_from(each));
  return metrics;
}

// By output, {} for none.
template <class Part>
std::map<std::string, Part> by_output(const nb::dict& given, Part (*from)(nb::handle)) {
  std::map<std::string, Part> parts;
  for (const auto [output, value] : given) {
    parts.emplace(nb::cast<std::string>(output), from(value));
  }
  return parts;
}

void compile(Model& model, const nb::object& optimizer, const nb::object& loss,
             const nb::list& metrics, const nb::list& weighted_metrics, const nb::dict& losses,
             const nb::dict& output_metrics, const nb::dict& output_weighted_metrics,
             const std::map<std::string, double>& loss_weights, int shards) {
  NamedConfig rule;
  from_value(value_from(optimizer), rule);
  CompileOptions options{.optimizer = make_optimizer(rule.name, rule.config)};
  if (!loss.is_none()) options.loss = loss_from(loss);
  options.metrics = metrics_from(metrics);
  options.weighted_metrics = metrics_from(weighted_metrics);
  options.losses = by_output(losses, loss_from);
  options.loss_weights = loss_weights;
  options.output_metrics = by_output(output_metrics, metrics_from);
  options.output_weighted_metrics = by_output(output_weighted_metrics, metrics_from);
  options.shards = shards;
  model.compile(std::move(options));
}

nb::list model_layers(const Model& model) {
  nb::list all;
  for (const Layer& each : model.layers()) all.append(each);
  return all;
}

// Name, values and whether it trains, for each weight.
nb::list model_weights(const Model& model) {
  nb::list all;
  for (const NamedWeight& each : model.graph().weights()) {
    all.append(nb::make_tuple(each.name, array_from(Tensor(each.weight->value)), each.trainable));
  }
  return all;
}

nb::object optimizer_of(const Model& model) {
  if (!model.compiled()) return nb::none();
  const Optimizer& optimizer = model.compile_options().optimizer;
  return nb::make_tuple(std::string(optimizer->name()), dict_from(optimizer->config()));
}

// Name and options of each metric, those of every output first.
nb::list metrics_of(const Model& model) {
  nb::list all;
  if (!model.compiled()) return all;
  const auto append = [&all](const std::vector<Metric>& metrics) {
    for (const Metric& each : metrics) {
      all.append(nb::make_tuple(std::string(each->kind()), dict_from(each->config())));
    }
  };
  const CompileOptions& options = model.compile_options();
  append(options.metrics);
  append(options.weighted_metrics);
  for (const auto& [output, metrics] : options.output_metrics) append(metrics);
  for (const auto& [output, metrics] : options.output_weighted_metrics) append(metrics);
  return all;
}

std::vector<std::string> output_names(const Model& model) {
  std::vector<std::string> names;
  for (const SymbolicTensor& each : model.outputs()) names.push_back(each.call().layer.name());
  return names;
}

}  // namespace

nb::object object_of(Model model) {
  if (model.type() == "Sequential") return nb::cast(Sequential(std::move(model)));
  return nb::cast(std::move(model));
}

void bind_models(nb::module_& m) {
  nb::class_<Model>(m, "Model", "A model in the library.")
      .def_prop_ro("name", &Model::name)
      .def_prop_ro("type", [](const Model& model) { return std::string(model.type()); })
      .def_prop_ro("seed", &Model::seed)
      .def_prop_ro("built", &Model::built)
      .def_prop_ro("compiled", &Model::compiled)
      .def_prop_ro("layers", model_layers)
      .def_prop_ro("weights", model_weights)
      .def_prop_ro("inputs", [](const Model& model) { return list_from(model.inputs()); })
      .def_prop_ro("outputs", [](const Model& model) { return list_from(model.outputs()); })
      .def_prop_ro("output_names", output_names)
      .def_prop_ro("optimizer", optimizer_of)
      .def_prop_ro("metrics", metrics_of)
      .def_prop_ro("log_names", &Model::log_names)
      .def_prop_rw("learning_rate", &Model::learning_rate, &Model::set_learning_rate)
      .def_prop_rw(
          "origin", [](const Model& model) { return object_from(model.origin()); },
          [](Model& model, const nb::object& origin) { model.set_origin(value_from(origin)); })
      .def("compile_as",
           [](Model& model, const Model& other) {
             model.set_data_spec(other.data_spec());
             if (other.compiled()) model.compile(other.compile_options());
           })
      .def("set_trainable", &Model::set_trainable)
      .def("set_weight", [](Model& model, const std::string& name,
                            const Array& values) { model.set_weight(name, view_of(values)); })
      .def("as_layer", &Model::as_layer)
      .def("summary",
           [](const Model& model, bool costs) { return model.summary({.costs = costs}); })
      .def("compile", compile, nb::arg("optimizer"), nb::arg("loss").none(), nb::arg("metrics"),
           nb::arg("weighted_metrics"), nb::arg("losses"), nb::arg("output_metrics"),
           nb::arg("output_weighted_metrics"), nb::arg("loss_weights"), nb::arg("shards") = 1);
  nb::class_<Sequential, Model>(m, "Sequential", "A chain of layers in the library.")
      .def("add", &Sequential::add)
      .def("pop", &Sequential::pop)
      .def("build",
           [](Sequential& model, const nb::object& shape) { model.build(shape_from(shape)); });
  m.def("sequential", [](const nb::list& layers, const std::string& name, uint64_t seed) {
    return Sequential(layers_from(layers), {.name = name, .seed = seed});
  });
  m.def("functional", [](const nb::list& inputs, const nb::list& outputs, const std::string& name,
                         uint64_t seed) {
    return Model(tensors_from(inputs), tensors_from(outputs), {.name = name, .seed = seed});
  });
  m.def(
      "clone_model",
      [](const Model& model, std::optional<uint64_t> seed) {
        return object_of(clone_model(model, seed));
      },
      nb::arg("model"), nb::arg("seed").none());
}

}  // namespace cornu::python
