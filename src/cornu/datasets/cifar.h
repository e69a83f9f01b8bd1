#pragma once

#include <string>

#include "cornu/core/tensor.h"
#include "cornu/datasets/catalogue.h"

namespace cornu::inline v0::datasets {

/// The arrays of a set, as they are stored: samples (n, …) and labels (n,).
struct StoredArrays {
  Tensor train_x, train_y, test_x, test_y;
};

/// The images and labels of a set in CIFAR-10's binary form: a gzipped tar archive with
/// data_batch_1.bin … data_batch_5.bin and test_batch.bin, in which a sample is a byte for its
/// label and the bytes of its red, green and blue planes. Images come as (rows, columns, colours).
/// Error (corrupt) for an archive without these files, and for files of another size or with labels
/// outside the classes.
StoredArrays read_cifar(const DatasetEntry& entry, const std::string& path,
                        const std::string& hint);

}  // namespace cornu::inline v0::datasets
