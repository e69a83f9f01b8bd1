#include "layers.h"

#include <nanobind/stl/string.h>

#include <string>

#include "arrays.h"
#include "cornu/core/error.h"
#include "cornu/layers/arithmetic.h"
#include "cornu/layers/input.h"
#include "cornu/layers/table.h"
#include "user_layer.h"
#include "values.h"

namespace cornu::python {
namespace {

// Name, values and whether it trains, for each weight of the layer itself.
nb::list weights_of(const Layer& layer) {
  nb::list all;
  for (const Weight& each : layer.weights()) {
    all.append(nb::make_tuple(each.name, array_from(Tensor(each.value)),
                              each.trainable && layer.trainable()));
  }
  return all;
}

void set_weight(Layer& layer, size_t index, const Array& values) {
  Weight& weight = layer.weights().at(index);
  set_values(weight, layer.where() + ": weight " + weight.name, view_of(values));
}

nb::dict config_of(const Layer& layer) {
  nb::dict config;
  config["name"] = layer.name();
  config["trainable"] = layer.trainable();
  for (const auto& [field, value] : layer.description().config()) {
    if (field != "name" && field != "trainable") config[field.c_str()] = object_from(value);
  }
  return config;
}

nb::list inner_layers(const Layer& layer) {
  nb::list all;
  for (const Layer& each : layer.description().layers()) all.append(each);
  return all;
}

void bind_tensor(nb::module_& m) {
  nb::class_<SymbolicTensor> type(
      m, "KerasTensor",
      "A tensor of a network that is being described; layers are called on "
      "it.");
  type.def_prop_ro("shape", [](const SymbolicTensor& x) { return tuple_from(x.shape()); })
      .def_prop_ro("dtype", [](const SymbolicTensor&) { return "float32"; })
      .def_prop_ro("layer", [](const SymbolicTensor& x) { return x.call().layer; })
      .def_prop_ro("name", [](const SymbolicTensor& x) { return x.call().layer.name(); })
      .def("__repr__", [](const SymbolicTensor& x) {
        return "<KerasTensor shape=" + x.shape().str() + ", dtype=float32>";
      });
}

// A user-defined layer is a Python object that holds its layer, which holds it: if nothing else
// does, the garbage collector may free both.
int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (!nb::inst_ready(self)) return 0;
  const Layer& layer = *nb::inst_ptr<Layer>(self);
  if (layer.is_shared()) return 0;
  if (const UserLayer* const own = user_layer(layer)) Py_VISIT(own->object().ptr());
  return 0;
}

int clear(PyObject* self) {
  const Layer& layer = *nb::inst_ptr<Layer>(self);
  if (const UserLayer* const own = user_layer(layer); own != nullptr && !layer.is_shared()) {
    own->release();
  }
  return 0;
}

PyType_Slot kSlots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                        {Py_tp_clear, reinterpret_cast<void*>(clear)},
                        {0, nullptr}};

}  // namespace

std::vector<Layer> layers_from(const nb::list& list) {
  std::vector<Layer> layers;
  for (const nb::handle each : list) layers.push_back(nb::cast<Layer>(each));
  return layers;
}

SymbolicTensors tensors_from(const nb::list& list) {
  SymbolicTensors tensors;
  for (const nb::handle each : list) tensors.push_back(nb::cast<SymbolicTensor>(each));
  return tensors;
}

nb::list list_from(const SymbolicTensors& tensors) {
  nb::list list;
  for (const SymbolicTensor& each : tensors) list.append(each);
  return list;
}

void bind_layers(nb::module_& m) {
  nb::class_<Layer>(m, "Layer", "A handle of a layer in the library.", nb::type_slots(kSlots))
      .def_prop_ro("id", [](const Layer& layer) { return reinterpret_cast<uintptr_t>(layer.id()); })
      .def_prop_ro("type", [](const Layer& layer) { return std::string(layer.type()); })
      .def_prop_ro("name", &Layer::name)
      .def_prop_ro("where", &Layer::where)
      .def_prop_rw("trainable", &Layer::trainable, &Layer::set_trainable)
      .def_prop_ro("built", &Layer::built)
      .def_prop_ro("config", config_of)
      .def_prop_ro("weights", weights_of)
      .def_prop_ro("num_weights", &Layer::num_weights)
      .def_prop_ro("user_object",
                   [](const Layer& layer) {
                     const UserLayer* const own = user_layer(layer);
                     return own == nullptr ? nb::none() : own->object();
                   })
      .def_prop_ro("layers", inner_layers)
      .def_prop_ro("inputs", [](const Layer& layer) { return list_from(layer.inputs()); })
      .def_prop_ro("outputs", [](const Layer& layer) { return list_from(layer.outputs()); })
      .def("set_weight", set_weight)
      .def("output_shapes",
           [](const Layer& layer, const nb::list& x) {
             Shapes shapes;
             for (const nb::handle each : x) shapes.push_back(shape_from(each).with_rows());
             nb::list y;
             for (const Shape& each : layer.description().output_shapes(shapes, layer.where())) {
               y.append(tuple_from(each));
             }
             return y;
           })
      .def("clone", &Layer::clone)
      .def("call", [](const Layer& layer, const nb::list& x) {
        return list_from(layer.call(tensors_from(x)));
      });
  m.def("make_layer", [](const std::string& type, const nb::dict& config) {
    return make_layer(type, map_from(config));
  });
  m.def("input_tensor", [](const Layer& layer) { return SymbolicTensor(Input::from(layer)); });
  bind_tensor(m);
}

}  // namespace cornu::python
