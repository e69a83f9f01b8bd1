#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/load_model.h"
#include "cornu/report/feature_maps.h"
#include "cornu/report/plot_model.h"
#include "functions.h"
#include "held.h"
#include "models.h"
#include "values.h"

namespace cornu::python {
namespace {

// Parts by name, from Python functions that make them from their configuration.
template <class Part>
std::map<std::string, CustomObject<Part>> by_name(const nb::dict& makers,
                                                  Part (*part_from)(nb::handle)) {
  std::map<std::string, CustomObject<Part>> parts;
  for (const auto [name, maker] : makers) {
    const Held make = hold(nb::borrow(maker));
    parts.emplace(nb::cast<std::string>(name), [make, part_from](const Value::Map& config) {
      const nb::gil_scoped_acquire gil;
      return part_from((*make)(dict_from(config)));
    });
  }
  return parts;
}

Layer layer_from(nb::handle layer) {
  return nb::cast<Layer>(layer.attr("_handle"));
}

CustomObjects custom_objects(const nb::dict& parts) {
  const auto makers = [&parts](const char* kind) { return nb::cast<nb::dict>(parts[kind]); };
  return {.layers = by_name(makers("layers"), layer_from),
          .losses = by_name(makers("losses"), loss_from),
          .metrics = by_name(makers("metrics"), metric_from)};
}

nb::object from_json(const std::string& json, uint64_t seed, const nb::dict& parts) {
  return object_of(model_from_json(
      json, {.seed = seed, .where = "model_from_json", .custom_objects = custom_objects(parts)}));
}

void plot(const Model& model, const std::string& path, bool show_shapes, bool show_layer_names,
          bool show_layer_activations, bool show_trainable, const std::string& rankdir,
          bool expand_nested) {
  plot_model(model, path,
             {.show_shapes = show_shapes,
              .show_layer_names = show_layer_names,
              .show_layer_activations = show_layer_activations,
              .show_trainable = show_trainable,
              .rankdir = rankdir,
              .expand_nested = expand_nested});
}

void draw_maps(const Model& model, const Array& image, const std::string& path,
               const std::vector<std::string>& layers, int64_t most) {
  save_feature_maps(model, view_of(image), path, {.layers = layers, .most = most});
}

}  // namespace

void bind_saving(nb::module_& m) {
  m.def("to_json", [](const Model& model) { return model.to_json(); });
  m.def("model_from_json", from_json);
  m.def("save", [](const Model& model, const std::string& path) { model.save(path); });
  m.def("save_weights",
        [](const Model& model, const std::string& path) { model.save_weights(path); });
  m.def("load_weights",
        [](Model& model, const std::string& path, bool by_name, bool skip_mismatch) {
          return model.load_weights(path, {.by_name = by_name, .skip_mismatch = skip_mismatch});
        });
  m.def("load_model", [](const std::string& path, bool compile, const nb::dict& parts) {
    return object_of(
        load_model(path, {.compile = compile, .custom_objects = custom_objects(parts)}));
  });
  m.def("plot_model", plot);
  m.def("save_feature_maps", draw_maps);
}

}  // namespace cornu::python
