#include "cornu/cli/execution.h"

#include <algorithm>
#include <array>

#include "cornu/cli/usage_error.h"
#include "cornu/kernels/table.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0::cli {
namespace {

constexpr std::array kTargets = {kernels::Target::avx512, kernels::Target::avx2,
                                 kernels::Target::neon, kernels::Target::portable};

kernels::Target target_named(const std::string& name) {
  std::vector<std::string> names;
  for (kernels::Target target : kTargets) {
    if (kernels::name(target) == name) return target;
    names.emplace_back(kernels::name(target));
  }
  throw unknown_name("--target", "target", name, names);
}

}  // namespace

void check_execution(const ExecutionFlags& flags) {
  on_command_line([&flags] {
    if (!flags.target.empty()) target_named(flags.target);
    std::vector<std::string> passes;
    for (const Pass& pass : cpu_passes()) passes.emplace_back(pass.name);
    for (const std::string& name : flags.without) {
      if (std::find(passes.begin(), passes.end(), name) == passes.end()) {
        throw unknown_name("--without", "pass", name, passes);
      }
    }
    return true;
  });
}

ExecutionOptions execution_of(const ExecutionFlags& flags) {
  ExecutionOptions options{.minimum_work = flags.minimum_work, .without = flags.without};
  if (!flags.target.empty()) options.target = target_named(flags.target);
  // Checked here, before a run folder is made; the first use of kernels would give the same error.
  kernels::table(options.target);
  if (flags.threads > 0) options.team = std::make_shared<Team>(static_cast<int>(flags.threads));
  return options;
}

}  // namespace cornu::inline v0::cli
