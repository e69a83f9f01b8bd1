// Trains small networks that together hold every op, up to 200 steps each, and computes for each
// group of them a hash of the results: weights, history, predictions. It needs the core library
// alone, so it runs wherever that can be built: see emulated.sh.
//
//     same_bits [--target T] [--threads N] [--drawn] [--without PASS,…|all|none] [--brief]
//               [--golden FILE]           --drawn: on 1 … N threads, drawn anew for every step
//                                         --brief: few epochs, for emulators
//     same_bits --all [--golden FILE]     threads 1 … 4 × targets × each pass left out, and all;
//                                         and each target on 4 threads, drawn
//     same_bits --pairs [--golden FILE]   a third of these, covering every pair among number of
//                                         threads, target and pass left out
//     same_bits --few [--golden FILE]     each target on 1 and 3 threads, and on 4, drawn
//     same_bits --write FILE              a golden file: per group a line with its name, its hash
//                                         and that of few epochs
//     same_bits --targets                 the targets of this CPU, best first
//
// As a test it takes 20 s (--pairs): it trains all networks anew in each of 47 runs.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/plan/passes.h"
#include "runs.h"

namespace {

std::vector<std::string> all_passes() {
  std::vector<std::string> names;
  for (const cornu::Pass& pass : cornu::cpu_passes()) names.emplace_back(pass.name);
  return names;
}

template <size_t... kIndex>
std::set<std::string_view> op_names(std::index_sequence<kIndex...>) {
  return {std::variant_alternative_t<kIndex, cornu::AnyOp>::kName...};
}

// Every op has to be in some network, or this program would not test it.
void require_every_op() {
  auto missing = op_names(std::make_index_sequence<std::variant_size_v<cornu::AnyOp>>());
  for (const Group& group : groups()) {
    for (const Net& net : group.nets) {
      const auto losses =
          cornu::for_outputs(net.options, net.model->graph().output_names(), group.name).losses;
      const int shards = net.options.shards;
      for (const std::vector<std::string>& without : {std::vector<std::string>{}, all_passes()}) {
        for (const int processes : {1, shards}) {
          const cornu::Plan plan = cornu::improve(
              cornu::make_plan(net.model->graph(), net.data.spec(), losses, &net.options.optimizer,
                               {.mode = cornu::Mode::training,
                                .capacity = kBatch,
                                .shards = shards,
                                .part = {.index = 0, .count = processes}}),
              without);
          for (const cornu::Op& op : plan.ops) missing.erase(cornu::name(op.what));
        }
      }
    }
  }
  if (!missing.empty()) fail("no network holds the op " + std::string(*missing.begin()));
}

constexpr int kMostThreads = 4;

std::vector<std::vector<std::string>> left_out() {
  std::vector<std::vector<std::string>> each = {{}};
  for (const std::string& pass : all_passes()) each.push_back({pass});
  if (all_passes().size() > 1) each.push_back(all_passes());
  return each;
}

// Each target with the number of threads drawn anew for every step.
std::vector<Run> drawn() {
  std::vector<Run> runs;
  for (const cornu::kernels::Target target : cornu::kernels::supported_targets()) {
    runs.push_back({target, kMostThreads, {}, cornu::Sizing::drawn});
  }
  return runs;
}

std::vector<Run> whole_product() {
  std::vector<Run> runs = drawn();
  for (const cornu::kernels::Target target : cornu::kernels::supported_targets()) {
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      for (const auto& without : left_out()) runs.push_back({target, threads, without});
    }
  }
  return runs;
}

// Every number of threads with every pass. The targets take turns, and so meet both, since there
// are no more targets than numbers of threads, or than passes.
std::vector<Run> by_pairs() {
  const auto targets = cornu::kernels::supported_targets();
  const auto passes = left_out();
  if (targets.size() > std::min<size_t>(kMostThreads, passes.size())) {
    fail("by pairs: more targets than numbers of threads, or than passes");
  }
  std::vector<Run> runs = drawn();
  for (size_t i = 0; i < passes.size(); ++i) {
    for (int threads = 1; threads <= kMostThreads; ++threads) {
      runs.push_back(
          {targets[(i + static_cast<size_t>(threads)) % targets.size()], threads, passes[i]});
    }
  }
  return runs;
}

