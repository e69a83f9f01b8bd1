#pragma once

#include <string_view>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/shape.h"
#include "cornu/core/tensor.h"
#include "cornu/graph/graph.h"
#include "cornu/interop/stored_layers.h"

namespace cornu::inline v0 {

/// How the kernel of a convolution lies in a file of Keras 1, or of Keras on Theano. Today it is
/// (height, width, channels, filters), in Conv1D (length, channels, filters).
struct CORNU_API KernelForm {
  bool filters_first = false;  ///< (filters, channels, height, width), of Keras 1 with "th"
  bool has_width = false;      ///< (length, 1, channels, filters), of Conv1D in Keras 1
  bool is_turned = false;      ///< Theano turns a kernel around before it slides over the image

  bool is_todays() const { return !filters_first && !has_width && !is_turned; }
  /// The shape today of what has this shape in a file.
  Shape todays(const Shape& stored) const;
  /// The numbers in today's order.
  Tensor todays(const Tensor& stored) const;
};

/// The form in which a file has a weight of this layer, or of one inside it, under this name.
KernelForm kernel_form(const StoredLayer& stored, const Weight* weight, std::string_view name,
                       std::string_view backend);

/// Whether Keras ran on Theano when it wrote values under this name. `backend` is what the file
/// says; Keras 1 does not say it, but on TensorFlow its names end with ":0".
CORNU_API bool is_of_theano(std::string_view name, std::string_view backend);

/// Error for a layer to which padding "same" gives other zeros on Theano than on TensorFlow and
/// here.
CORNU_API void require_padding_of_theano(const std::vector<StoredLayer>& layers);

}  // namespace cornu::inline v0
