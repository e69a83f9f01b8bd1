#pragma once

#include <string>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// What is known of a model beside its network and its training; its files keep it where their
/// format can.
struct ModelCard {
  /// Names of the classes of its output, by number; none: not known. A fit on data that have names
  /// sets them.
  std::vector<std::string> class_names = {};
  /// The logs of all its fits.
  std::vector<EpochRecord> history = {};
  /// Where it comes from, in any words: {"dataset": "mnist"}.
  Value::Map provenance = {};
  /// How its inputs were made of a user's data; empty: not known. A fit on data that say it sets
  /// it.
  Value::Map preprocessing = {};
};

}  // namespace cornu::inline v0
