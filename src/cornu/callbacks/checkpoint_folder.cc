#include "cornu/callbacks/checkpoint_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <ostream>
#include <string_view>
#include <tuple>
#include <utility>

#include "cornu/callbacks/checkpoint_file.h"
#include "cornu/core/error.h"
#include "cornu/formats/sha256.h"

namespace cornu::inline v0 {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEpoch = "epoch-";
constexpr std::string_view kStep = "-step-";
constexpr std::string_view kSuffix = ".safetensors";
constexpr size_t kNewest = 3;  // that are kept

std::string place_name(const FitState& state) {
  char place[64];
  std::snprintf(place, sizeof place, "epoch-%04lld-step-%06lld-",
                static_cast<long long>(state.epoch), static_cast<long long>(state.part.steps));
  return place;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take(std::string_view& text, int64_t& number) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<size_t>(rest - text.data()));
  return error == std::errc() && number >= 0;
}

bool is_sha256(std::string_view text) {
  constexpr size_t kDigits = 64;
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_temporary(const std::string& name) {
  return name.starts_with(kEpoch) && name.find(std::string(kSuffix) + ".tmp.") != std::string::npos;
}

// The loss of the epoch that ended with this number of epochs; infinite if it is not known.
double loss_before(const History& history, int64_t epoch) {
  for (const EpochRecord& record : history.epochs) {
    if (record.epoch + 1 != epoch) continue;
    const double* loss = record.logs.find("val_loss");
    if (loss == nullptr) loss = record.logs.find("loss");
    if (loss != nullptr && *loss == *loss) return *loss;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace

CheckpointFolder::CheckpointFolder(std::string path, FileSystem& files, bool writes)
    : path_(std::move(path)), files_(files) {
  if (!writes) return;
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) {
    throw Error({.kind = ErrorKind::io,
                 .where = path_,
                 .what = "cannot make the folder: " + error.message()});
  }
  lock_.emplace(path_);
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    if (is_temporary(entry.path().filename().string())) files_.remove(entry.path().string());
  }
}

std::vector<CheckpointFolder::Checkpoint> CheckpointFolder::list() const {
  std::vector<Checkpoint> found;
  std::error_code error;
  if (!lock_ && !fs::exists(path_, error)) return found;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    Checkpoint each{.name = entry.path().filename().string(), .sha256 = {}};
    std::string_view rest = each.name;
    if (!take(rest, kEpoch) || !take(rest, each.epoch)) continue;
    if (!take(rest, kStep) || !take(rest, each.step) || !take(rest, "-")) continue;
    if (!rest.ends_with(kSuffix)) continue;
    rest.remove_suffix(kSuffix.size());
    if (!is_sha256(rest)) continue;
    each.sha256 = rest;
    found.push_back(std::move(each));
  }
  if (error) {
    throw Error({.kind = ErrorKind::io,
                 .where = path_,
                 .what = "cannot read the folder: " + error.message()});
  }
  std::ranges::sort(found, [](const Checkpoint& a, const Checkpoint& b) {
    return std::tie(a.epoch, a.step, a.name) > std::tie(b.epoch, b.step, b.name);
  });
  return found;
}

std::optional<FitState> CheckpointFolder::newest(std::ostream& warnings) const {
  for (const Checkpoint& each : list()) {
    const std::string path = file(each.name);
    try {
      const Block bytes = read_block(path, kLargestFile);
      if (formats::sha256(bytes.span()) == each.sha256) return read_checkpoint(bytes.span(), path);
      warnings << path << ": its content is not what its name says; the checkpoint before it is "
               << "taken\n";
    } catch (const Error& error) {
      warnings << error.what() << "; the checkpoint before it is taken\n";
    }
  }
  return {};
}

void CheckpointFolder::write(FitState state) {
  const History history = state.history;
  const std::string place = place_name(state);
  const CheckpointBytes bytes = checkpoint_bytes(std::move(state));
  formats::Sha256 sha;
  for (const auto part : bytes.parts.spans()) sha.add(part);
  const std::string name = place + sha.hex() + std::string(kSuffix);
  if (may_sync()) {
    const auto begin = Clock::now();
    replace_file(file(name), bytes.parts, files_);
    synced_ = name;
    synced_at_ = Clock::now();
    sync_time_ = synced_at_ - begin;
  } else {
    UnsyncedFiles unsynced(files_);
    replace_file(file(name), bytes.parts, unsynced);
  }
  remove_old(history);
}

void CheckpointFolder::remove_old(const History& history) {
  const std::vector<Checkpoint> all = list();
  const Checkpoint* best = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const Checkpoint& each : all) {
    const double loss = each.step == 0 ? loss_before(history, each.epoch) : least;
    if (!(loss < least)) continue;
    least = loss;
    best = &each;
  }
  for (size_t i = kNewest; i < all.size(); ++i) {
    if (&all[i] != best && all[i].name != synced_) files_.remove(file(all[i].name));
  }
}

void CheckpointFolder::remove() {
  for (const Checkpoint& each : list()) files_.remove(file(each.name));
  files_.remove(file(FolderLock::kFile));
  lock_.reset();
  std::error_code not_empty;
  fs::remove(path_, not_empty);
}

}  // namespace cornu::inline v0
