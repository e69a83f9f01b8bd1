#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/value.h"

namespace cornu::inline v0::listing {

/// An argument of a part, and its default; none if it is required.
struct PartArgument {
  std::string name;
  std::optional<Value> value = {};
};

/// A part that an option's text can name: a layer, a loss, a data set, …
struct ListedPart {
  std::string name;
  std::vector<PartArgument> arguments = {};
  std::string note = {};
  std::string class_name = {};  ///< Keras's, "Dense"; empty for what is no class
};

/// All parts of one kind, under the kind's name in the plural: "layers".
struct PartKind {
  std::string name;
  std::string where;  ///< the option that takes it
  std::vector<ListedPart> (*parts)();
};
CORNU_API const std::vector<PartKind>& part_kinds();

/// "dense(units, activation=linear, use_bias=true)".
CORNU_API std::string signature(const ListedPart& part);

/// The options, in order, of a part that is the value of another part's option: a schedule, an
/// initializer, a regularizer or a layer that is an activation. None if there is no such part.
CORNU_API std::vector<std::string> fields_of_value(std::string_view name);

}  // namespace cornu::inline v0::listing
