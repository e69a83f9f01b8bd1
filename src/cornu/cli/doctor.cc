#include "cornu/cli/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "cornu/cli/build_description.h"
#include "cornu/cli/output.h"
#include "cornu/cli/target_reason.h"
#include "cornu/core/cpus.h"
#include "cornu/core/names.h"
#include "cornu/core/team.h"
#include "cornu/core/version.h"
#include "cornu/datasets/load.h"
#include "cornu/kernels/table.h"

namespace cornu::inline v0::cli {
namespace {

// The processor as Linux names it, or its architecture.
std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (colon != std::string::npos && line.starts_with("model name")) return line.substr(colon + 2);
  }
#if defined(__aarch64__)
  return "AArch64";
#else
  return "x86-64";
#endif
}

std::string threads_reason() {
  const Cpus cpus = usable_cpus();
  const std::string cores = cpus.cores == cpus.cpus ? ""
                                                    : fmt::format(" on {} core{}", cpus.cores,
                                                                  cpus.cores == 1 ? "" : "s");
  return fmt::format(
      "its affinity lets the process use {} of {} CPUs{}, and {}; fewer run while others use them",
      cpus.cpus, ::sysconf(_SC_NPROCESSORS_CONF), cores,
      cpus.quota == 0 ? "no cgroup limits it"
                      : "its cgroup's quota is the time of " + shortest(cpus.quota));
}

struct Cache {
  int level = 0;
  int64_t nbytes = 0;
};

// The first CPU's caches that hold data; none if the system does not list them.
std::vector<Cache> caches() {
  std::vector<Cache> all;
  for (int index = 0;; ++index) {
    const std::string folder = fmt::format("/sys/devices/system/cpu/cpu0/cache/index{}/", index);
    Cache cache;
    std::string type;
    char unit = 0;
    std::ifstream(folder + "level") >> cache.level;
    std::ifstream(folder + "type") >> type;
    std::ifstream(folder + "size") >> cache.nbytes >> unit;
    if (cache.level == 0 || type.empty()) return all;
    cache.nbytes <<= unit == 'M' ? 20 : unit == 'K' ? 10 : 0;
    if (type != "Instruction" && cache.nbytes > 0) all.push_back(cache);
  }
}

std::string caches_text() {
  std::string text;
  for (const Cache& cache : caches()) {
    const bool large = cache.nbytes >= int64_t{1} << 20;
    text += fmt::format("{}L{} {} {}", text.empty() ? "" : ", ", cache.level,
                        cache.nbytes >> (large ? 20 : 10), large ? "MiB" : "KiB");
  }
  return text.empty() ? "the system does not say" : text;
}

std::string targets_text() {
  std::string text;
  for (kernels::Target target : kernels::supported_targets()) {
    text += (text.empty() ? "" : ", ") + std::string(kernels::name(target));
  }
  return text;
}

// One line per target: why it is used or not.
std::string target_lines() {
  std::string text;
  for (kernels::Target target : all_targets()) {
    text += fmt::format("  {:<8}  {}\n", kernels::name(target), target_reason(target));
  }
  return text;
}

std::string dataset_text(const datasets::DatasetEntry& entry,
                         const datasets::DatasetLocation& location) {
  const std::string size =
      fmt::format("{} + {} samples", with_commas(entry.train_size), with_commas(entry.test_size));
  if (location.embedded) return size + ", part of the library";
  if (!location.found()) {
    return size + ", not here; the first use downloads it into " +
           (location.cache.empty() ? "nowhere: set XDG_CACHE_HOME or HOME" : location.cache);
  }
  std::string text = fmt::format("{}, {:.1f} MB in {} (found by {})", size,
                                 static_cast<double>(location.nbytes) / 1e6, location.origin(),
                                 datasets::name(location.place->kind));
  if (location.files.size() < entry.files.size()) {
    text += fmt::format(", {} of {} files missing", entry.files.size() - location.files.size(),
                        entry.files.size());
  }
  return text;
}

Value dataset_document(const datasets::DatasetEntry& entry,
                       const datasets::DatasetLocation& location) {
  Value::List files;
  for (const std::string& file : location.files) files.emplace_back(file);
  return Value::Map{{"name", entry.name},
                    {"found", location.found()},
                    {"origin", location.origin()},
                    {"files", std::move(files)},
                    {"nbytes", static_cast<int64_t>(location.nbytes)}};
}

std::string cache_text(const std::string& folder) {
  if (folder.empty()) return "none: neither XDG_CACHE_HOME nor HOME is set";
  std::error_code ignored;
  return folder + (std::filesystem::exists(folder, ignored) ? "" : " (not made yet)");
}

Value doctor_document(const datasets::DatasetOptions& places) {
  Value::List targets;
  for (kernels::Target target : kernels::supported_targets()) {
    targets.emplace_back(kernels::name(target));
  }
  Value::Map target_reasons;
  for (kernels::Target target : all_targets()) {
    target_reasons.emplace_back(kernels::name(target), target_reason(target));
  }
  Value::List cache_list;
  for (const Cache& each : caches()) {
    cache_list.emplace_back(Value::Map{{"level", each.level}, {"nbytes", each.nbytes}});
  }
  Value::List sets;
  for (const datasets::DatasetEntry& entry : datasets::catalogue()) {
    sets.emplace_back(dataset_document(entry, datasets::find(entry, places)));
  }
  return Value::Map{{"version", CORNU_VERSION},
                    {"compiler", compiler()},
                    {"cpu", cpu_name()},
                    {"caches", std::move(cache_list)},
                    {"targets", std::move(targets)},
                    {"target", kernels::name(kernels::best_target())},
                    {"target_reasons", std::move(target_reasons)},
                    {"threads", default_threads()},
                    {"threads_reason", threads_reason()},
                    {"datasets", std::move(sets)},
                    {"cache", datasets::cache_folder()}};
}

}  // namespace

int doctor(const DoctorOptions& options) {
  const datasets::DatasetOptions places{.data_dir = options.data_dir, .download = false};
  if (options.json) {
    print_json(doctor_document(places));
    return 0;
  }
  std::string text = fmt::format(
      "cornu     {}, made by {}\n"
      "cpu       {}\n"
      "caches    {}\n"
      "targets   {}; {} is used, the best this CPU has\n"
      "{}"
      "threads   {}: {}\n"
      "cache     {}\n"
      "data sets\n",
      CORNU_VERSION, compiler(), cpu_name(), caches_text(), targets_text(),
      kernels::name(kernels::best_target()), target_lines(), default_threads(), threads_reason(),
      cache_text(datasets::cache_folder()));
  size_t widest = 0;
  for (const datasets::DatasetEntry& entry : datasets::catalogue()) {
    widest = std::max(widest, entry.name.size());
  }
  for (const datasets::DatasetEntry& entry : datasets::catalogue()) {
    text += fmt::format("  {:<{}}  {}\n", entry.name, widest,
                        dataset_text(entry, datasets::find(entry, places)));
  }
  print(text);
  return 0;
}

}  // namespace cornu::inline v0::cli
