#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/export.h"
#include "cornu/core/parts.h"
#include "cornu/core/tensor.h"
#include "cornu/formats/zip.h"

namespace cornu::inline v0::formats {

/// The content of an NPZ file: arrays by name, in the file's order.
struct Npz {
  std::vector<std::pair<std::string, Tensor>> tensors;

  /// The array of that name, or nullptr.
  CORNU_API const Tensor* find(std::string_view name) const;
  /// The array of that name. Error that lists the names there are.
  CORNU_API const Tensor& at(std::string_view name, const std::string& where) const;
};

/// Reads what numpy.savez and savez_compressed write: a ZIP archive of NPY files, whose names lose
/// ".npy". `where` names the file in errors.
CORNU_API Npz read_npz(std::span<const std::byte> file, const std::string& where,
                       const ZipLimits& limits = {});

/// The file's bytes, which view the arrays: stored, in the order given, the same arrays giving the
/// same bytes.
CORNU_API Parts npz_parts(const std::vector<std::pair<std::string, Tensor>>& tensors);
/// The same in one piece.
CORNU_API Block write_npz(const Npz& file);

}  // namespace cornu::inline v0::formats
