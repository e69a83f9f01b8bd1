#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/cli/table_flags.h"
#include "cornu/core/value.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/dataset.h"
#include "cornu/datasets/picture_folder.h"
#include "cornu/datasets/table_rows.h"

namespace cornu::inline v0::cli {

/// Images of bytes are divided by this.
inline constexpr double kImageDivisor = 255;

/// The part of a data set.
enum class Part { train, test };

/// What a DATASET on the command line names: a set of the catalogue, or a user's files.
struct DatasetArgument {
  std::string text;
  const datasets::DatasetEntry* entry = nullptr;  ///< null: files, at the path `text`
};

/// Whether a path is a model file, or the folder of a run.
bool is_run_or_model(const std::string& path);

/// Whether a text is the name of a data set of the catalogue.
bool is_dataset_name(std::string_view text);

/// Before any file is opened. Error with a hint for a word that names neither; `is_trained` where
/// no model stands before it.
DatasetArgument dataset_argument(const std::string& text, bool is_trained = false);

/// The entry of the catalogue that `text` names, for a verb that takes no files. Error otherwise.
const datasets::DatasetEntry& catalogue_entry(const std::string& text);

/// The samples that a DATASET names, described.
struct Data {
  std::string name = {};    ///< "mnist"; of files their name without its ending
  std::string title = {};   ///< what they are, in a few words
  Shape input_shape = {};   ///< of a stored sample
  Shape target_shape = {};  ///< of what a network predicts for one
  /// Of the classes that its targets are numbers of; none: targets are numbers to be predicted.
  std::vector<std::string> class_names = {};
  int64_t train_size = 0, test_size = 0;
  std::string train_sha256 = {};
  bool are_files = false;       ///< a user's own
  bool is_table = false;        ///< whose numbers are scaled
  bool has_categories = false;  ///< a table, among its inputs
  std::string label = {};       ///< of a table, the column that is predicted
  /// Of targets that are the numbers of a table.
  double target_mean = 0, target_scale = 1;
  std::string notes = {};  ///< what is to be told of a table, one sentence per line
  /// How its parts were made, in a sentence; empty: they are published so.
  std::string parts_note = {};
  /// Of a table: the rows that became these samples of the test part, as the file has them; none if
  /// it is no longer the same.
  std::function<std::vector<datasets::TableRow>(const std::vector<int64_t>& samples)> test_rows =
      {};
  /// Reads them; the test part is empty if nothing tests.
  std::function<DatasetParts()> read = {};

  int64_t classes() const { return static_cast<int64_t>(class_names.size()); }
};

struct DataOptions {
  std::string data_dir = {};  ///< the folder in which a set of the catalogue is searched for first
  /// The part of each class of a user's samples that tests, if their files have no test part.
  double test_fraction = 0;
  uint64_t seed = 0;                   ///< draws that part
  std::string label = {};              ///< of a table, the column to be predicted
  std::vector<std::string> drop = {};  ///< of a table, columns that are left out
  TableFlags table = {};
  /// Of the model that is to read a table: how it was trained to. None: it is learned of the table.
  std::optional<Value::Map> preprocessing = {};
  std::vector<std::string> class_names = {};     ///< of that model; none: not known
  datasets::PictureFolderOptions pictures = {};  ///< that it takes
};

/// Those of a set of the catalogue without reading it; files are read. A set that is not found is
/// downloaded, its progress on standard error. Error for files that hold no samples that the
/// command can read.
Data described(const DatasetArgument& argument, const DataOptions& options);

/// The samples of a part; all of them if they have no test part.
Dataset part_of(const Data& data, Part part);

}  // namespace cornu::inline v0::cli
