#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/json.h"
#include "cornu/interop/h5_weights.h"
#include "cornu/interop/keras_file.h"
#include "cornu/interop/keras_part.h"
#include "cornu/interop/keras_weights.h"
#include "cornu/interop/names_without_slashes.h"
#include "cornu/interop/variable_groups.h"

namespace cornu::inline v0 {
namespace {

using std::string_view_literals::operator""sv;

// The bytes by which the kind of an archive is known.
constexpr uint64_t kArchiveKnownBy = 4096;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// All bytes of a member, verified.
std::span<const std::byte> bytes_of(const formats::ZipMember& member) {
  if (!member.unread) return member.bytes;
  member.unread->verify();
  return member.unread->view(0, member.unread->size());
}

bool is_hdf5(std::span<const std::byte> bytes) {
  return text_of(bytes).starts_with("\x89HDF\r\n\x1a\n"sv);
}

bool is_zip(std::span<const std::byte> bytes) {
  return text_of(bytes).starts_with("PK\x03\x04"sv);
}

const formats::ZipMember* member(const KerasFile& file, std::string_view name) {
  const auto found = std::ranges::find(file.members, name, &formats::ZipMember::name);
  return found == file.members.end() ? nullptr : &*found;
}

Value json_of(const KerasFile& file, std::string_view name) {
  const formats::ZipMember* const found = member(file, name);
  if (found == nullptr) return {};
  return formats::read_json(text_of(bytes_of(*found)), file.where + ": " + std::string(name));
}

void read_archive(KerasFile& file) {
  file.members = formats::read_zip(*file.source, file.where);
  file.network = json_of(file, "config.json");
  if (file.network.is_null()) {
    formats::FileKind kind = formats::foreign_kind(
        file.source->view(0, std::min<uint64_t>(kArchiveKnownBy, file.source->size())));
    if (kind.name == formats::kKerasArchive) kind = {"a ZIP archive"};
    throw Error({.kind = ErrorKind::unsupported,
                 .where = file.where,
                 .what = "is " + kind.name + " but no .keras file",
                 .expected = "config.json and model.weights.h5 in it",
                 .hint = kind.hint});
  }
  file.compile = value_under(file.network, "compile_config");
  file.own = json_of(file, "cornu.json");
  const Value version = value_under(json_of(file, "metadata.json"), "keras_version");
  if (version.is_string()) file.version = version.as_string();
  const formats::ZipMember* const weights = member(file, "model.weights.h5");
  if (weights == nullptr) {
    const bool has_npz = member(file, "model.weights.npz") != nullptr;
    throw Error({.kind = ErrorKind::unsupported,
                 .where = file.where,
                 .expected = "model.weights.h5 in it",
                 .found = has_npz ? "model.weights.npz" : "",
                 .hint = has_npz ? "save the model again in Keras without weights_format" : ""});
  }
  const std::string where = file.where + ": model.weights.h5";
  try {
    file.weights = weights->unread ? formats::read_hdf5(*weights->unread, where)
                                   : formats::read_hdf5(weights->bytes, where);
  } catch (const Error&) {
    file.verify();  // a wrong checksum is the better reason
    throw;
  }
}

std::optional<std::string> text_attribute(const formats::Hdf5Group& group, std::string_view name) {
  const Value* const value = group.attribute(name);
  return value != nullptr && value->is_string() ? std::optional(value->as_string()) : std::nullopt;
}

void read_h5(KerasFile& file) {
  formats::Hdf5Group root = formats::read_hdf5(*file.source, file.where);
  const auto json = [&](const char* name) -> Value {
    const auto text = text_attribute(root, name);
    return text ? formats::read_json(*text, file.where + ": " + name) : Value();
  };
  file.version = text_attribute(root, "keras_version").value_or("");
  file.backend = text_attribute(root, "backend").value_or("");
  file.network = json("model_config");
  file.compile = json("training_config");
  file.own = json("cornu");
  if (const formats::Hdf5Group* const own = root.group("optimizer_weights")) file.optimizer = *own;
  const formats::Hdf5Group* const whole = root.group("model_weights");
  file.is_by_layer = whole != nullptr || root.attribute("layer_names") != nullptr ||
                     root.attribute("layer_names0") != nullptr;
  file.weights = whole != nullptr ? *whole : std::move(root);
}

}  // namespace

bool is_keras_file(const std::string& path) {
  // A pipe would wait.
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return false;
  std::array<char, 8> first = {};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  const auto bytes = std::as_bytes(std::span(first));
  return is_hdf5(bytes) || is_zip(bytes);
}

KerasFile read_keras_file(const std::string& path) {
  KerasFile file{.where = path};
  file.source = std::make_unique<FileBytes>(path);
  if (is_zip(file.source->view(0, std::min<uint64_t>(4, file.source->size())))) {
    read_archive(file);
  } else {
    read_h5(file);
  }
  remove_slashes_from_names(file.network, file.compile);
  return file;
}

namespace {

uint64_t elements_in(const formats::Hdf5Group& group) {
  uint64_t elements = 0;
  for (const formats::Hdf5Dataset& each : group.datasets) {
    if (!each.problem) elements += each.nbytes() / sizeof(float);
  }
  for (const formats::Hdf5Group& each : group.groups) elements += elements_in(each);
  return elements;
}

}  // namespace

uint64_t KerasFile::elements() const {
  return elements_in(weights);
}

void KerasFile::verify() const {
  for (const formats::ZipMember& each : members) {
    if (each.unread) each.unread->verify();
  }
  source->require_unchanged();
}

std::vector<StoredValue> KerasFile::values(const std::vector<StoredLayer>& layers) const {
  Leniency none;
  return values(layers, none);
}

std::vector<StoredValue> KerasFile::values(const std::vector<StoredLayer>& layers,
                                           Leniency& leniency) const {
  if (is_by_layer) return values_in_h5_weights(weights, layers, {where, backend}, leniency);
  if (!leniency.by_name) return values_in_keras_weights(weights, layers, where, leniency);
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .field = "by_name",
               .what = "has no names of layers, by which it could be read",
               .expected = "an .h5, .npz or .safetensors file",
               .hint = "skip_mismatch leaves out layers that differ"});
}

