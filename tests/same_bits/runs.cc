#include "runs.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace {

// FNV-1a, 64 bits (Fowler, Noll, Vo).
class Hash {
 public:
  void add(const void* data, size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (size_t i = 0; i < size; ++i) value_ = (value_ ^ bytes[i]) * 0x100000001B3U;
  }
  void add(std::string_view text) { add(text.data(), text.size()); }
  void add(cornu::TensorView tensor) { add(tensor.data(), tensor.nbytes()); }
  uint64_t value() const { return value_; }

 private:
  static_assert(std::endian::native == std::endian::little);
  uint64_t value_ = 0xCBF29CE484222325U;
};

// Trains the network, adds the results to the hash, and returns the number of threads that ran.
int train(Net& net, const Run& run, Hash& hash) {
  const auto team = std::make_shared<cornu::Team>(run.threads, run.sizing);
  cornu::CompileOptions options = net.options;
  options.metrics = {"accuracy"};
  if (run.shards > 0) options.shards = run.shards;
  options.execution = {
      .target = run.target, .team = team, .minimum_work = 0, .without = run.without};
  net.model->compile(std::move(options));
  cornu::FitOptions fitting{.batch_size = net.batch_size,
                            .epochs = run.is_brief ? net.brief_epochs : net.epochs,
                            .verbose = 0,
                            .distribute = run.processes};
  if (run.validates) fitting.validation_data = net.data;
  const cornu::History history = net.model->fit(net.data, fitting);
  // A plan without some pass may be for one thread, which needs no team.
  const int planned = net.model->step_threads(net.data.spec(), net.batch_size);
  const bool is_drawn = run.sizing == cornu::Sizing::drawn;
  const int ran = is_drawn ? planned : std::max(1, team->last_members());
  if (ran != planned || (run.without.empty() && ran != run.threads)) {
    fail(run.text() + ": " + std::to_string(ran) + " threads ran, planned " +
         std::to_string(planned));
  }
  for (const auto& [name, weight] : net.model->weights()) {
    hash.add(name);
    hash.add(weight);
  }
  for (const cornu::EpochRecord& epoch : history.epochs) {
    for (const auto& [name, value] : epoch.logs) {
      hash.add(name);
      hash.add(&value, sizeof value);
    }
  }
  for (const int64_t rows : {13, 1}) {
    for (const cornu::Tensor& y : net.model->predict_all(net.data.take(rows))) hash.add(y);
  }
  return ran;
}

}  // namespace

std::string Run::text() const {
  std::string passes;
  for (const std::string& pass : without) passes.append(passes.empty() ? "" : ",").append(pass);
  std::string text(cornu::kernels::name(target));
  text += ", " + std::to_string(threads) +
          (sizing == cornu::Sizing::drawn ? " threads at most, drawn, without "
                                          : " threads, without ") +
          (passes.empty() ? "nothing" : passes);
  if (shards > 0) text += ", " + std::to_string(shards) + " shards";
  if (processes) text += ", " + std::to_string(processes->size()) + " processes";
  return text;
}

Result result(const Run& run, std::vector<Group> groups) {
  Result all = {{}, run.threads};
  for (Group& group : groups) {
    Hash hash;
    for (Net& net : group.nets) all.threads = std::min(all.threads, train(net, run, hash));
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
    all.hashes[group.name] = text;
  }
  return all;
}

int differences(const Run& run, const Hashes& found, const Hashes& wanted) {
  Hashes names = wanted;
  names.insert(found.begin(), found.end());
  int differ = 0;
  for (const auto& [name, hash] : names) {
    const std::string is = found.contains(name) ? found.at(name) : "nothing";
    const std::string should_be = wanted.contains(name) ? wanted.at(name) : "nothing";
    if (is == should_be) continue;
    std::fprintf(stderr, "%s: %s %s, expected %s\n", run.text().c_str(), name.c_str(), is.c_str(),
                 should_be.c_str());
    ++differ;
  }
  return differ;
}

void fail(const std::string& what) {
  throw std::runtime_error(what);
}
