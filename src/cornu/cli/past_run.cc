#include "cornu/cli/past_run.h"

#include <algorithm>
#include <filesystem>

#include "cornu/core/fields.h"
#include "cornu/core/file.h"
#include "cornu/formats/json.h"
#include "cornu/report/run_record.h"

namespace cornu::inline v0::cli {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostOfRunFile = 256 << 20;

// What changes no bit of the result, or says where things are.
constexpr std::string_view kFree[] = {"--epochs", "--threads", "--target", "--data-dir"};
// What is no option of the run.
constexpr std::string_view kNotOfRun[] = {"--resume",  "--verbose",    "--live",   "--json",
                                          "--offline", "--distribute", "--timeout"};
// What would make another folder.
constexpr std::string_view kOfNewRuns[] = {"--out", "--overwrite"};

bool is_among(std::string_view name, auto& names) {
  return std::ranges::find(names, name) != std::end(names);
}

std::string shown(const Value& value) {
  if (value.is_null()) return "nothing";
  return value.is_string() ? "\"" + value.as_string() + "\"" : value.str();
}

// The folder that runs/latest points to: by the time the run ends, the link may name another. A
// slash after its name, which shells write, would name what it points to and not the link.
std::string without_link(const std::string& folder) {
  const auto without_slash = [](std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
  };
  fs::path path = without_slash(fs::path(folder).lexically_normal().string());
  std::error_code error;
  if (fs::is_symlink(path, error)) path = path.parent_path() / fs::read_symlink(path, error);
  return without_slash(path.lexically_normal().string());
}

}  // namespace

bool PastRun::is_done() const {
  return document["status"].as_string() == "done";
}

PastRun past_run(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = folder,
                 .expected = "the folder of a run",
                 .found = fs::exists(folder, error) ? "a file" : "nothing of that name",
                 .hint = "`cornu train` writes one, runs/DATASET-NNN"});
  }
  PastRun run{.path = without_link(folder), .document = {}, .options = {}};
  const std::string file = run.path + "/run.json";
  if (!fs::exists(file, error)) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = folder,
                 .what = "is a folder without a run.json",
                 .expected = "the folder of a run"});
  }
  const std::vector<std::byte> bytes = read_file(file, kMostOfRunFile);
  run.document =
      formats::read_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file);
  const Value* const settings = run.document.find("settings");
  const Value* const options = settings == nullptr ? nullptr : settings->find(kOptionsSetting);
  if (options == nullptr || !options->is_map() || run.document.find("status") == nullptr) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = file,
                 .what = "does not say with which options it was trained",
                 .hint = "it was written by a version of Cornu that could not resume runs"});
  }
  try {
    fields_from_map(options->as_map(), run.options, "options");
    run_record(run.document);
  } catch (const Error& wrong) {
    ErrorParts parts = wrong.parts();
    parts.where = file + (parts.where.empty() ? "" : ": " + parts.where);
    throw Error(std::move(parts));
  }
  return run;
}

TrainOptions resumed_options(const PastRun& run, const TrainOptions& given) {
  const Value now = fields_to_map(given);
  const Value before = fields_to_map(run.options);
  std::string differences;
  for (const std::string& name : given.given) {
    if (is_among(name, kNotOfRun)) continue;
    if (is_among(name, kOfNewRuns)) {
      throw Error({.where = name,
                   .what = "is given beside --resume, which goes on in the folder of the run",
                   .hint = "without --resume a new run begins"});
    }
    const bool grows = name == "--epochs" && given.epochs >= run.options.epochs;
    if (name == "--epochs" ? grows : is_among(name, kFree)) continue;
    if (now[name] == before[name]) continue;
    differences +=
        (differences.empty() ? "" : "; ") + name + " " + shown(now[name]) + ", before " +
        (name == "--learning-rate" && run.options.learning_rate == 0 ? "the optimizer's own"
                                                                     : shown(before[name]));
  }
  if (!differences.empty()) {
    throw Error({.where = "--resume",
                 .what = run.path + " was trained with other settings",
                 .expected = "the same; only --epochs may grow, and --threads, --target, "
                             "--data-dir, --offline, --verbose, --live and --json are free",
                 .found = differences});
  }
  TrainOptions options = run.options;
  const auto is_given = [&](const char* name) { return is_among(name, given.given); };
  if (is_given("--epochs")) options.epochs = given.epochs;
  if (is_given("--threads")) options.execution.threads = given.execution.threads;
  if (is_given("--target")) options.execution.target = given.execution.target;
  if (is_given("--data-dir")) options.data_dir = given.data_dir;
  options.resume = given.resume;
  options.distribute = given.distribute;
  options.timeout = given.timeout;
  options.verbose = given.verbose;
  options.live = given.live;
  options.json = given.json;
  options.program = given.program;
  options.out = run.path;
  return options;
}

}  // namespace cornu::inline v0::cli
