#include "cornu/core/error.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "cornu/core/names.h"

namespace cornu::inline v0 {
namespace {

std::string compose(const ErrorParts& parts) {
  std::string text = parts.where + ":";
  if (!parts.what.empty()) text += " " + parts.what;
  if (!parts.expected.empty()) {
    if (!parts.what.empty()) text += ";";
    text += " expected " + parts.expected;
    if (!parts.found.empty()) text += ", got " + parts.found;
  } else if (!parts.found.empty()) {
    text += (parts.what.empty() ? " got " : ", got ") + parts.found;
  }
  if (!text.ends_with('.')) text += ".";
  if (!parts.hint.empty()) text += " Hint: " + parts.hint;
  return text;
}

// Levenshtein's distance, one row at a time.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Error::Error(ErrorParts parts) : parts_(std::move(parts)), text_(compose(parts_)) {}

std::string nearest_first(std::string_view name, std::span<const std::string> names) {
  std::vector<std::string_view> sorted(names.begin(), names.end());
  const std::string wanted = plain_name(name);
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto a, auto b) {
    return edit_distance(wanted, plain_name(a)) < edit_distance(wanted, plain_name(b));
  });
  std::string joined;
  for (std::string_view each : sorted) {
    if (!joined.empty()) joined += ", ";
    joined += each;
  }
  return joined;
}

namespace {

// A list that fits a few lines: more names than a person reads are the nearest and a count.
std::string listed(std::string_view name, std::span<const std::string> names) {
  constexpr size_t kMost = 12;
  constexpr size_t kNearest = 8;
  const std::string sorted = nearest_first(name, names);
  if (names.size() <= kMost) return sorted;
  size_t end = 0;
  for (size_t i = 0; i < kNearest; ++i) end = sorted.find(',', end + 1);
  return sorted.substr(0, end) + " and " + std::to_string(names.size() - kNearest) + " more";
}

}  // namespace

Error unknown_name(std::string_view where, std::string_view what, std::string_view name,
                   std::span<const std::string> names) {
  return Error({.kind = ErrorKind::not_found,
                .where = std::string(where),
                .what = "unknown " + std::string(what) + " \"" + std::string(name) + "\"",
                .expected = names.empty() ? "" : "one of " + listed(name, names)});
}

void refuse_absent(std::string_view where, std::string_view name,
                   std::span<const AbsentName> absent) {
  for (const AbsentName& each : absent) {
    if (!same_name(each.name, name)) continue;
    throw Error({.kind = ErrorKind::not_found,
                 .where = std::string(where),
                 .what = "Keras has \"" + std::string(name) + "\", Cornu has not",
                 .hint = "the nearest is " + std::string(each.nearest)});
  }
}

}  // namespace cornu::inline v0
