#include "cornu/report/page_template.h"

#include <algorithm>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/json.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0 {
namespace {

bool is_given(const Value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_bool()) return value->as_bool();
  if (value->is_list()) return !value->as_list().empty();
  if (value->is_string()) return !value->as_string().empty();
  return true;
}

std::string text_of_value(const Value& value) {
  return value.is_string() ? value.as_string() : value.str();
}

// A file ends with a line break, which is not part of its text.
std::string_view without_last_break(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

class Filling {
 public:
  Filling(const PageTemplates& templates, const Value& data)
      : templates_(templates), known_{&data} {}

  std::string fill(std::string_view name) {
    name_ = name;
    fill_text(templates_(name), true);
    return std::move(out_);
  }

 private:
  struct Tag {
    char kind;  // # ^ / > < & (raw) or a blank (escaped)
    std::string_view name;
  };

  [[noreturn]] void fail(const std::string& what) const {
    throw Error({.where = "template " + name_, .what = what});
  }

  // Takes the next tag, and the text before it, off `text`; false at the end.
  bool next(std::string_view& text, std::string_view& before, Tag& tag) const {
    const size_t open = text.find("{{");
    before = text.substr(0, open);
    if (open == text.npos) return false;
    const bool raw = text.substr(open).starts_with("{{{");
    const std::string_view ending = raw ? "}}}" : "}}";
    const size_t begin = open + ending.size();
    const size_t close = text.find(ending, begin);
    if (close == text.npos) fail("a tag has no end");
    tag = {raw ? '&' : ' ', text.substr(begin, close - begin)};
    text.remove_prefix(close + ending.size());
    if (!raw && std::string_view("#^/><").find(tag.name.front()) != std::string_view::npos) {
      tag.kind = tag.name.front();
      tag.name.remove_prefix(1);
    }
    while (tag.name.starts_with(' ')) tag.name.remove_prefix(1);
    return true;
  }

  // The text inside a section, which is taken off `text` with its last tag.
  std::string_view inside(std::string_view& text, std::string_view section) const {
    std::string_view rest = text, before;
    Tag tag{};
    int depth = 1;
    while (next(rest, before, tag)) {
      if (tag.name != section) continue;
      if (tag.kind == '#' || tag.kind == '^') ++depth;
      if (tag.kind != '/' || --depth > 0) continue;
      const auto taken = static_cast<size_t>(before.data() + before.size() - text.data());
      const std::string_view content = text.substr(0, taken);
      text = rest;
      return content;
    }
    fail("the section \"" + std::string(section) + "\" has no end");
  }

  const Value* find(std::string_view name) const {
    if (name == ".") return known_.back();
    for (size_t i = known_.size(); i-- > 0;) {
      if (!known_[i]->is_map()) continue;
      if (const Value* const found = known_[i]->find(name)) return found;
    }
    return nullptr;
  }

  const Value& need(std::string_view name) const {
    const Value* const found = find(name);
    if (found == nullptr) fail("there is no value \"" + std::string(name) + "\"");
    return *found;
  }

  void fill_with(const Value& value, std::string_view text) {
    known_.push_back(&value);
    fill_text(text, false);
    known_.pop_back();
  }

  void fill_section(const Value* value, std::string_view text) {
    if (!is_given(value)) return;
    if (value->is_list()) {
      for (const Value& each : value->as_list()) fill_with(each, text);
    } else {
      fill_with(*value, text);
    }
  }

  void fill_text(std::string_view text, bool whole) {
    std::string_view before;
    Tag tag{};
    while (next(text, before, tag)) {
      out_ += before;
      if (tag.kind == '#') {
        const Value* const value = find(tag.name);
        fill_section(value, inside(text, tag.name));
      } else if (tag.kind == '^') {
        const bool given = is_given(find(tag.name));
        const std::string_view content = inside(text, tag.name);
        if (!given) fill_text(content, false);
      } else if (tag.kind == '>') {
        const std::string outer = name_;
        name_ = tag.name;
        fill_text(templates_(tag.name), true);
        name_ = outer;
      } else if (tag.kind == '<') {
        out_ += without_last_break(templates_(tag.name));
      } else if (tag.kind == '/') {
        fail("the section \"" + std::string(tag.name) + "\" has no beginning");
      } else {
        const std::string value = text_of_value(need(tag.name));
        out_ += tag.kind == '&' ? value : escaped_html(value);
      }
    }
    out_ += whole ? without_last_break(before) : before;
  }

  const PageTemplates& templates_;
  std::vector<const Value*> known_;
  std::string name_, out_;
};

}  // namespace

std::string filled_template(std::string_view name, const Value& data,
                            const PageTemplates& templates) {
  return Filling(templates, data).fill(name);
}

std::string escaped_html(std::string_view text) {
  std::string html;
  for (size_t at = 0; at < text.size();) {
    const size_t size = formats::character_size(text.substr(at));
    const std::string_view character = text.substr(at, std::max<size_t>(size, 1));
    at += character.size();
    if (character == "&") {
      html += "&amp;";
    } else if (character == "<") {
      html += "&lt;";
    } else if (character == ">") {
      html += "&gt;";
    } else if (character == "\"") {
      html += "&quot;";
    } else if (character == "'") {
      html += "&#39;";
    } else if (size == 0 ||
               (formats::is_control(character) && character != "\n" && character != "\t")) {
      html += "\xEF\xBF\xBD";
    } else {
      html += character;
    }
  }
  return html;
}

std::string script_json(const Value& value) {
  std::string text;
  for (const char each : formats::write_json(value)) {
    if (each == '<') {
      text += "\\u003c";
    } else if (each == '>') {
      text += "\\u003e";
    } else if (each == '&') {
      text += "\\u0026";
    } else {
      text += each;
    }
  }
  return text;
}

}  // namespace cornu::inline v0
