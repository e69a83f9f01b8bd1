#pragma once

#include <optional>

#include "cornu/core/input_encoding.h"
#include "cornu/core/team.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// Bytes, and the encoding that makes of them the numbers they stand for.
struct EncodedBytes {
  Tensor bytes;
  InputEncoding encoding;
};

/// float32 elements as bytes k, in a quarter of the memory: pixels that were divided by 255
/// (k ÷ 255) or scaled to -1 … 1 ((k − 127.5) ÷ 127.5). Nothing unless the encoding gives back
/// every bit of every element, so a -0 or a NaN is no byte. Uses all members of `team`.
CORNU_API std::optional<EncodedBytes> in_bytes(TensorView floats, Team& team);

/// One-hot rows, float32 (n, classes), as labels (n,). Nothing unless each row has a 1, zeros
/// otherwise, and there are at most 256 classes.
CORNU_API std::optional<EncodedBytes> labels_in_bytes(TensorView one_hot);

}  // namespace cornu::inline v0
