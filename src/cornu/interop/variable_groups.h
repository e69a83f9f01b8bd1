#pragma once

#include <map>
#include <string>
#include <vector>

#include "cornu/formats/hdf5.h"

namespace cornu::inline v0 {

/// The groups and datasets of a file of Keras's by name, whatever separates names: tf.keras 2.13
/// wrote `layers\dense/vars/0` on Windows.
struct VariableGroup {
  std::map<std::string, VariableGroup, std::less<>> groups;
  std::map<std::string, const formats::Hdf5Dataset*, std::less<>> datasets;

  /// Error, which names the file `where`, for groups more than 64 deep.
  VariableGroup(const formats::Hdf5Group& group, const std::string& where);
  VariableGroup() = default;

  const VariableGroup* find(std::string_view name) const;
  bool is_empty() const;
  /// The datasets "0", "1", "2", … of `vars`, in order of their numbers.
  std::vector<const formats::Hdf5Dataset*> variables() const;

 private:
  struct Place;
  static void add(Place here, const formats::Hdf5Group& group);
};

/// A name's stem and number: {"dense", 2} for "dense_2", {"dense", 0} for "dense", {"dense_x", 0}.
std::pair<std::string, int64_t> counted_name(const std::string& name);

}  // namespace cornu::inline v0
