#include "cornu/formats/event_file.h"

#include <isa-l/crc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <protozero/pbf_builder.hpp>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/formats/histogram.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

// Numbers of fields, from TensorFlow's event.proto, summary.proto, tensor.proto and
// tensor_shape.proto.
enum class EventField : protozero::pbf_tag_type {
  wall_time = 1,
  step = 2,
  file_version = 3,
  summary = 5,
  source_metadata = 10
};
enum class SourceField : protozero::pbf_tag_type { writer = 1 };
enum class SummaryField : protozero::pbf_tag_type { value = 1 };
enum class ValueField : protozero::pbf_tag_type { tag = 1, tensor = 8, metadata = 9 };
enum class MetadataField : protozero::pbf_tag_type { plugin_data = 1 };
enum class PluginField : protozero::pbf_tag_type { name = 1, content = 2 };
enum class TensorField : protozero::pbf_tag_type {
  dtype = 1,
  shape = 2,
  content = 4,
  string_value = 8
};
enum class ShapeField : protozero::pbf_tag_type { dim = 2 };
enum class DimField : protozero::pbf_tag_type { size = 1 };

enum class TensorType : int32_t { float32 = 1, float64 = 2, string = 7 };

template <class Field>
using Message = protozero::pbf_builder<Field>;

void put_type_and_shape(Message<TensorField>& tensor, TensorType dtype,
                        std::span<const int64_t> shape) {
  tensor.add_enum(TensorField::dtype, static_cast<int32_t>(dtype));
  std::string extents;
  Message<ShapeField> dims(extents);
  for (const int64_t extent : shape) {
    std::string text;
    Message<DimField>(text).add_int64(DimField::size, extent);
    dims.add_message(ShapeField::dim, text);
  }
  tensor.add_message(TensorField::shape, extents);
}

/// A tensor of numbers.
template <class Number>
std::string numbers_tensor(TensorType dtype, std::span<const int64_t> shape,
                           std::span<const Number> values) {
  std::string text;
  Message<TensorField> tensor(text);
  put_type_and_shape(tensor, dtype, shape);
  tensor.add_bytes(TensorField::content, reinterpret_cast<const char*>(values.data()),
                   values.size_bytes());
  return text;
}

std::string strings_tensor(std::span<const int64_t> shape, std::span<const std::string> values) {
  std::string text;
  Message<TensorField> tensor(text);
  put_type_and_shape(tensor, TensorType::string, shape);
  for (const std::string& each : values) tensor.add_bytes(TensorField::string_value, each);
  return text;
}

/// The part of TensorBoard that shows a value, and the version of its content for that part.
struct Plugin {
  std::string_view name;
  std::string_view version = {};
};

std::string metadata_of(const Plugin& plugin) {
  std::string data;
  Message<PluginField> fields(data);
  fields.add_string(PluginField::name, plugin.name.data(), plugin.name.size());
  if (!plugin.version.empty()) {
    fields.add_bytes(PluginField::content, plugin.version.data(), plugin.version.size());
  }
  std::string text;
  Message<MetadataField>(text).add_message(MetadataField::plugin_data, data);
  return text;
}

// A string of a protocol buffer that is not UTF-8 would make the whole record unreadable.
std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string valid;
  while (!text.empty()) {
    const size_t size = character_size(text);
    if (size == 0) {
      valid += "\xEF\xBF\xBD";
    } else {
      valid += text.substr(0, size);
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return valid;
}

double seconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

std::string version_event() {
  std::string source;
  Message<SourceField>(source).add_string(SourceField::writer, "cornu");
  std::string text;
  Message<EventField> event(text);
  event.add_double(EventField::wall_time, seconds_now());
  event.add_string(EventField::file_version, "brain.Event:2");
  event.add_message(EventField::source_metadata, source);
  return text;
}

std::string value_event(std::string_view tag, int64_t step, const std::string& tensor,
                        const Plugin& plugin) {
  std::string value;
  Message<ValueField> fields(value);
  fields.add_string(ValueField::tag, as_utf8(tag));
  fields.add_message(ValueField::tensor, tensor);
  fields.add_message(ValueField::metadata, metadata_of(plugin));
  std::string summary;
  Message<SummaryField>(summary).add_message(SummaryField::value, value);
  std::string text;
  Message<EventField> event(text);
  event.add_double(EventField::wall_time, seconds_now());
  event.add_int64(EventField::step, step);
  event.add_message(EventField::summary, summary);
  return text;
}

// CRC-32C (Castagnoli), masked as in TFRecord files: turned right by 15 bits, plus a constant.
uint32_t masked_crc(const char* bytes, size_t size) {
  // ISA-L takes a pointer to bytes that it does not change.
  auto* begin = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes));
  const uint32_t crc = ~::crc32_iscsi(begin, static_cast<int>(size), ~0U);
  return std::rotr(crc, 15) + 0xa282ead8U;
}

