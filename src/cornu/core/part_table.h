#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/export.h"
#include "cornu/core/fields.h"
#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// Another name of Keras's for a part.
struct OtherName {
  std::string_view other, name;
};

/// An option's name in files of older versions of Keras, and its name today.
struct OldName {
  std::string_view old, today;
};

/// One line of a table of parts: how a part is made from its options.
template <class Part>
class PartEntry {
 public:
  using Fields = std::vector<std::string> (*)();
  using Make = Part (*)(const Value::Map& config);
  using MakeAt = Part (*)(const Value::Map& config, const std::string& where);

  constexpr PartEntry(std::string_view its_name, Fields its_fields, Make its_make)
      : name(its_name), fields_(its_fields), make_(its_make) {}
  /// Of a part whose errors may name another place than its name.
  constexpr PartEntry(std::string_view its_name, Fields its_fields, MakeAt its_make,
                      std::span<const OldName> old = {})
      : name(its_name), old_names(old), fields_(its_fields), make_at_(its_make) {}
  /// Of one that is registered.
  PartEntry(const RegisteredPart& own, const MakePart<Part>& its_make)
      : name(own.name), own_(&own), own_make_(&its_make) {}

  /// The names of its options, in order.
  std::vector<std::string> fields() const { return own_ == nullptr ? fields_() : own_->fields; }
  Part make(const Value::Map& config) const {
    return make_ == nullptr ? make(config, std::string(name)) : make_(config);
  }
  Part make(const Value::Map& config, const std::string& where) const {
    if (own_make_ != nullptr) return (*own_make_)(config);
    return make_at_ == nullptr ? make_(config) : make_at_(config, where);
  }

  std::string_view name;  ///< Keras's: of layers and schedules the class, of others the function
  std::span<const OldName> old_names = {};

 private:
  Fields fields_ = nullptr;
  Make make_ = nullptr;
  MakeAt make_at_ = nullptr;
  const RegisteredPart* own_ = nullptr;
  const MakePart<Part>* own_make_ = nullptr;
};

/// The line of a part of class P, whose options are a P::Options and whose name is `name`.
template <class Part, class P>
constexpr PartEntry<Part> part_entry_of(std::string_view name,
                                        std::span<const OldName> old_names = {}) {
  return {name, field_names<typename P::Options>,
          [](const Value::Map& config, const std::string& where) -> Part {
            typename P::Options options;
            fields_from_map(config, options, where);
            return P(std::move(options));
          },
          old_names};
}

/// What is the same for all parts of a kind.
struct PartNames {
  std::string_view kind;                            ///< "loss", for registered parts too
  std::string_view where;                           ///< in errors
  std::span<const OtherName> others = {};           ///< besides those of the table
  std::span<const AbsentName> absent = {};          ///< that only Keras has
  std::span<const std::string_view> reserved = {};  ///< for something else; none may be registered
  /// How an error lists a name; null: as it is.
  std::string (*listed)(std::string_view name) = nullptr;
  bool lists_others = false;  ///< whether an error lists the other names, too

  /// The name in the table for any of Keras's names.
  CORNU_API std::string_view name_of(std::string_view name) const;
  /// The Error for a name that there is not: with the nearest part for one that only Keras has,
  /// else with all of these names and those that are registered, nearest first.
  [[noreturn]] CORNU_API void refuse(std::string_view name, std::vector<std::string> names) const;
  /// The line of that name, or null.
  template <class Entry>
  const Entry* find_in(std::span<const Entry> entries, std::string_view name) const {
    const std::string_view wanted = name_of(name);
    for (const Entry& each : entries) {
      if (same_name(each.name, wanted)) return &each;
    }
    return nullptr;
  }
  /// refuse() with the names of these lines.
  template <class Entry>
  [[noreturn]] void refuse_beside(std::span<const Entry> entries, std::string_view name) const {
    std::vector<std::string> names;
    for (const Entry& each : entries) names.emplace_back(each.name);
    refuse(name, std::move(names));
  }
  /// Error for a name that is not free; `known` is the part of the table that has it.
  [[noreturn]] CORNU_API void refuse_taken(std::string_view name, std::string_view known) const;
};

/// All parts of a kind. Wherever a part is named it is looked up in this order: Cornu's, by any of
/// its names (same_name), then those that the program has registered. While a file is loaded its
/// custom_objects come before both: see part_from_config.
template <class Part>
class PartTable {
 public:
  using Entry = PartEntry<Part>;

  constexpr PartTable(PartNames names, std::span<const Entry> entries)
      : names_(names), entries_(entries) {}

  const PartNames& names() const { return names_; }
  /// Cornu's own.
  std::span<const Entry> entries() const { return entries_; }

  /// The line of that name, or null.
  const Entry* find(std::string_view name) const {
    if (const Entry* const known = find_known(name)) return known;
    const auto* const own = find_registered_part(names_.kind, name);
    return own == nullptr ? nullptr : &static_cast<const Registered*>(own)->entry;
  }
  /// The same for Cornu's own.
  const Entry* find_known(std::string_view name) const { return names_.find_in(entries_, name); }
  /// That of find(), but an Error for an unknown name.
  const Entry& entry(std::string_view name) const {
    if (const Entry* const found = find(name)) return *found;
    names_.refuse_beside(entries_, name);
  }
  Part make(std::string_view name, const Value::Map& config) const {
    return entry(name).make(config);
  }
  /// Whether these are the options of one of Cornu's parts that is made without any.
  bool has_defaults(std::string_view name, const Value::Map& config) const {
    for (const Entry& each : entries_) {
      if (each.name == name) return each.make({})->config() == config;
    }
    return false;
  }

  /// Error for a name that a part of the kind has, or that is no identifier.
  void add(std::string name, MakePart<Part> make, std::vector<std::string> fields) const {
    if (const Entry* const known = find_known(name)) names_.refuse_taken(name, known->name);
    for (const std::string_view each : names_.reserved) {
      if (same_name(each, name)) names_.refuse_taken(name, each);
    }
    add_registered_part(names_.kind, std::make_unique<Registered>(std::move(name), std::move(make),
                                                                  std::move(fields)));
  }

 private:
  struct Registered final : RegisteredPart {
    Registered(std::string its_name, MakePart<Part> its_make, std::vector<std::string> its_fields)
        : function(std::move(its_make)), entry(*this, function) {
      name = std::move(its_name);
      fields = std::move(its_fields);
      entry.name = name;
    }
    const void* make() const override { return &function; }

    MakePart<Part> function;
    Entry entry;
  };

  PartNames names_;
  std::span<const Entry> entries_;
};

/// The table of a kind of part; each room defines its own.
template <class Part>
const PartTable<Part>& part_table();

/// A part as a file describes it: of the custom_objects of the load, else of the table, else a
/// registered one.
template <class Part>
Part part_from_config(const NamedConfig& part) {
  const PartTable<Part>& table = part_table<Part>();
  const auto* const own = find_user_part<Part>(table.names().kind, part.name);
  return own == nullptr ? table.make(part.name, part.config) : (*own)(part.config);
}

}  // namespace cornu::inline v0
