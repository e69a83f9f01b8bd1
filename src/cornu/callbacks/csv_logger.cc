#include "cornu/callbacks/csv_logger.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

[[noreturn]] void fail(const std::string& path, const char* doing, int error) {
  throw Error({.kind = ErrorKind::io,
               .where = path,
               .what = std::string("cannot ") + doing + ": " + std::strerror(error),
               .hint = "name a file that can be written"});
}

// A field as RFC 4180 writes it: in quotes where it holds a separator, a quote or a line break.
std::string field(const std::string& text, const std::string& separator) {
  if (text.find(separator) == std::string::npos &&
      text.find_first_of("\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::vector<std::string> fields_of(std::string_view line, const std::string& separator) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (size_t at = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    if (is_quoted && rest.starts_with("\"\"")) {
      fields.back() += '"';
      at += 2;
    } else if (rest[0] == '"' && (is_quoted || fields.back().empty())) {
      is_quoted = !is_quoted;
      ++at;
    } else if (!is_quoted && rest.starts_with(separator)) {
      fields.emplace_back();
      at += separator.size();
    } else {
      fields.back() += rest[0];
      ++at;
    }
  }
  return fields;
}

/// The content of a file to which lines are added.
struct Before {
  std::vector<std::string> names;  ///< those in its first line, except "epoch"
  bool ends_in_line = true;        ///< whether its last line is complete
};

// Pipes and devices are only written to.
Before read(const std::string& path, const std::string& separator) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(path, unknown)) return {};
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!std::getline(file, line)) return {};
  if (line.ends_with('\r')) line.pop_back();
  Before before{.names = fields_of(line, separator)};
  before.names.erase(before.names.begin());
  file.clear();
  file.seekg(-1, std::ios::end);
  before.ends_in_line = file.get() == '\n';
  return before;
}

}  // namespace

CSVLogger::CSVLogger(std::string filename, CSVLoggerOptions options)
    : filename_(std::move(filename)), options_(std::move(options)) {
  if (!options_.separator.empty()) return;
  throw Error({.where = "CSVLogger", .expected = "a separator", .found = "none"});
}

void CSVLogger::on_train_begin() {
  const Before before = options_.append ? read(filename_, options_.separator) : Before{};
  names_ = before.names;
  file_.reset(std::fopen(filename_.c_str(), options_.append ? "ae" : "we"));
  if (file_ == nullptr) fail(filename_, "open", errno);
  if (!before.ends_in_line) write("\n");
  text_.clear();
  std::fseek(file_.get(), 0, SEEK_END);
  begin_ = std::max<int64_t>(0, std::ftell(file_.get()));  // -1 of a pipe
}

void CSVLogger::on_epoch_end(EpochRecord& record, const History&) {
  std::string text;
  if (names_.empty()) {
    text += "epoch";
    for (const auto& [name, value] : record.logs) {
      names_.push_back(name);
      text += options_.separator + field(name, options_.separator);
    }
    text += '\n';
  }
  text += std::to_string(record.epoch);
  for (const std::string& name : names_) {
    const double* value = record.logs.find(name);
    text +=
        options_.separator + (value == nullptr ? "" : field(shortest(*value), options_.separator));
  }
  write(text + '\n');
  text_ += text + '\n';
}

void CSVLogger::on_train_end(const History&) {
  file_.reset();
}

CallbackState CSVLogger::state() const {
  const Value::List names(names_.begin(), names_.end());
  return {.name = "CSVLogger",
          .values = {{"names", names}, {"begin", begin_}, {"text", text_}},
          .tensors = {}};
}

void CSVLogger::set_state(const CallbackState& state) {
  const Value values = state.values;
  names_.clear();
  for (const Value& each : values["names"].as_list()) names_.push_back(each.as_string());
  text_ = values["text"].as_string();
  std::error_code unknown;
  // What a pipe was given cannot be taken back.
  if (!std::filesystem::is_regular_file(filename_, unknown)) return;
  // Somebody may have shortened it.
  begin_ = std::clamp<int64_t>(values["begin"].as_int(), 0, std::ftell(file_.get()));
  if (::ftruncate(::fileno(file_.get()), begin_) != 0) fail(filename_, "shorten", errno);
  write(text_);
}

// Each epoch is in the file when its hook returns.
void CSVLogger::write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
      std::fflush(file_.get()) == 0) {
    return;
  }
  const int error = errno;
  file_.reset();
  fail(filename_, "write", error);
}

}  // namespace cornu::inline v0
