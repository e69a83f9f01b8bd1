#include "cornu/report/run_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "cornu/callbacks/checkpoint_folder.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/json.h"
#include "cornu/formats/zip.h"
#include "cornu/report/learning_curves.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRuns = "runs";
constexpr std::array kFiles = {"run.json",      "history.json", "history.csv", kModelFiles[0],
                               kModelFiles[1],  "curves.svg",   "curves.png",  "confusion.svg",
                               "confusion.png", "report.html"};

[[noreturn]] void fail(const std::string& path, const std::string& doing, int error) {
  throw Error({.kind = ErrorKind::io,
               .where = path,
               .what = "cannot " + doing + ": " + std::strerror(error),
               .hint = "name a folder that can be written by --out"});
}

// False when there is something of that name already.
bool make_one(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return true;
  if (errno != EEXIST) fail(path, "make the folder", errno);
  return false;
}

void make_all(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(path, "make the folder", error.value());
}

// The largest number of the folders NAME-NNN in runs/.
int64_t last_number(const std::string& name) {
  int64_t last = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(kRuns, error)) {
    const std::string found = entry.path().filename().string();
    if (!found.starts_with(name + "-")) continue;
    const char* end = found.data() + found.size();
    int64_t number = 0;
    const auto [rest, wrong] = std::from_chars(found.data() + name.size() + 1, end, number);
    if (wrong == std::errc() && rest == end && number > last) last = number;
  }
  return last;
}

// Another run may try the same number at the same time: the one that makes the folder has it.
std::string make_next(const std::string& name) {
  make_all(kRuns);
  for (int64_t number = last_number(name) + 1;; ++number) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%03lld", static_cast<long long>(number));
    const std::string path = std::string(kRuns) + "/" + name + "-" + digits;
    if (make_one(path)) return path;
  }
}

// TensorBoard would show those of the earlier run too.
void remove_event_files(const std::string& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with("events.out.tfevents.")) continue;
    system_files().remove(entry.path().string());
  }
}

// The folder of that name, made if there is none. Error if it has files that may not be removed.
void make_named(const std::string& path, bool overwrite) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_directory(status)) {
    throw Error({.where = path, .expected = "a folder", .found = "a file"});
  }
  make_all(path);
  const bool empty = fs::is_empty(path, error);
  if (error) fail(path, "read the folder", error.value());
  if (empty || overwrite) return;
  throw Error({.where = path,
               .what = "is not empty",
               .expected = "a new or an empty folder",
               .hint = "--overwrite replaces the files of an earlier run in it"});
}

// Those of a process that was killed while it wrote; the folder is locked.
void remove_left_temporaries(const std::string& path) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    for (const char* file : kFiles) {
      if (!name.starts_with(std::string(file) + ".tmp.")) continue;
      system_files().remove(entry.path().string());
    }
  }
}

void remove_files_of_run(const std::string& path) {
  for (const char* file : kFiles) system_files().remove(path + "/" + file);
  for (const char* part : {"train", "validation"}) {
    remove_event_files(path + "/" + kTensorBoardFolder + "/" + part);
  }
  const std::string checkpoints = path + "/" + kCheckpointFolder;
  std::error_code none;
  if (fs::is_directory(checkpoints, none)) CheckpointFolder(checkpoints).remove();
}

constexpr const char* kLatest = "runs/latest";

bool is_among_runs(const fs::path& folder) {
  return folder.parent_path() == kRuns && !folder.filename().empty();
}

// Error, before the training, if runs/latest could not be replaced after it.
void require_latest() {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(kLatest, ignored);
  if (!fs::exists(status) || fs::is_symlink(status)) return;
  throw Error({.where = kLatest,
               .expected = "a link to the newest run",
               .found = fs::is_directory(status) ? "a folder" : "a file",
               .hint = "give it another name"});
}

