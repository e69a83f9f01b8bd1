#include "cornu/plan/measure.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "cornu/core/float_mode.h"
#include "cornu/plan/batches.h"

namespace cornu::inline v0 {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Batches of a source in order, repeated for a given time.
class TimedSteps final : public Steps {
 public:
  TimedSteps(const Source& source, const Plan& plan, int threads, double seconds)
      : rows_(std::min(plan.capacity, source.spec().size)),
        ids_(static_cast<size_t>(source.spec().size / rows_ * rows_)),
        batches_(source, plan, rows_, threads, order_of(plan.mode)),
        seconds_(seconds) {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
    batches_.begin(ids_);
    begin_ = Clock::now();
  }

  Step next() override {
    if (steps_ > 0 && seconds_since(begin_) > seconds_) return {};
    Batch* batch = batches_.next();
    if (batch == nullptr) {
      batches_.rewind();
      batch = batches_.next();
    }
    ++steps_;
    return {batch, {.learning_rate = 1e-3}};
  }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    batches_.gather(*step.batch, begin, end);
  }
  void done(const Step&) override {}

  int64_t steps() const { return steps_; }

 private:
  // The order of the mode, although here samples ascend in every mode.
  static SampleOrder order_of(Mode mode) {
    return mode == Mode::training ? SampleOrder::any : SampleOrder::ascending;
  }

  const int64_t rows_;
  int64_t steps_ = 0;
  std::vector<uint64_t> ids_;
  Batches batches_;
  const double seconds_;
  Clock::time_point begin_;
};

double peak_of(const kernels::Table& table) {
  double best = 0;
  for (int attempt = 0; attempt < 10; ++attempt) {
    const auto begin = Clock::now();
    const double flops = table.multiply_adds(100'000);
    best = std::max(best, flops / seconds_since(begin));
  }
  return best;
}

}  // namespace

OpTimes measure(const Plan& plan, const Source& source, const Bind& bind,
                const ExecutorOptions& options) {
  ExecutorOptions measuring = options;
  measuring.measure = true;
  const auto executor = make_executor(plan, bind, measuring);
  const FloatMode mode;
  const kernels::Table& table = kernels::table(options.target);
  OpTimes times{.threads = executor->members(plan.capacity), .peak = peak_of(table)};
  times.schedule = executor->schedule(times.threads);
  {
    const auto as_in_fit = make_executor(plan, bind, options);
    const auto workspace = as_in_fit->make_workspace();
    TimedSteps steps(source, plan, times.threads, 0.2);
    as_in_fit->run(steps, *workspace);
    times.use = as_in_fit->team_use(*workspace);
  }
  const auto workspace = executor->make_workspace();
  TimedSteps steps(source, plan, times.threads, 0.3);
  const auto begin = Clock::now();
  executor->run(steps, *workspace);
  const auto count = static_cast<double>(steps.steps());
  times.step = seconds_since(begin) / count;
  times.steps = steps.steps();
  const std::vector<std::vector<double>> seconds = executor->op_seconds(*workspace);
  const size_t ops = times.schedule.ops.size();
  times.waiting = seconds[0][ops] / count;
  times.gathering = seconds[0][ops + 1] / count;
  times.longest.resize(ops);
  times.of_all.resize(ops);
  for (size_t i = 0; i < ops; ++i) {
    times.seconds.push_back(seconds[0][i] / count);
    for (const std::vector<double>& of_member : seconds) {
      times.longest[i] = std::max(times.longest[i], of_member[i] / count);
      times.of_all[i] += of_member[i] / count;
    }
  }
  times.peak = std::max(times.peak, peak_of(table));
  return times;
}

}  // namespace cornu::inline v0
