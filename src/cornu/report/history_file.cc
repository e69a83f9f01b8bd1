#include "cornu/report/history_file.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/datasets/cell.h"
#include "cornu/formats/csv.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/json.h"
#include "cornu/report/run_record.h"

namespace cornu::inline v0 {
namespace {

constexpr uint64_t kMostBytes = uint64_t{256} << 20;
constexpr std::string_view kEpochColumn = "epoch";

[[noreturn]] void refuse(const std::string& path, const std::string& found) {
  throw Error({.kind = ErrorKind::unsupported,
               .where = path,
               .expected = "the epochs of a run: run.json, history.json, or a table of CSVLogger",
               .found = found});
}

EpochRecord& epoch_at(History& history, size_t index) {
  while (history.epochs.size() <= index) {
    history.epochs.push_back({.epoch = static_cast<int64_t>(history.epochs.size()), .logs = {}});
  }
  return history.epochs[index];
}

// {"loss": [0.4, …], …}
History of_columns(const Value::Map& columns, const std::string& path) {
  History history;
  for (const auto& [name, values] : columns) {
    if (!values.is_list()) refuse(path, "JSON of other content");
    for (size_t i = 0; i < values.as_list().size(); ++i) {
      const Value& value = values.as_list()[i];
      if (value.is_number() && name != kEpochColumn) {
        epoch_at(history, i).logs.set(name, value.as_double());
      } else if (value.is_null()) {
        epoch_at(history, i).logs.set(name, std::numeric_limits<double>::quiet_NaN());
      } else if (!value.is_number()) {
        refuse(path, "JSON of other content");
      }
    }
  }
  return history;
}

History of_json(std::string_view text, const std::string& path) {
  const Value document = formats::read_json(text, path);
  if (!document.is_map()) refuse(path, "JSON of other content");
  if (document.find("epochs") != nullptr && document.find("status") != nullptr) {
    return run_record(document).history;
  }
  const Value* const history = document.find("history");
  const Value& columns = history == nullptr ? document : *history;
  if (!columns.is_map()) refuse(path, "JSON of other content");
  return of_columns(columns.as_map(), path);
}

// As CSVLogger and other programs name the columns of a training's table.
bool is_of_training(const std::vector<std::string>& columns) {
  return std::ranges::any_of(columns, [](const std::string& each) {
    return same_name(each, kEpochColumn) || plain_name(each).ends_with("loss");
  });
}

History of_table(FileBytes& file, const std::string& path) {
  History history;
  formats::CsvReader reader(file, path);
  std::vector<std::string> names;
  size_t row = 0;
  while (std::optional<formats::CsvBlock> block = reader.next()) {
    formats::CsvRecords records(*block, reader.delimiter(), reader.fields(), path);
    while (records.next()) {
      const std::span<const std::string_view> fields = records.fields();
      if (names.empty()) {
        names.assign(fields.begin(), fields.end());
        if (!is_of_training(names)) refuse(path, "a table without a column loss or epoch");
        continue;
      }
      for (size_t i = 0; i < fields.size(); ++i) {
        const datasets::Cell cell = datasets::read_cell(datasets::trimmed(fields[i]));
        if (cell.kind != datasets::CellKind::number || names[i] == kEpochColumn) continue;
        epoch_at(history, row).logs.set(names[i], cell.number);
      }
      ++row;
    }
  }
  return history;
}

}  // namespace

History read_history(const std::string& path) {
  FileBytes file(path, kMostBytes);
  constexpr uint64_t kKnownBy = 512;
  const std::span<const std::byte> first = file.view(0, std::min(kKnownBy, file.size()));
  const formats::FileKind kind = formats::foreign_kind(first);
  const bool is_json = kind.name == formats::kJsonText;
  if (!is_json && !formats::begins_as_text(first)) {
    refuse(path, kind.name.empty() ? "bytes that are no text" : kind.name);
  }
  History history;
  if (is_json) {
    const std::span<const std::byte> all = file.view(0, file.size());
    history = of_json({reinterpret_cast<const char*>(all.data()), all.size()}, path);
  } else {
    history = of_table(file, path);
  }
  if (history.names().empty()) refuse(path, "no epoch with a number");
  return history;
}

}  // namespace cornu::inline v0
