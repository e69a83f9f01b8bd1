#include "cornu/training/checkpoint_every.h"

#include <charconv>
#include <string_view>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

using Unit = CheckpointEvery::Unit;

struct UnitName {
  std::string_view name;
  Unit unit;
};
constexpr UnitName kUnitNames[] = {
    {"s", Unit::seconds},    {"step", Unit::steps},    {"steps", Unit::steps},
    {"epoch", Unit::epochs}, {"epochs", Unit::epochs},
};

}  // namespace

CheckpointEvery::CheckpointEvery(const std::string& text) {
  if (text == "never") return;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count_);
  const std::string_view unit(rest, static_cast<size_t>(end - rest));
  for (const UnitName& each : kUnitNames) {
    if (each.name == unit) unit_ = each.unit;
  }
  if (error == std::errc() && count_ >= 1 && unit_ != Unit::never) return;
  throw Error({.where = "checkpoint_every",
               .field = "checkpoint_every",
               .expected = "30s, 500steps, 1epoch, or another number of these, or never",
               .found = text.empty() ? "nothing" : "\"" + text + "\""});
}

std::string CheckpointEvery::text() const {
  if (unit_ == Unit::never) return "never";
  const std::string number = std::to_string(count_);
  if (unit_ == Unit::seconds) return number + "s";
  return number + (unit_ == Unit::steps ? "step" : "epoch") + (count_ == 1 ? "" : "s");
}

}  // namespace cornu::inline v0