// A new link takes the old one's name at once, so that a reader finds one or the other.
void point_latest_to(const std::string& path) {
  const fs::path folder = fs::path(path).lexically_normal();
  if (!is_among_runs(folder)) return;
  const std::string latest = kLatest;
  if (folder == latest) return;  // --out runs/latest: a link to itself would lead nowhere
  const std::string fresh = latest + ".tmp." + std::to_string(::getpid());
  ::unlink(fresh.c_str());
  // Some file systems have no links; the run does not need this one.
  if (::symlink(folder.filename().c_str(), fresh.c_str()) != 0) return;
  if (::rename(fresh.c_str(), latest.c_str()) != 0) {
    const int error = errno;
    ::unlink(fresh.c_str());
    fail(latest, "point it to " + folder.string(), error);
  }
}

std::string without_last_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

const char* run_model_file() {
  return formats::reads_zip() ? kModelFiles[0] : kModelFiles[1];
}

RunFolder::RunFolder(const RunFolderOptions& options, RunRecord& record)
    : path_(without_last_slash(options.path)) {
  if (path_.empty() || is_among_runs(fs::path(path_).lexically_normal())) require_latest();
  if (path_.empty()) {
    path_ = make_next(options.dataset);
  } else if (!options.resume) {
    make_named(path_, options.overwrite);
  }
  record.run_dir = path_;
  try {
    lock_.emplace(path_);
    remove_left_temporaries(path_);
    if (options.overwrite) remove_files_of_run(path_);
    // What a run that goes on has done so far stays until there is more.
    if (!options.resume) write(record);
  } catch (const Error& error) {
    // The error names the folder, not a temporary file.
    ErrorParts parts = error.parts();
    parts.where = path_;
    if (parts.hint.empty()) parts.hint = "name a folder that can be written by --out";
    throw Error(parts);
  }
}

std::string RunFolder::file(const std::string& name) const {
  return path_ + "/" + name;
}

void RunFolder::write(const RunRecord& record) const {
  // Between epochs files are not forced to the disk, which would take longer than a small network's
  // epoch; at the end of the run they are.
  UnsyncedFiles unsynced;
  FileSystem& files = record.status == "running" ? unsynced : system_files();
  if (!record.history.epochs.empty()) {
    replace_file(file("history.json"), formats::write_json(history_document(record.history)) + "\n",
                 files);
    replace_file(file("history.csv"), history_csv(record.history), files);
  }
  replace_file(file("run.json"), formats::write_json(run_document(record), 2) + "\n", files);
}

void RunFolder::finish(const Model& model, RunRecord& record, bool as_safetensors,
                       const std::function<void()>& report) const {
  model.save(file(run_model_file()));
  if (as_safetensors) model.save(file(kModelFiles[1]));
  point_latest_to(path_);
  if (!record.history.epochs.empty()) {
    const std::string title = "Learning curves of " + path_;
    save_learning_curves(record.history, file("curves.svg"), title);
    save_learning_curves(record.history, file("curves.png"), title);
  }
  record.weights_sha256 = weights_sha256(model.weights());
  try {
    if (report) report();
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.hint += std::string(parts.hint.empty() ? "" : "; ") +
                  "the model is saved, and cornu train --resume " + path_ + " writes the rest";
    throw Error(std::move(parts));
  }
  write(record);
}

void RunFolderCallback::on_train_begin() {
  record_.history = {};
  next_write_ = {};
}

void RunFolderCallback::on_epoch_end(EpochRecord&, const History& history) {
  take(history);
  const auto begin = Clock::now();
  if (begin < next_write_) return;
  folder_.write(record_);
  const auto end = Clock::now();
  next_write_ = end + std::max<Clock::duration>(interval_, 19 * (end - begin));
}

void RunFolderCallback::on_train_end(const History& history) {
  take(history);
  folder_.write(record_);
}

// Copies only the new epochs: a copy of the whole history would take longer and longer. Callbacks
// after this one may have added logs to the last epoch that is known.
void RunFolderCallback::take(const History& history) {
  std::vector<EpochRecord>& known = record_.history.epochs;
  if (known.size() > history.epochs.size()) known.clear();
  if (!known.empty()) known.back() = history.epochs[known.size() - 1];
  known.insert(known.end(), history.epochs.begin() + static_cast<std::ptrdiff_t>(known.size()),
               history.epochs.end());
  record_.history.params = history.params;
  record_.history.seconds = history.seconds;
  record_.history.stopped = history.stopped;
}

}  // namespace cornu::inline v0
