#include "cornu/cli/call_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "cornu/core/fields.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/layers/table.h"
#include "cornu/listing/part_list.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kMostText = 20'000;
constexpr size_t kMostCalls = 1'000;
constexpr size_t kMostWord = 64;
constexpr size_t kMostPath = 4'096;
constexpr int kDeepest = 16;
constexpr size_t kMostByPosition = 2;
constexpr size_t kCaretWidth = 76;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}
// Has a slash, or a letter after a dot, as no number has: runs/x.csv, ./x.csv, 2024.csv.
bool looks_like_path(std::string_view word) {
  if (word.find('/') != std::string_view::npos) return true;
  for (size_t dot = word.find('.'); dot != std::string_view::npos; dot = word.find('.', dot + 1)) {
    if (dot + 1 < word.size() && begins_name(word[dot + 1])) return true;
  }
  return false;
}
bool is_word(char c) {
  return begins_name(c) || is_digit(c) || c == '.' || c == '+' || c == '-' || c == '/';
}

// Keras's modules: keras.layers.Dense, tf.keras.optimizers.Adam.
constexpr std::string_view kModules[] = {"tf",           "tensorflow",   "keras",     "layers",
                                         "activations",  "initializers", "losses",    "metrics",
                                         "regularizers", "optimizers",   "schedules", "callbacks"};

std::string_view without_modules(std::string_view name) {
  for (size_t dot = name.find('.'); dot != name.npos; dot = name.find('.')) {
    if (std::ranges::find(kModules, name.substr(0, dot)) == std::end(kModules)) break;
    name.remove_prefix(dot + 1);
  }
  return name;
}

// For a call that stands where an option of another is expected.
std::string bracket_hint(std::string_view name) {
  if (find_layer(name) == nullptr) return {};
  return "a \")\" may be missing before " + std::string(name);
}

// Recursive descent over
//   net   = call {"," call}
//   call  = name ["(" [argument {"," argument}] ")"]
//   argument = [name "="] value
//   value = number | true | false | none | path | text in quotes | call
//         | "(" [value {"," value} [","]] ")" | "[" the same "]"
class Parser {
 public:
  Parser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  [[noreturn]] void fail(size_t at, ErrorParts parts) const {
    throw CallTextError(text_, at, where_, std::move(parts));
  }

  std::vector<Call> calls(const char* expected) {
    std::vector<Call> all;
    do {
      all.push_back(call(expected, 0));
      if (all.size() > kMostCalls) {
        fail(all.back().at, {.what = "too many of them", .expected = "at most 1,000"});
      }
    } while (take(','));
    refuse_word_behind(all.back().name);
    end("a comma or the end");
    return all;
  }

  Call only_call(const char* expected) {
    Call one = call(expected, 0);
    end("the end");
    return one;
  }

