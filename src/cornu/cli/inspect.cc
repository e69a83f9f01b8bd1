#include "cornu/cli/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/core/fields.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/interop/file_content.h"

namespace cornu::inline v0::cli {
namespace {

constexpr size_t kShownOfHash = 12;

// A name from a file, quoted only where it could harm the terminal.
std::string plain_name(const std::string& name) {
  const std::string quoted = formats::shown(name);
  return quoted == "\"" + name + "\"" ? name : quoted;
}

Value document_of(const ArrayContent& array) {
  Value::Map map = {{"name", array.name},
                    {"dtype", array.dtype},
                    {"shape", to_value(array.shape)},
                    {"bytes", static_cast<int64_t>(array.bytes)},
                    {"sha256", array.sha256}};
  if (array.statistics) {
    map.emplace_back("min", array.statistics->least);
    map.emplace_back("max", array.statistics->most);
    map.emplace_back("mean", array.statistics->mean);
    map.emplace_back("std", array.statistics->deviation);
    map.emplace_back("not_finite", array.statistics->not_finite);
  }
  return map;
}

Value document_of(const FileContent& content, const std::string& file) {
  Value::List arrays;
  for (const ArrayContent& each : content.arrays) arrays.push_back(document_of(each));
  return Value::Map{{"file", file},
                    {"format", content.format},
                    {"facts", content.facts},
                    {"network", content.network},
                    {"compile", content.compile},
                    {"tensors", std::move(arrays)}};
}

std::string table_of(const std::vector<ArrayContent>& arrays) {
  size_t widest_name = 6, widest_shape = 5;
  for (const ArrayContent& each : arrays) {
    widest_name = std::max(widest_name, plain_name(each.name).size());
    widest_shape = std::max(widest_shape, each.shape.str().size());
  }
  std::string text =
      fmt::format("{:<{}}  {:<{}}  {:<8}  {:>10}  {:>10}  {:>10}  {:>10}  sha256\n", "tensor",
                  widest_name, "shape", widest_shape, "dtype", "min", "max", "mean", "std");
  for (const ArrayContent& each : arrays) {
    text += fmt::format("{:<{}}  {:<{}}  {:<8}", plain_name(each.name), widest_name,
                        each.shape.str(), widest_shape, each.dtype);
    if (each.statistics) {
      const TensorStatistics& of = *each.statistics;
      text += fmt::format("  {:>10.4g}  {:>10.4g}  {:>10.4g}  {:>10.4g}", of.least, of.most,
                          of.mean, of.deviation);
    } else {
      text += std::string(48, ' ');
    }
    text += "  " + each.sha256.substr(0, kShownOfHash);
    if (each.statistics && each.statistics->not_finite > 0) {
      text += fmt::format("  {} not finite", with_commas(each.statistics->not_finite));
    }
    text += "\n";
  }
  return text;
}

// The class and name of each layer, in the file's order.
std::string layers_of(const Value& network) {
  const Value* list = &network;
  if (const Value* config = network.is_map() ? network.find("config") : nullptr) list = config;
  if (const Value* layers = list->is_map() ? list->find("layers") : nullptr) list = layers;
  if (!list->is_list()) return "";
  std::string text;
  for (const Value& each : list->as_list()) {
    if (!each.is_map()) continue;
    const Value* type = each.find("class_name");
    if (type == nullptr) type = each.find("type");
    if (type != nullptr) text += (text.empty() ? "" : ", ") + plain_name(type->str());
  }
  return text;
}

// What Cornu keeps with a model: where it comes from, its classes, its epochs.
std::string card_of(const Value::Map& facts) {
  const Value all = facts;
  const Value* const own = all.find("cornu");
  const Value& card = own == nullptr ? all : *own;
  if (!card.is_map()) return "";
  std::string text;
  if (const Value* const from = card.find("provenance"); from != nullptr && from->is_map()) {
    for (const auto& [key, value] : from->as_map()) {
      text += "  " + plain_name(key) + " " + plain_name(value.str()) + "\n";
    }
  }
  if (const Value* const classes = card.find("class_names")) {
    text += "  classes " + plain_name(classes->str()) + "\n";
  }
  if (const Value* const history = card.find("history"); history != nullptr && history->is_map()) {
    const Value* const epochs = history->find("epoch");
    if (epochs != nullptr && epochs->is_list()) {
      text += fmt::format("  epochs {}\n", epochs->as_list().size());
    }
  }
  return text;
}

}  // namespace

int inspect(const InspectOptions& options) {
  std::string file = options.file;
  std::error_code none;
  if (std::filesystem::is_directory(file, none)) file = model_file_of(file);
  const FileContent content = file_content(file);
  if (options.json) {
    print_json(document_of(content, file));
    return 0;
  }
  int64_t bytes = 0;
  for (const ArrayContent& each : content.arrays) bytes += static_cast<int64_t>(each.bytes);
  std::string text = plain_name(file) + ": " + content.format + "\n";
  for (const auto& [key, value] : content.facts) {
    if (value.is_map() || value.is_list()) continue;
    text += "  " + plain_name(key) + " " + plain_name(value.str()) + "\n";
  }
  text += card_of(content.facts);
  if (const std::string layers = layers_of(content.network); !layers.empty()) {
    text += "  layers " + layers + "\n";
  }
  text += content.compile.is_null() || content.compile == Value(Value::Map{}) ? "" : "  compiled\n";
  const size_t count = content.arrays.size();
  text +=
      fmt::format("  {} tensor{}, {} bytes\n\n", count, count == 1 ? "" : "s", with_commas(bytes));
  print(text + table_of(content.arrays));
  return 0;
}

}  // namespace cornu::inline v0::cli
