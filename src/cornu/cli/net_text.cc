#include "cornu/cli/net_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kMostText = 20'000;
constexpr size_t kMostLayers = 1'000;
constexpr size_t kMostWord = 64;
constexpr int kDeepest = 16;
constexpr size_t kMostByPosition = 2;
constexpr size_t kCaretWidth = 76;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
  return begins_name(c) || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-' || c == '/';
}

struct Argument {
  std::string key;  // empty: by position
  size_t key_at = 0, value_at = 0;
  Value value;
};

struct Call {
  std::string name;
  size_t at = 0;
  std::vector<Argument> arguments;
};

// Recursive descent over
//   net   = call {"," call}
//   call  = name ["(" [argument {"," argument}] ")"]
//   argument = [name "="] value
//   value = number | true | false | none | call | "(" [value {"," value} [","]] ")"
class Parser {
 public:
  Parser(std::string_view text, const std::string& where) : text_(text), where_(where) {
    if (text.size() > kMostText) {
      throw Error({.where = where,
                   .expected = "at most 20,000 characters",
                   .found = std::to_string(text.size())});
    }
  }

  [[noreturn]] void fail(size_t at, ErrorParts parts) const {
    throw NetTextError(text_, at, where_, std::move(parts));
  }

  std::vector<Call> calls() {
    std::vector<Call> all;
    do {
      all.push_back(call("a layer, such as dense(64, activation=relu)", 0));
      if (all.size() > kMostLayers) {
        fail(all.back().at, {.what = "too many layers", .expected = "at most 1,000"});
      }
    } while (take(','));
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

  [[noreturn]] void unexpected(const std::string& expected) {
    const char c = next();
    if (at_ >= text_.size()) fail(at_, {.expected = expected, .found = "the end"});
    if (is_word(c)) {
      const size_t at = at_;
      fail(at, {.expected = expected, .found = formats::shown(word())});
    }
    if (c == '"' || c == '\'') {
      fail(at_, {.expected = expected,
                 .found = "a quote",
                 .hint = "words are written without quotes: activation=relu"});
    }
    const size_t size = std::max<size_t>(1, formats::character_size(text_.substr(at_)));
    fail(at_, {.expected = expected, .found = formats::shown(text_.substr(at_, size))});
  }

  std::string_view word() {
    next();
    const size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ - begin > kMostWord) {
      fail(begin, {.expected = "words and numbers of at most 64 characters",
                   .found = std::to_string(at_ - begin)});
    }
    return text_.substr(begin, at_ - begin);
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
    if (!take('(')) return made;
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
    if (at_ < text_.size() && c == '(') return tuple(depth);
    if (begins_name(c)) return named(depth);
    if (!is_word(c)) unexpected("a value");
    const size_t at = at_;
    return number(word(), at);
  }

  Value tuple(int depth) {
    deeper(depth);
    take('(');
    Value::List values;
    while (!take(')')) {
      values.push_back(value(depth + 1));
      if (take(',')) continue;
      if (!take(')')) unexpected("a comma or )");
      break;
    }
    return values;
  }

  Value named(int depth) {
    const Call made = call("a value", depth);
    const bool bare = text_[at_ - 1] != ')';
    if (!bare) {
      Value::Map config;
      for (const Argument& each : made.arguments) {
        if (each.key.empty()) {
          fail(each.value_at, {.expected = "key=value inside " + made.name + "(…)"});
        }
        config.emplace_back(each.key, each.value);
      }
      return to_value(NamedConfig{made.name, std::move(config)});
    }
    if (made.name == "true") return true;
    if (made.name == "false") return false;
    if (made.name == "none") return {};
    return made.name;
  }

  Value number(std::string_view digits, size_t at) const {
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
      fail(at, {.expected = "a number or a name", .found = std::string(digits)});
    }
    return real;
  }

  std::string_view text_;
  const std::string& where_;
  size_t at_ = 0;
};

// Whoever has a name and `trainable` has them last, and they are never meant by position.
std::vector<std::string> fields_by_position(const std::vector<std::string>& fields) {
  const auto end = std::find(fields.begin(), fields.end(), "name");
  std::vector<std::string> first(fields.begin(), end);
  if (first.size() > kMostByPosition) first.resize(kMostByPosition);
  return first;
}

