#include "cornu/core/user_parts.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

thread_local const UserParts* parts_of_thread = nullptr;

}  // namespace

UserParts::Scope::Scope(const UserParts& parts) : before_(std::exchange(parts_of_thread, &parts)) {}

UserParts::Scope::~Scope() {
  parts_of_thread = before_;
}

const void* find_user_part(std::string_view what, std::string_view name) {
  return parts_of_thread == nullptr ? nullptr : parts_of_thread->find(what, name);
}

}  // namespace cornu::inline v0