template <class Number>
void put(std::string& text, Number number) {
  text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// The record around an event: its length, that length's checksum, the event, the event's checksum.
std::string record_of(const std::string& event) {
  std::string text;
  text.reserve(event.size() + 16);
  put(text, static_cast<uint64_t>(event.size()));
  put(text, masked_crc(text.data(), sizeof(uint64_t)));
  text += event;
  put(text, masked_crc(event.data(), event.size()));
  return text;
}

// A machine may have any name; in that of a file it must not name another folder.
std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  std::string text = name.data();
  for (char& each : text) {
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                       (each >= '0' && each <= '9') || each == '-' || each == '.' || each == '_';
    if (!plain) each = '_';
  }
  return text;
}

// TensorBoard reads the files of a folder in the order of their names, so that numbers have the
// same length: those of a second file must not come before those of the first.
std::string new_path(const std::string& folder) {
  static std::atomic<uint64_t> count = 0;
  const std::string begin = folder + "/events.out.tfevents." +
                            std::to_string(static_cast<int64_t>(seconds_now())) + "." +
                            host_name() + "." + std::to_string(::getpid()) + ".";
  std::string path;
  do {
    const std::string number = std::to_string(count++);
    path = begin + std::string(number.size() < 6 ? 6 - number.size() : 0, '0') + number + ".v2";
  } while (std::filesystem::exists(path));
  return path;
}

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return;
  throw Error({.kind = ErrorKind::io,
               .where = folder,
               .what = "cannot make the folder: " + std::string(std::strerror(error.value())),
               .hint = "name a folder that can be written for TensorBoard's logs"});
}

float as_float32(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (value > kMost) return kInfinity;
  if (value < -kMost) return -kInfinity;
  return static_cast<float>(value);
}

}  // namespace

EventFileWriter::EventFileWriter(const std::string& folder, FileSystem& files) : files_(files) {
  make_folder(folder);
  path_ = new_path(folder);
  file_ = files_.create(path_, 0666);
  append(version_event());  // closes the file where it fails
}

EventFileWriter::~EventFileWriter() {
  try {
    close();
  } catch (const Error&) {  // close() is there for whoever wants to know
  }
}

void EventFileWriter::scalar(std::string_view tag, int64_t step, double value) {
  const std::array<float, 1> number = {as_float32(value)};
  append(
      value_event(tag, step, numbers_tensor<float>(TensorType::float32, {}, number), {"scalars"}));
}

void EventFileWriter::histogram(std::string_view tag, int64_t step, std::span<const float> values) {
  const Histogram buckets = formats::histogram(values);
  std::vector<double> numbers;
  for (const HistogramBucket& each : buckets) {
    numbers.insert(numbers.end(), {each.left, each.right, each.count});
  }
  const std::array<int64_t, 2> shape = {static_cast<int64_t>(buckets.size()), 3};
  append(value_event(tag, step, numbers_tensor<double>(TensorType::float64, shape, numbers),
                     {"histograms"}));
}

void EventFileWriter::images(std::string_view tag, int64_t step, int64_t width, int64_t height,
                             std::span<const std::string> pngs) {
  std::vector<std::string> strings = {std::to_string(width), std::to_string(height)};
  strings.insert(strings.end(), pngs.begin(), pngs.end());
  const std::array<int64_t, 1> shape = {static_cast<int64_t>(strings.size())};
  append(value_event(tag, step, strings_tensor(shape, strings), {"images"}));
}

void EventFileWriter::keras_graph(std::string_view json) {
  const std::array<std::string, 1> text = {std::string(json)};
  append(value_event("keras", 0, strings_tensor({}, text), {"graph_keras_model", "1"}));
}

void EventFileWriter::append(const std::string& event) {
  if (file_ < 0) {
    throw Error({.kind = ErrorKind::io,
                 .where = path_,
                 .what = "cannot be written: it was closed",
                 .hint = "an earlier error may have closed it; a new file begins anew"});
  }
  const std::string record = record_of(event);
  try {
    files_.write(file_, std::as_bytes(std::span(record)), path_);
  } catch (...) {
    // A record behind a half-written one could not be read.
    ::close(std::exchange(file_, -1));
    throw;
  }
}

void EventFileWriter::close() {
  if (file_ >= 0) files_.close(std::exchange(file_, -1), path_);
}

}  // namespace cornu::inline v0::formats
