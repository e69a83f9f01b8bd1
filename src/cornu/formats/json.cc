#include "cornu/formats/json.h"

#include <fmt/format.h>
#include <locale.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/json_events.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxText = size_t{16} << 20;  // a Value takes up to twenty times its text

/// While it lives, this thread reads numbers with a point. The parser takes them as the C library
/// does, whose locale a program may have set to one with a decimal comma.
class PlainNumbers {
 public:
  PlainNumbers() : before_(::uselocale(plain())) {}
  ~PlainNumbers() { ::uselocale(before_); }
  PlainNumbers(const PlainNumbers&) = delete;
  PlainNumbers& operator=(const PlainNumbers&) = delete;

 private:
  static locale_t plain() {
    static const locale_t locale = ::newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
  }

  const locale_t before_;
};

// Passes the text to the parser and notes how far it has read, so that an error can say where.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  friend bool operator==(const Cursor& a, const Cursor& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// nlohmann's parser takes duplicate keys and any depth in silence: this reader checks them.
class Guard {
 public:
  Guard(std::string_view text, const std::string& where, JsonEvents& events)
      : text_(text), where_(where), events_(events), furthest_(text.data()) {
    // The parser takes a NUL for the end of the text and would not read on.
    if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
      furthest_ += nul + 1;
      refuse("not JSON: it holds a NUL byte");
    }
  }

  Cursor begin() { return {text_.data(), &furthest_}; }
  Cursor end() { return {text_.data() + text_.size(), &furthest_}; }

  bool null() { return scalar({}); }
  bool boolean(bool value) { return scalar(value); }
  // The parser gives numbers with a minus sign here, so a zero was written "-0".
  bool number_integer(int64_t value) { return value == 0 ? scalar(-0.0) : scalar(value); }
  bool number_unsigned(uint64_t value) {
    constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    if (value > kMost) outside(std::to_string(value));
    return scalar(static_cast<int64_t>(value));
  }
  bool number_float(double value, const std::string& written) {
    // Whole numbers too long for 64 bits arrive here as well, rounded.
    if (written.find_first_of(".eE") == std::string::npos) outside(written);
    return scalar(value);
  }
  bool string(std::string& value) { return scalar(std::move(value)); }
  bool binary(json::binary_t&) { return false; }

  bool start_object(size_t) {
    deeper();
    keys_.emplace_back();
    events_.begin_map();
    return true;
  }
  bool end_object() {
    --depth_;
    keys_.pop_back();
    events_.end_map();
    return true;
  }
  bool start_array(size_t) {
    deeper();
    events_.begin_list();
    return true;
  }
  bool end_array() {
    --depth_;
    events_.end_list();
    return true;
  }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) refuse("the key " + shown(name) + " is given twice");
    events_.key(name);
    return true;
  }
  bool parse_error(size_t, const std::string& token, const json::exception& error) {
    // 406: a number that is no finite double.
    if (error.id == 406) refuse("the number " + shown(token) + " is too large");
    if (furthest_ == text_.data() + text_.size()) refuse("not JSON: it ends too early");
    refuse("not JSON: unexpected text after " + shown(token));
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& expected = {}) const {
    const std::string_view before = text_.substr(0, static_cast<size_t>(furthest_ - text_.data()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
    throw Error({.kind = ErrorKind::corrupt,
                 .where = fmt::format("{}: line {}, column {}", where_, line,
                                      std::max<size_t>(before.size() - start, 1)),
                 .what = what,
                 .expected = expected});
  }
  [[noreturn]] void outside(const std::string& written) const {
    refuse("the whole number " + shown(written) + " is too large", "at most 63 bits and a sign");
  }
  bool scalar(Value&& value) {
    events_.scalar(std::move(value));
    return true;
  }
  void deeper() {
    if (++depth_ > kMaxDepth) {
      refuse("nested too deep", fmt::format("at most {} levels", kMaxDepth));
    }
  }

  std::string_view text_;
  const std::string& where_;
  JsonEvents& events_;
  const char* furthest_;
  size_t depth_ = 0;
  std::vector<std::set<std::string>> keys_;
};

// Builds a Value. Containers are kept aside while open: a pointer into a vector that grows
// would dangle.
class Builder final : public JsonEvents {
 public:
  void begin_map() override { open_.push_back({Value::Map{}, {}}); }
  void end_map() override { close(); }
  void begin_list() override { open_.push_back({Value::List{}, {}}); }
  void end_list() override { close(); }
  void key(std::string& name) override { open_.back().key = std::move(name); }
  void scalar(Value&& value) override {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (auto* map = std::get_if<Value::Map>(&open_.back().content)) {
      map->emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      std::get<Value::List>(open_.back().content).push_back(std::move(value));
    }
  }
  Value take() { return std::move(result_); }

 private:
  struct Open {
    std::variant<Value::Map, Value::List> content;
    std::string key;
  };

  void close() {
    auto content = std::move(open_.back().content);
    open_.pop_back();
    std::visit([this](auto& items) { scalar(Value(std::move(items))); }, content);
  }

  std::vector<Open> open_;
  Value result_;
};

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Value& value) {
    if (value.is_list()) {
      const Value::List& list = value.as_list();
      open('[', list.size());
      for (const Value& each : list) {
        item();
        write(each);
      }
      close(']', list.size());
    } else if (value.is_map()) {
      const Value::Map& map = value.as_map();
      std::set<std::string_view> keys;
      open('{', map.size());
      for (const auto& [key, each] : map) {
        if (!keys.insert(key).second) {
          throw Error({.where = "JSON", .what = "the key " + shown(key) + " is given twice"});
        }
        item();
        string(key);
        text_ += indent_ < 0 ? ":" : ": ";
        write(each);
      }
      close('}', map.size());
    } else if (value.is_string()) {
      string(value.as_string());
    } else if (value.is_number() && !value.is_int()) {
      number(value.as_double());
    } else {
      text_ += value.is_null() ? "null" : value.str();
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void number(double value) {
    if (!std::isfinite(value)) {
      text_ += "null";
      return;
    }
    const std::string digits = shortest(value);
    text_ += digits;
    // Without these it would read back as a whole number.
    if (digits.find_first_of(".e") == std::string::npos) text_ += ".0";
  }

  void string(std::string_view text) {
    text_ += '"';
    while (!text.empty()) {
      const size_t size = character_size(text);
      if (size == 0) {
        text_ +=
            "\xEF\xBF\xBD";  // U+FFFD for a byte that is not UTF-8, for example in a file's name
      } else if (size > 1) {
        text_ += text.substr(0, size);
      } else {
        character(text.front());
      }
      text.remove_prefix(size > 0 ? size : 1);
    }
    text_ += '"';
  }

  void character(char c) {
    switch (c) {
      case '"':
        text_ += "\\\"";
        return;
      case '\\':
        text_ += "\\\\";
        return;
      case '\n':
        text_ += "\\n";
        return;
      case '\t':
        text_ += "\\t";
        return;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          text_ += c;
        }
    }
  }

  void open(char bracket, size_t items) {
    if (++depth_ > kMaxDepth) {
      throw Error({.where = "JSON",
                   .what = "nested too deep",
                   .expected = fmt::format("at most {} levels", kMaxDepth)});
    }
    text_ += bracket;
    first_ = items > 0;
  }
  void item() {
    if (!first_) text_ += ',';
    first_ = false;
    line();
  }
  void close(char bracket, size_t items) {
    --depth_;
    first_ = false;
    if (items > 0) line();
    text_ += bracket;
  }
  void line() {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(depth_ * static_cast<size_t>(indent_), ' ');
  }

  int indent_;
  size_t depth_ = 0;
  bool first_ = true;
  std::string text_;
};

}  // namespace

void walk_json(std::string_view text, const std::string& where, JsonEvents& events) {
  const PlainNumbers plain;
  Guard guard(text, where, events);
  json::sax_parse(guard.begin(), guard.end(), &guard);
}

Value read_json(std::string_view text, const std::string& where) {
  if (text.size() > kMaxText) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .expected = fmt::format("JSON of at most {} bytes", kMaxText),
                 .found = std::to_string(text.size())});
  }
  Builder builder;
  walk_json(text, where, builder);
  return builder.take();
}

std::string write_json(const Value& value, int indent) {
  Writer writer(indent);
  writer.write(value);
  return writer.take();
}

}  // namespace cornu::inline v0::formats