void KerasFile::require_todays_padding(const std::vector<StoredLayer>& layers) const {
  if (!is_by_layer) return;
  const bool is_theanos = std::ranges::any_of(values(layers), [&](const StoredValue& each) {
    return is_of_theano(each.values->name, backend);
  });
  if (is_theanos) require_padding_of_theano(layers);
}

std::optional<Shape> KerasFile::sample() const {
  if (!is_by_layer || value_under(network, "class_name") != Value("Sequential")) return {};
  const Value& config = network["config"];
  const Value& layers = config.is_list() ? config : value_under(config, "layers");
  if (!layers.is_list() || layers.as_list().empty()) return {};
  if (value_under(layers.as_list()[0], "class_name") != Value("Dense")) return {};
  const std::vector<std::string> names = names_in(weights, "layer_names", where);
  const formats::Hdf5Group* const first = names.empty() ? nullptr : weights.group(names[0]);
  if (first == nullptr) return {};
  const std::vector<std::string> values = names_in(*first, "weight_names", where);
  const formats::Hdf5Dataset* const kernel = values.empty() ? nullptr : first->dataset(values[0]);
  if (kernel == nullptr || kernel->shape.ndim() != 2 || kernel->shape[0] == 0) return {};
  return Shape{kernel->shape[0]};
}

std::vector<std::string> KerasFile::optimizer_names() const {
  if (!is_by_layer || optimizer.attributes.empty()) return {};
  return names_in(optimizer, "weight_names", where + ": optimizer_weights");
}

std::vector<Tensor> KerasFile::optimizer_variables() const {
  const std::string here = where + ": optimizer";
  std::vector<Tensor> variables;
  if (!is_by_layer) {
    const VariableGroup groups(weights, where);
    const VariableGroup* const state = groups.find("optimizer");
    if (state == nullptr) return {};
    for (const formats::Hdf5Dataset* each : state->variables()) {
      variables.push_back(tensor_of(*each, here));
    }
    return variables;
  }
  std::set<std::string> read;
  for (const std::string& name : optimizer_names()) {
    if (!read.insert(name).second) {
      // So did Adagrad's accumulators in Keras 3.0 to 3.5, whose save() then failed.
      throw Error({.kind = ErrorKind::corrupt,
                   .where = here,
                   .what = "has several variables named " + name + ", of which one is in the file",
                   .hint = "without compiling it the model loads: {.compile = false}, in Python "
                           "compile=False"});
    }
    const formats::Hdf5Dataset* const values = optimizer.dataset(name);
    if (values == nullptr) {
      throw Error({.kind = ErrorKind::corrupt, .where = here, .what = "has no " + name});
    }
    variables.push_back(tensor_of(*values, here + ": " + name));
  }
  return variables;
}

}  // namespace cornu::inline v0
