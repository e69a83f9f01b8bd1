#include "cornu/listing/callback_table.h"

#include "cornu/callbacks/backup_and_restore.h"
#include "cornu/callbacks/csv_logger.h"
#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/model_checkpoint.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/callbacks/tensor_board.h"
#include "cornu/callbacks/terminate_on_nan.h"
#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"

namespace cornu::inline v0::listing {
namespace {

struct CSVLoggerText : CSVLoggerOptions {
  std::string filename = {};  ///< file that is written; required

  static void visit_fields(auto& self, auto& v) {
    v("filename", self.filename);
    v("separator", self.separator);
    v("append", self.append);
  }
};

struct TerminateOnNaNText {
  static void visit_fields(auto&, auto&) {}
};

template <class Options>
Value::Map defaults() {
  return fields_to_map(Options{});
}

template <class Options>
Options options_from(const Value::Map& config, const char* where) {
  Options options;
  fields_from_map(config, options, where);
  return options;
}

// Those without a user-defined function.
const CallbackEntry kCallbacks[] = {
    {"early_stopping", defaults<EarlyStoppingOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return EarlyStopping(options_from<EarlyStoppingOptions>(config, "early_stopping"));
     }},
    {"reduce_lr_on_plateau", defaults<ReduceLROnPlateauOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return ReduceLROnPlateau(
           options_from<ReduceLROnPlateauOptions>(config, "reduce_lr_on_plateau"));
     }},
    {"csv_logger", defaults<CSVLoggerText>,
     [](const Value::Map& config) -> SharedCallback {
       const auto options = options_from<CSVLoggerText>(config, "csv_logger");
       if (options.filename.empty()) {
         throw Error({.where = "csv_logger",
                      .field = "filename",
                      .expected = "a filename",
                      .found = "none"});
       }
       return CSVLogger(options.filename, options);
     },
     "filename"},
    {"tensor_board", defaults<TensorBoardOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return TensorBoard(options_from<TensorBoardOptions>(config, "tensor_board"));
     }},
    {"model_checkpoint", defaults<ModelCheckpointOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return ModelCheckpoint(options_from<ModelCheckpointOptions>(config, "model_checkpoint"));
     },
     "filepath"},
    {"backup_and_restore", defaults<BackupAndRestoreOptions>,
     [](const Value::Map& config) -> SharedCallback {
       return BackupAndRestore(options_from<BackupAndRestoreOptions>(config, "backup_and_restore"));
     },
     "backup_dir"},
    {"terminate_on_nan", defaults<TerminateOnNaNText>,
     [](const Value::Map&) -> SharedCallback { return TerminateOnNaN(); }},
};

constexpr AbsentName kAbsentCallbacks[] = {
    {"orbax_checkpoint", "model_checkpoint"},
    {"progbar_logger", "--verbose 1"},
    {"remote_monitor", "csv_logger"},
    {"swap_ema_weights", "an optimizer with use_ema"},
};

}  // namespace

std::span<const CallbackEntry> callback_table() {
  return kCallbacks;
}

std::vector<std::string> CallbackEntry::fields() const {
  std::vector<std::string> names;
  for (const auto& each : defaults()) names.push_back(each.first);
  return names;
}

const CallbackEntry& callback_entry(std::string_view name) {
  static constexpr PartNames names{
      .kind = "callback", .where = "callback", .absent = kAbsentCallbacks};
  const std::span<const CallbackEntry> all = kCallbacks;
  if (const CallbackEntry* const found = names.find_in(all, name)) return *found;
  names.refuse_beside(all, name);
}

}  // namespace cornu::inline v0::listing