std::vector<Run> few() {
  std::vector<Run> runs = drawn();
  for (const cornu::kernels::Target target : cornu::kernels::supported_targets()) {
    for (const int threads : {1, 3}) runs.push_back({target, threads, {}});
  }
  return runs;
}

cornu::kernels::Target target_named(std::string_view name) {
  using cornu::kernels::Target;
  for (const Target target : {Target::avx512, Target::avx2, Target::neon, Target::portable}) {
    if (cornu::kernels::name(target) == name) return target;
  }
  fail("no target is called " + std::string(name));
}

std::vector<std::string> separated(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    words.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

Hashes read_golden(const std::string& path, bool brief) {
  Hashes golden;
  std::ifstream file(path);
  for (std::string name, whole, brief_hash; file >> name >> whole >> brief_hash;) {
    golden[name] = brief ? brief_hash : whole;
  }
  if (golden.empty()) fail("no hashes in " + path);
  return golden;
}

void write_golden(const std::string& path, Run run) {
  run.is_brief = false;
  const Hashes whole = result(run, groups()).hashes;
  run.is_brief = true;
  const Hashes brief = result(run, groups()).hashes;
  std::ofstream file(path);
  for (const auto& [name, hash] : whole)
    file << name << ' ' << hash << ' ' << brief.at(name) << '\n';
  if (!file.flush()) fail("cannot write " + path);
}

struct Wanted {
  Run run;
  bool targets = false;
  std::vector<Run> (*runs)() = nullptr;  // several runs, in place of `run`
  std::string golden, write;             // files
};

Wanted wanted_by(const std::vector<std::string_view>& arguments) {
  Wanted wanted;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--targets") {
      wanted.targets = true;
      continue;
    }
    if (name == "--brief") {
      wanted.run.is_brief = true;
      continue;
    }
    if (name == "--drawn") {
      wanted.run.sizing = cornu::Sizing::drawn;
      continue;
    }
    if (name == "--all" || name == "--pairs" || name == "--few") {
      wanted.runs = name == "--all" ? whole_product : name == "--pairs" ? by_pairs : few;
      continue;
    }
    if (i + 1 == arguments.size()) fail("not understood: " + std::string(name));
    const std::string value(arguments[++i]);
    if (name == "--target") {
      wanted.run.target = target_named(value);
    } else if (name == "--threads") {
      wanted.run.threads = std::stoi(value);
    } else if (name == "--without") {
      wanted.run.without = value == "all"    ? all_passes()
                           : value == "none" ? std::vector<std::string>{}
                                             : separated(value);
    } else if (name == "--golden") {
      wanted.golden = value;
    } else if (name == "--write") {
      wanted.write = value;
    } else {
      fail("not understood: " + std::string(name));
    }
  }
  return wanted;
}

int main_of(const std::vector<std::string_view>& arguments) {
  const Wanted wanted = wanted_by(arguments);
  if (wanted.targets) {
    for (const auto target : cornu::kernels::supported_targets()) {
      std::printf("%s\n", std::string(cornu::kernels::name(target)).c_str());
    }
    return 0;
  }
  require_every_op();
  Hashes golden;
  if (!wanted.golden.empty()) golden = read_golden(wanted.golden, wanted.run.is_brief);
  const std::vector<Run> runs =
      wanted.runs != nullptr ? wanted.runs() : std::vector<Run>{wanted.run};
  int differ = 0;
  int on_fewer_threads = 0;
  for (const Run& run : runs) {
    const auto [found, threads] = result(run, groups());
    on_fewer_threads += threads < run.threads ? 1 : 0;
    if (golden.empty()) golden = found;
    differ += differences(run, found, golden) > 0 ? 1 : 0;
  }
  if (!wanted.write.empty()) write_golden(wanted.write, wanted.run);
  std::printf("%zu hashes, %zu runs, %d differ; %d were planned for fewer threads than requested\n",
              golden.size(), runs.size(), differ, on_fewer_threads);
  return differ == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return main_of({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "same_bits: %s\n", error.what());
    return 1;
  }
}