// The arguments as an options struct wants them, each under its field's name.
Value::Map config_of(const Parser& parser, const Call& call,
                     const std::vector<std::string>& fields) {
  const std::vector<std::string> positions = fields_by_position(fields);
  Value::Map config;
  bool named = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& each = call.arguments[i];
    named = named || !each.key.empty();
    std::string key = each.key;
    if (key.empty()) {
      if (named) {
        parser.fail(each.value_at, {.what = "an argument without a name follows one with a name",
                                    .expected = "key=value"});
      }
      if (i >= positions.size()) {
        parser.fail(each.value_at, {.what = call.name + " takes " +
                                            (positions.empty() ? "no argument"
                                                               : std::to_string(positions.size())) +
                                            " without a name",
                                    .expected = "key=value",
                                    .found = each.value.str()});
      }
      key = positions[i];
    } else if (std::find(fields.begin(), fields.end(), key) == fields.end()) {
      parser.fail(each.key_at, unknown_name(call.name, "option", key, fields).parts());
    }
    const bool twice = std::any_of(config.begin(), config.end(),
                                   [&key](const auto& entry) { return entry.first == key; });
    if (twice) parser.fail(each.key_at, {.where = call.name, .what = key + " is given twice"});
    config.emplace_back(key, each.value);
  }
  return config;
}

// What `make` throws is told at the column of the argument that it speaks of, or of the call.
template <class Make>
auto made_at(const Parser& parser, const Call& call, const Value::Map& config, Make make) {
  try {
    return make();
  } catch (const Error& error) {
    size_t at = call.at;
    for (size_t i = 0; i < config.size(); ++i) {
      const std::string& key = config[i].first;
      const std::string expected = " " + error.parts().expected + " ";
      if (error.parts().where.ends_with(": " + key) ||
          expected.find(" " + key + " ") != std::string::npos) {
        at = call.arguments[i].value_at;
      }
    }
    parser.fail(at, error.parts());
  }
}

// A terminal's line for any text: control characters and broken bytes as one mark each.
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

NetTextError::NetTextError(std::string_view text, size_t at, const std::string& where,
                           ErrorParts parts)
    : Error(at_column(text, at, where, std::move(parts))) {
  size_t column = 0;
  const std::vector<std::string> line = characters(text, at, column);
  if (!line.empty()) caret_ = caret_under(line, column);
}

std::vector<Layer> layers_from_text(std::string_view text, const std::string& where) {
  Parser parser(text, where);
  std::vector<std::string> names;
  for (const LayerEntry& entry : layer_table()) names.push_back(snake_case(entry.type));
  std::vector<Layer> layers;
  for (const Call& call : parser.calls()) {
    // The table knows a layer by its class name too; this text does not.
    const auto found = std::find(names.begin(), names.end(), call.name);
    if (found == names.end()) {
      ErrorParts parts = unknown_name("", "layer", call.name, names).parts();
      parser.fail(call.at, std::move(parts));
    }
    const LayerEntry& entry = layer_table()[static_cast<size_t>(found - names.begin())];
    const Value::Map config = config_of(parser, call, entry.fields());
    layers.push_back(made_at(parser, call, config, [&] { return make_layer(call.name, config); }));
  }
  return layers;
}

Optimizer optimizer_from_text(std::string_view text, const std::string& where) {
  Parser parser(text, where);
  const Call call = parser.only_call("an optimizer, such as adam or adam(0.01)");
  std::vector<std::string> names;
  for (const OptimizerEntry& entry : optimizer_table()) {
    names.emplace_back(entry.name);
    if (entry.name != call.name) continue;
    const Value::Map config = config_of(parser, call, entry.fields());
    return made_at(parser, call, config, [&] { return make_optimizer(call.name, config); });
  }
  ErrorParts parts = unknown_name("", "optimizer", call.name, names).parts();
  parser.fail(call.at, std::move(parts));
}

Loss loss_from_text(std::string_view text, const std::string& where) {
  Parser parser(text, where);
  const Call call = parser.only_call("a loss, such as mse or huber(delta=2)");
  const LossEntry entry = made_at(parser, call, {}, [&] { return loss_entry(call.name); });
  const Value::Map config = config_of(parser, call, entry.fields());
  return made_at(parser, call, config, [&] { return entry.make(config); });
}

std::string text_of(const Loss& loss) {
  const std::string name(loss->name());
  const Value::Map defaults = make_loss(name)->config();
  std::string options;
  for (const auto& [field, value] : loss->config()) {
    if (std::find(defaults.begin(), defaults.end(), std::pair(field, value)) != defaults.end()) {
      continue;
    }
    options += (options.empty() ? "" : ", ") + field + "=" + value.str();
  }
  return options.empty() ? name : name + "(" + options + ")";
}

}  // namespace cornu::inline v0::cli
