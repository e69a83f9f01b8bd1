#pragma once

#include <string>
#include <vector>

#include "cornu/formats/hdf5.h"
#include "cornu/interop/leniency.h"
#include "cornu/interop/stored_layers.h"
#include "cornu/interop/stored_values.h"

namespace cornu::inline v0 {

/// The values of every weight in Keras 3's layout of variables, `layers/dense/vars/0`: that of
/// model.weights.h5 in a .keras file, and of .weights.h5. Read are the forms of TensorFlow 2.12 and
/// later, too: other names of groups, numbers that jump, backslashes. Error, which names the layer,
/// when layers or variables do not match and must: `leniency` leaves out whole layers.
/// docs/formats/keras.md shows the layout.
CORNU_API std::vector<StoredValue> values_in_keras_weights(const formats::Hdf5Group& root,
                                                           const std::vector<StoredLayer>& layers,
                                                           const std::string& where,
                                                           Leniency& leniency);

/// The variables in that layout. The groups view the weights' memory.
CORNU_API formats::Hdf5Group to_keras_weights(const std::vector<StoredLayer>& layers,
                                              const std::string& model_name);

}  // namespace cornu::inline v0