 private:
  char next() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool take(char wanted) {
    if (next() != wanted || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  void end(const char* expected) {
    next();
    if (at_ < text_.size()) unexpected(expected);
  }

  // "dense 64", and "flatten dense(64)".
  void refuse_word_behind(const std::string& name) {
    if (at_ == 0 || text_[at_ - 1] == ')' || !is_word(next())) return;
    const size_t at = at_;
    const std::string found(word());
    fail(at,
         {.expected = "a comma or the end",
          .found = formats::shown(found),
          .hint = is_digit(found[0]) ? "arguments stand in brackets: " + name + "(" + found + ")"
                                     : "a comma stands behind " + name});
  }

  [[noreturn]] void unexpected(const std::string& expected) {
    const char c = next();
    if (at_ >= text_.size()) fail(at_, {.expected = expected, .found = "the end"});
    if (is_word(c)) {
      const size_t at = at_;
      fail(at, {.expected = expected, .found = formats::shown(word())});
    }
    if (is_quote(c)) {
      fail(at_, {.expected = expected,
                 .found = "a quote",
                 .hint = "only values may stand in quotes: name=\"first\""});
    }
    const size_t size = std::max<size_t>(1, formats::character_size(text_.substr(at_)));
    fail(at_, {.expected = expected,
               .found = formats::shown(text_.substr(at_, size)),
               .hint = c == '~' ? "the shell replaces ~ only where a word of the command line "
                                  "begins with it; write $HOME"
                                : ""});
  }

  std::string_view word() {
    next();
    const size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    if (found.size() > (looks_like_path(found) ? kMostPath : kMostWord)) {
      fail(begin, {.expected = "words and numbers of at most 64 characters, paths of at most 4,096",
                   .found = std::to_string(found.size())});
    }
    return found;
  }

  // "…" or '…'; a backslash before a quote or another backslash writes that, \t a tab.
  std::string quoted() {
    const size_t begin = at_;
    const char quote = text_[at_++];
    std::string found;
    while (at_ < text_.size() && text_[at_] != quote) {
      char c = text_[at_++];
      const char following = at_ < text_.size() ? text_[at_] : '\0';
      if (c == '\\' && (is_quote(following) || following == '\\' || following == 't')) {
        c = following == 't' ? '\t' : following;
        ++at_;
      }
      found += c;
    }
    if (at_ >= text_.size()) {
      fail(begin, {.what = "the quote is not closed", .expected = std::string(1, quote)});
    }
    ++at_;
    if (found.size() > kMostPath) {
      fail(begin, {.expected = "a text of at most 4,096 characters",
                   .found = std::to_string(found.size())});
    }
    return found;
  }

  void deeper(int depth) {
    if (depth < kDeepest) return;
    fail(at_, {.what = "parentheses are nested too deeply",
               .expected = "at most " + std::to_string(kDeepest) + " levels"});
  }

  Call call(const std::string& expected, int depth) {
    if (!begins_name(next())) unexpected(expected);
    Call made;
    made.at = at_;
    made.name = word();
    const bool has_arguments = take('(');
    // A value alone may be a path: layers.csv.
    if (has_arguments || depth == 0) made.name = without_modules(made.name);
    if (!has_arguments) return made;
    deeper(depth);
    if (take(')')) return made;
    do {
      made.arguments.push_back(argument(depth + 1));
    } while (take(','));
    if (!take(')')) unexpected("a comma or )");
    return made;
  }

  Argument argument(int depth) {
    Argument made;
    next();
    made.key_at = made.value_at = at_;
    if (begins_name(next())) {
      const std::string_view name = word();
      if (take('=')) {
        made.key = name;
      } else {
        at_ = made.key_at;
      }
    }
    next();
    made.value_at = at_;
    made.value = value(depth);
    return made;
  }

  Value value(int depth) {
    const char c = next();
    if (at_ < text_.size() && (c == '(' || c == '[')) return tuple(depth);
    if (is_quote(c)) return quoted();
    if (begins_name(c)) return named(depth);
    if (!is_word(c)) unexpected("a value");
    const size_t at = at_;
    return number_or_path(word(), at);
  }

  Value tuple(int depth) {
    deeper(depth);
    const char close = take('(') ? ')' : ']';
    if (close == ']') take('[');
    Value::List values;
    while (!take(close)) {
      values.push_back(value(depth + 1));
      if (take(',')) continue;
      if (!take(close)) unexpected(std::string("a comma or ") + close);
      break;
    }
    return values;
  }

  Value named(int depth) {
    const Call made = call("a value", depth);
    const bool bare = text_[at_ - 1] != ')';
    if (!bare) {
      const std::vector<std::string> fields = listing::fields_of_value(made.name);
      Value::Map config;
      for (size_t i = 0; i < made.arguments.size(); ++i) {
        const Argument& each = made.arguments[i];
        if (each.key.empty() && i >= fields.size()) {
          fail(each.value_at, {.expected = "key=value inside " + made.name + "(…)",
                               .hint = bracket_hint(made.name)});
        }
        config.emplace_back(each.key.empty() ? fields[i] : each.key, each.value);
      }
      return to_value(NamedConfig{made.name, std::move(config)});
    }
    if (made.name == "true" || made.name == "True") return true;
    if (made.name == "false" || made.name == "False") return false;
    if (made.name == "none" || made.name == "None") return {};
    return made.name;
  }

  Value number_or_path(std::string_view digits, size_t at) const {
    const char* begin = digits.data() + (digits.starts_with('+') ? 1 : 0);
    const char* end = digits.data() + digits.size();
    int64_t whole = 0;
    if (const auto [rest, error] = std::from_chars(begin, end, whole);
        error == std::errc() && rest == end) {
      return whole;
    }
    double real = 0;
    const auto [rest, error] = std::from_chars(begin, end, real);
    if (error == std::errc::result_out_of_range && rest == end) {
      fail(at, {.expected = "a number of float64", .found = std::string(digits)});
    }
    if (error != std::errc() || rest != end || !std::isfinite(real)) {
      if (looks_like_path(digits)) return std::string(digits);
      fail(at, {.expected = "a number or a name", .found = std::string(digits)});
    }
    return real;
  }

  std::string_view text_;
  const std::string& where_;
  size_t at_ = 0;
};

// What other programs, and Keras before 3, call the options of an optimizer.
std::string rate_hint(std::string_view key, const std::vector<std::string>& fields) {
  if (std::ranges::find(fields, "learning_rate") == fields.end()) return {};
  if (key == "lr" || key == "eta") return "it is learning_rate here";
  if (key != "decay") return {};
  return "a rate that falls is a schedule: learning_rate=cosine_decay(0.01, 1000); `cornu list "
         "schedules` shows all";
}

// `name` and `trainable` come last and cannot be passed by position.
std::vector<std::string> fields_by_position(const std::vector<std::string>& fields) {
  const auto end = std::find(fields.begin(), fields.end(), "name");
  std::vector<std::string> first(fields.begin(), end);
  if (first.size() > kMostByPosition) first.resize(kMostByPosition);
  return first;
}

// A terminal's line for any text: control characters and broken bytes become "?".
std::vector<std::string> characters(std::string_view text, size_t at, size_t& column) {
  std::vector<std::string> all;
  column = 0;
  size_t i = 0;
  while (i < text.size()) {
    if (i <= at) column = all.size();
    const size_t size = formats::character_size(text.substr(i));
    const std::string_view one = text.substr(i, std::max<size_t>(1, size));
    if (is_space(one[0])) {
      all.emplace_back(" ");
    } else {
      all.emplace_back(size == 0 || formats::is_control(one) ? "?" : one);
    }
    i += one.size();
  }
  if (at >= text.size()) column = all.size();
  return all;
}

std::string joined(const std::vector<std::string>& words, size_t begin, size_t end) {
  std::string text;
  for (size_t i = begin; i < end; ++i) text += words[i];
  return text;
}

std::string caret_under(const std::vector<std::string>& line, size_t column) {
  size_t begin = 0;
  size_t end = line.size();
  if (end > kCaretWidth) {
    begin = std::min(column - std::min(column, kCaretWidth / 2), end - kCaretWidth);
    end = begin + kCaretWidth;
  }
  const std::string before = begin > 0 ? "…" : "";
  const std::string after = end < line.size() ? "…" : "";
  return "  " + before + joined(line, begin, end) + after + "\n" +
         std::string(2 + (begin > 0 ? 1 : 0) + column - begin, ' ') + "^";
}

ErrorParts at_column(std::string_view text, size_t at, const std::string& where, ErrorParts parts) {
  size_t column = 0;
  characters(text, at, column);
  const std::string inner = parts.where.empty() ? "" : ": " + parts.where;
  parts.where = where + ", column " + std::to_string(column + 1) + inner;
  return parts;
}

}  // namespace

CallTextError::CallTextError(std::string_view text, size_t at, const std::string& where,
                             ErrorParts parts)
    : Error(at_column(text, at, where, std::move(parts))) {
  size_t column = 0;
  const std::vector<std::string> line = characters(text, at, column);
  if (!line.empty()) caret_ = caret_under(line, column);
}

CallText::CallText(std::string_view text, const std::string& where) : text_(text), where_(where) {
  if (text.size() <= kMostText) return;
  throw Error({.where = where,
               .expected = "at most 20,000 characters",
               .found = std::to_string(text.size())});
}

std::vector<Call> CallText::calls(const char* expected) const {
  return Parser(text_, where_).calls(expected);
}

Call CallText::only_call(const char* expected) const {
  return Parser(text_, where_).only_call(expected);
}

bool CallText::empty() const {
  return std::ranges::all_of(text_, is_space);
}

void CallText::fail(size_t at, ErrorParts parts) const {
  throw CallTextError(text_, at, where_, std::move(parts));
}

Value::Map CallText::config_of(const Call& call, const std::vector<std::string>& fields) const {
  const std::vector<std::string> positions = fields_by_position(fields);
  Value::Map config;
  bool named = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& each = call.arguments[i];
    named = named || !each.key.empty();
    std::string key = each.key;
    if (key.empty()) {
      if (named) {
        fail(each.value_at, {.what = "an argument without a name follows one with a name",
                             .expected = "key=value"});
      }
      if (i >= positions.size()) {
        fail(each.value_at,
             {.what = call.name + " takes " +
                      (positions.empty() ? "no argument" : std::to_string(positions.size())) +
                      " without a name",
              .expected = "key=value",
              .found = each.value.str()});
      }
      key = positions[i];
    } else if (std::find(fields.begin(), fields.end(), key) == fields.end()) {
      ErrorParts parts = unknown_name(call.name, "option", key, fields).parts();
      parts.hint = rate_hint(key, fields);
      fail(each.key_at, std::move(parts));
    }
    const bool twice = std::any_of(config.begin(), config.end(),
                                   [&key](const auto& entry) { return entry.first == key; });
    if (twice) fail(each.key_at, {.where = call.name, .what = key + " is given twice"});
    config.emplace_back(key, each.value);
  }
  return config;
}

size_t CallText::column_of(const Call& call, const Value::Map& config, const Error& error) {
  for (size_t i = 0; i < config.size(); ++i) {
    if (config[i].first == error.parts().field) return call.arguments[i].value_at;
  }
  return call.at;
}

}  // namespace cornu::inline v0::cli
