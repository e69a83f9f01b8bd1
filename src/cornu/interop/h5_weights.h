#pragma once

#include <string>
#include <vector>

#include "cornu/formats/hdf5.h"
#include "cornu/interop/leniency.h"
#include "cornu/interop/stored_layers.h"
#include "cornu/interop/stored_values.h"

namespace cornu::inline v0 {

/// Where values come from: the file, for errors, and what it says Keras ran on, if it does.
struct H5Origin {
  std::string where, backend;
};

/// The values of every weight in the layout of .h5 files, from Keras 1 on: a group for each layer,
/// whose attribute weight_names gives the order. `group` is model_weights of a whole model, or the
/// root of a file of weights. Layers with weights match by their order, since names vary with the
/// version that wrote them, or, as `leniency` says, by their names; a network's weights are in one
/// group, those that train first. Error, which names the layer, when numbers or shapes differ and
/// may not. docs/formats/keras-h5.md shows the layout.
CORNU_API std::vector<StoredValue> values_in_h5_weights(const formats::Hdf5Group& group,
                                                        const std::vector<StoredLayer>& layers,
                                                        const H5Origin& origin, Leniency& leniency);

/// The weights as Keras 3 writes model_weights, their names after `prefix`: "sequential/" in a
/// Sequential of that name. The groups view the weights' memory.
CORNU_API formats::Hdf5Group to_h5_weights(const std::vector<StoredLayer>& layers,
                                           const std::string& prefix);

/// Adds a list of strings as an attribute, or, if it is too long for one, as name0, name1, …
CORNU_API void add_names(Value::Map& attributes, const std::string& name, const Value::List& list);

/// A list of strings that may be split over attributes name0, name1, …; an empty one of any type.
/// Error if it is not there.
CORNU_API std::vector<std::string> names_in(const formats::Hdf5Group& group,
                                            const std::string& name, const std::string& where);

}  // namespace cornu::inline v0
