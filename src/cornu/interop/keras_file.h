#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/parts.h"
#include "cornu/core/shape.h"
#include "cornu/core/tensor.h"
#include "cornu/core/value.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/zip.h"
#include "cornu/interop/leniency.h"
#include "cornu/interop/stored_layers.h"
#include "cornu/interop/stored_values.h"

namespace cornu::inline v0 {

/// A file of Keras's as data: .keras, .h5 or .weights.h5.
struct KerasFile {
  std::string where;                ///< its path, for errors
  std::string version = {};         ///< of Keras, if the file says so
  std::string backend = {};         ///< what Keras ran on, if the file says so
  Value network = {};               ///< the description of the model; null in a file of weights
  Value compile = {};               ///< what compile() was given, as Keras says it; null if nothing
  Value own = {};                   ///< what Cornu adds, which Keras does not read
  bool is_by_layer = false;         ///< the layout of .h5; otherwise that of .keras and .weights.h5
  formats::Hdf5Group weights = {};  ///< of either layout; its numbers are read from the source
  formats::Hdf5Group optimizer = {};  ///< of .h5
  std::unique_ptr<FileBytes> source = {};
  std::vector<formats::ZipMember> members = {};

  /// The number of elements of all weights.
  uint64_t elements() const;
  /// The value of every weight. Error, which names the layer, when layers or shapes differ.
  std::vector<StoredValue> values(const std::vector<StoredLayer>& layers) const;
  /// The same with less in common. Error for layers by name in the layout that has no names.
  std::vector<StoredValue> values(const std::vector<StoredLayer>& layers, Leniency& leniency) const;
  /// Error for layers that compute something else here than where the file was saved, on Theano.
  void require_todays_padding(const std::vector<StoredLayer>& layers) const;
  /// The shape of a sample where the network lacks it: Keras 2.2 and 2.3 dropped the InputLayer of
  /// a Sequential, and the kernel of a Dense after it tells how many features it has.
  std::optional<Shape> sample() const;
  /// The optimizer's variables in the file's order, and their names if the file has them.
  std::vector<Tensor> optimizer_variables() const;
  std::vector<std::string> optimizer_names() const;

  /// Error when a checksum of what was read is wrong, or the file was written to meanwhile.
  void verify() const;
  /// What `use` returns, if what it read is verified. When it throws an Error, and a checksum is
  /// wrong, that is the one to report.
  template <class Use>
  auto verified(const Use& use) const {
    auto result = [&] {
      try {
        return use();
      } catch (const Error&) {
        verify();
        throw;
      }
    }();
    verify();
    return result;
  }
};

/// Reads one, all but its numbers: whoever has read those, calls verify() before using them.
/// Loading runs no code, opens no other file and uses no network. Error for a file that is damaged
/// or written by something else.
CORNU_API KerasFile read_keras_file(const std::string& path);

/// Whether it begins like one: as HDF5 or as a ZIP archive.
CORNU_API bool is_keras_file(const std::string& path);

/// What a new file is to hold.
struct KerasModel {
  const Graph* graph;
  std::string_view type;  ///< "Sequential" or "Functional"
  std::string name;
  Value compile = {};  ///< compile_config; an empty map if it was not compiled
  Value own = {};      ///< null: nothing
  std::vector<std::pair<std::string, Tensor>> optimizer = {};  ///< variables with Keras's names
  std::string optimizer_name = {};
};

/// A .keras file, an .h5 file, and a .weights.h5 file, as Keras 3 writes them but without dates:
/// equal models give equal bytes. They view the model's weights and optimizer.
CORNU_API Parts to_keras_file(const KerasModel& model);
CORNU_API Parts to_h5_file(const KerasModel& model);
CORNU_API Parts to_weights_h5_file(const KerasModel& model);

}  // namespace cornu::inline v0
