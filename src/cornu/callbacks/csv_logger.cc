#include "cornu/callbacks/csv_logger.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "cornu/core/file.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 30;

std::string text_of(const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return {};
  const std::vector<std::byte> bytes = read_file(path, kMostBytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The names of a file's first line, but for "epoch".
std::vector<std::string> names_of(const std::string& text, const std::string& separator) {
  std::vector<std::string> names;
  std::string line = text.substr(0, text.find('\n'));
  while (!line.empty()) {
    const size_t end = std::min(line.find(separator), line.size());
    names.push_back(line.substr(0, end));
    line = end == line.size() ? "" : line.substr(end + separator.size());
  }
  if (!names.empty()) names.erase(names.begin());
  return names;
}

}  // namespace

CSVLogger::CSVLogger(std::string filename, CSVLoggerOptions options)
    : filename_(std::move(filename)), options_(std::move(options)) {}

void CSVLogger::on_train_begin() {
  text_ = options_.append ? text_of(filename_) : "";
  if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  names_ = names_of(text_, options_.separator);
}

void CSVLogger::on_epoch_end(EpochRecord& record, const History&) {
  if (names_.empty()) {
    text_ += "epoch";
    for (const auto& [name, value] : record.logs) {
      names_.push_back(name);
      text_ += options_.separator + name;
    }
    text_ += '\n';
  }
  text_ += std::to_string(record.epoch);
  for (const std::string& name : names_) {
    const double* value = record.logs.find(name);
    text_ += options_.separator + (value == nullptr ? "" : shortest(*value));
  }
  text_ += '\n';
  replace_file(filename_, text_);
}

}  // namespace cornu::inline v0
