#include "cornu/layers/edges.h"

#include <tuple>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// A number for both ends of an axis, or a number for each.
std::pair<int64_t, int64_t> both_ends(const Value& value) {
  if (!value.is_list()) return {value.as_int(), value.as_int()};
  const Value::List& list = value.as_list();
  if (list.size() != 2) {
    throw Error({.expected = "a number, or two for the ends of an axis", .found = value.str()});
  }
  return {list[0].as_int(), list[1].as_int()};
}

}  // namespace

Value to_value(const Edges& x) {
  return Value::List{Value::List{x.top, x.bottom}, Value::List{x.left, x.right}};
}

void from_value(const Value& value, Edges& x) {
  if (!value.is_list()) {
    x = Edges(value.as_int());
    return;
  }
  const Value::List& list = value.as_list();
  if (list.size() != 2) {
    throw Error(
        {.expected = "a number, or two, or ((top, bottom), (left, right))", .found = value.str()});
  }
  std::tie(x.top, x.bottom) = both_ends(list[0]);
  std::tie(x.left, x.right) = both_ends(list[1]);
}

}  // namespace cornu::inline v0
