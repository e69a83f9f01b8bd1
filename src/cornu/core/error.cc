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

// The number of letters to change, add, leave out or swap with a neighbour (Damerau's distance of
// strings whose swapped letters are not changed again).
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::vector<size_t> next(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    next[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      next[j + 1] = std::min({row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1)});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        next[j + 1] = std::min(next[j + 1], before[j - 1] + 1);
      }
    }
    before = std::exchange(row, std::exchange(next, before));
  }
  return row[b.size()];
}

// The words of a name, in small letters.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  while (!name.empty()) {
    const size_t end = std::min(name.find_first_of("_- "), name.size());
    if (end > 0) words.push_back(plain_name(name.substr(0, end)));
    name.remove_prefix(std::min(name.size(), end + 1));
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  return std::accumulate(words.begin(), words.end(), std::string());
}

// Whether each word of `few` begins a word of `many`, in order: val_split, validation_split.
bool begin_words(const std::vector<std::string>& few, const std::vector<std::string>& many) {
  size_t at = 0;
  for (const std::string& word : few) {
    while (at < many.size() && !many[at].starts_with(word)) ++at;
    if (at++ >= many.size()) return false;
  }
  return !few.empty();
}

// lr, learning_rate.
bool are_initials(std::string_view letters, const std::vector<std::string>& words) {
  return words.size() > 1 && std::equal(letters.begin(), letters.end(), words.begin(), words.end(),
                                        [](char c, const std::string& w) { return c == w[0]; });
}

// The distance of `name` from `asked`. If `asked` abbreviates `name`, it is at most that of one
// wrong letter; if one contains the other, at most that of two.
size_t distance(std::string_view asked, std::string_view name) {
  constexpr size_t kShortestHeld = 3, kShortestHolder = 4;
  const std::vector<std::string> asked_words = words_of(asked);
  const std::vector<std::string> name_words = words_of(name);
  const std::string a = joined(asked_words);
  const std::string b = joined(name_words);
  const size_t edits = edit_distance(a, b);
  if (a.size() > 1 &&
      (b.starts_with(a) || begin_words(asked_words, name_words) || are_initials(a, name_words))) {
    return std::min<size_t>(edits, 1);
  }
  const bool held = a.size() >= kShortestHeld && b.find(a) != std::string::npos;
  const bool holds = b.size() >= kShortestHolder && a.find(b) != std::string::npos;
  return held || holds ? std::min<size_t>(edits, 2) : edits;
}

}  // namespace

Error::Error(ErrorParts parts) : parts_(std::move(parts)), text_(compose(parts_)) {}

std::string nearest_first(std::string_view name, std::span<const std::string> names) {
  std::vector<std::pair<size_t, std::string_view>> sorted;
  for (const std::string& each : names) sorted.emplace_back(distance(name, each), each);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string list;
  for (const auto& [away, each] : sorted) {
    if (!list.empty()) list += ", ";
    list += each;
  }
  return list;
}

std::string nearest_name(std::string_view name, std::span<const std::string> names) {
  std::string nearest;
  size_t least = name.size() / 3 + 1;
  for (const std::string& each : names) {
    const size_t away = distance(name, each);
    if (away >= least) continue;
    least = away;
    nearest = each;
  }
  return nearest;
}

namespace {

// A list that fits a few lines: of many names only the nearest, and a count of the others.
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
                   std::span<const std::string> names, std::string_view field) {
  return Error({.kind = ErrorKind::not_found,
                .where = std::string(where),
                .field = std::string(field),
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
