#pragma once

#include <string>

#include "cornu/core/file.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::cli {

/// How predictions are written.
struct PredictionFormat {
  bool is_json = false;
  char delimiter = ',';
};

/// The format that a file's name ends in: .csv, .tsv or .json. Error for any other name.
PredictionFormat prediction_format(const std::string& out);

/// Predictions as the text of a file: a list of documents in JSON, or a line for each in CSV, with
/// a column for each of their values. A list or map within a document has a column for each of its
/// own: of "box" left, top, width and height, of "probabilities" p(NAME), of any other NAME_0, ….
class PredictionWriter {
 public:
  PredictionWriter(PredictionFormat format, const WriteBytes& write)
      : format_(format), write_(write) {}

  void add(const Value::Map& document);
  /// The end of the text; none may follow.
  void end();

 private:
  void write_line(const std::vector<std::string>& fields);
  void flush();

  PredictionFormat format_;
  const WriteBytes& write_;
  bool is_empty_ = true;
  std::string text_;  // not yet written
};

}  // namespace cornu::inline v0::cli
