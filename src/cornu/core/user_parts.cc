#include "cornu/core/user_parts.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "cornu/core/error.h"
#include "cornu/core/names.h"

namespace cornu::inline v0 {
namespace {

thread_local const UserParts* parts_of_thread = nullptr;

/// Parts are only added, so that a pointer to one stays good while others are.
class Registry {
 public:
  void add(std::string_view kind, std::unique_ptr<const RegisteredPart> part) {
    const std::unique_lock lock(mutex_);
    if (find_locked(kind, part->name) != nullptr) {
      throw Error({.where = "register_" + std::string(kind),
                   .what = "\"" + part->name + "\" is registered already",
                   .hint = "register each once, under a name of its own"});
    }
    parts_.push_back({std::string(kind), std::move(part)});
  }

  const RegisteredPart* find(std::string_view kind, std::string_view name) {
    const std::shared_lock lock(mutex_);
    return find_locked(kind, name);
  }

  std::vector<std::string> names(std::string_view kind) {
    const std::shared_lock lock(mutex_);
    std::vector<std::string> names;
    for (const Line& each : parts_) {
      if (each.kind == kind) names.push_back(each.part->name);
    }
    return names;
  }

 private:
  struct Line {
    std::string kind;
    std::unique_ptr<const RegisteredPart> part;
  };

  const RegisteredPart* find_locked(std::string_view kind, std::string_view name) const {
    const auto found = std::ranges::find_if(parts_, [&](const Line& each) {
      return each.kind == kind && same_name(each.part->name, name);
    });
    return found == parts_.end() ? nullptr : found->part.get();
  }

  std::shared_mutex mutex_;
  std::vector<Line> parts_;
};

// Never destroyed: threads may look up parts until the program ends.
Registry& registry() {
  static auto* const all = new Registry();
  return *all;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// As text in which options follow in brackets has to name it.
bool is_identifier(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

UserParts::Scope::Scope(const UserParts& parts) : before_(std::exchange(parts_of_thread, &parts)) {}

UserParts::Scope::~Scope() {
  parts_of_thread = before_;
}

void add_registered_part(std::string_view kind, std::unique_ptr<const RegisteredPart> part) {
  if (!is_identifier(part->name)) {
    throw Error({.where = "register_" + std::string(kind),
                 .expected = "a name of letters, digits and underscores that begins with a letter",
                 .found = '"' + part->name + '"'});
  }
  registry().add(kind, std::move(part));
}

const RegisteredPart* find_registered_part(std::string_view kind, std::string_view name) {
  return registry().find(kind, name);
}

std::vector<std::string> registered_names(std::string_view kind) {
  return registry().names(kind);
}

const void* find_user_part(std::string_view kind, std::string_view name) {
  if (parts_of_thread != nullptr) {
    if (const void* const make = parts_of_thread->find(kind, name)) return make;
  }
  const RegisteredPart* const found = find_registered_part(kind, name);
  return found == nullptr ? nullptr : found->make();
}

}  // namespace cornu::inline v0
