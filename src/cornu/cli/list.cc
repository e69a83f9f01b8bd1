#include "cornu/cli/list.h"

#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/names.h"
#include "cornu/listing/part_list.h"

namespace cornu::inline v0::cli {
namespace {

const listing::PartKind& kind_named(const std::string& name) {
  std::vector<std::string> names;
  for (const listing::PartKind& each : listing::part_kinds()) {
    if (same_name(each.name, name) || same_name(each.name, name + "s") ||
        same_name(each.name, name + "es")) {
      return each;
    }
    names.push_back(each.name);
  }
  throw unknown_name("list", "kind", name, names);
}

// Lines of words, broken at spaces, the second and later ones indented further.
std::string wrapped(const std::string& text, size_t width) {
  constexpr const char* kFirst = "  ";
  constexpr const char* kLater = "      ";
  std::string all, line = kFirst;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const bool fresh = line == kFirst || line == kLater;
    if (!fresh && line.size() + 1 + word.size() > width) {
      all += line + "\n";
      line = kLater + word;
    } else {
      line += (fresh ? "" : " ") + word;
    }
    begin = end + 1;
  }
  return all + line + "\n";
}

Value document_of(const listing::ListedPart& part) {
  Value::List arguments;
  for (const listing::PartArgument& each : part.arguments) {
    Value::Map argument = {{"name", each.name}, {"required", !each.value}};
    if (each.value) argument.emplace_back("default", *each.value);
    arguments.emplace_back(std::move(argument));
  }
  Value::Map document = {{"name", part.name}};
  if (!part.note.empty()) document.emplace_back("title", part.note);
  document.emplace_back("arguments", std::move(arguments));
  return document;
}

Value document_of(const listing::PartKind& kind) {
  Value::List all;
  for (const listing::ListedPart& part : kind.parts()) all.push_back(document_of(part));
  return all;
}

std::string names_of(const listing::PartKind& kind) {
  std::string names;
  for (const listing::ListedPart& part : kind.parts())
    names += (names.empty() ? "" : ", ") + part.name;
  return names;
}

std::string kind_text(const listing::PartKind& kind, size_t width) {
  std::string text = kind.name + ", for " + kind.where + ":\n";
  for (const listing::ListedPart& part : kind.parts()) {
    text +=
        wrapped(part.note.empty() ? listing::signature(part) : part.name + ": " + part.note, width);
  }
  if (kind.name == "layers") text += "Every layer also takes name=… and trainable=true.\n";
  if (kind.name == "metrics") text += "Every metric also takes name=…, its name in logs.\n";
  return text;
}

}  // namespace

int list(const ListOptions& options) {
  const auto width = static_cast<size_t>(terminal_options().width);
  if (options.kind.empty()) {
    Value::Map document;
    std::string text;
    for (const listing::PartKind& kind : listing::part_kinds()) {
      document.emplace_back(kind.name, document_of(kind));
      text += kind.name + "\n" + wrapped(names_of(kind), width);
    }
    if (options.json) {
      print_json(document);
    } else {
      print(text + "\n`cornu list layers` shows a kind with its arguments and defaults.\n");
    }
    return 0;
  }
  const listing::PartKind& kind = on_command_line(
      [&options]() -> const listing::PartKind& { return kind_named(options.kind); });
  if (options.json) {
    print_json(document_of(kind));
  } else {
    print(kind_text(kind, width));
  }
  return 0;
}

}  // namespace cornu::inline v0::cli
