#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cornu/graph/graph.h"
#include "cornu/models/predictor.h"
#include "cornu/plan/check_batch.h"
#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// The parts of a predictor; the graph keeps the layers, whose weights the executor points to.
struct Predictor::Impl final : Steps {
  Graph graph;
  std::unique_ptr<Executor> executor;
  std::unique_ptr<Workspace> workspace;
  std::optional<BatchCheck> check;
  Shape sample;  ///< of one sample
  Batch batch;
  std::vector<uint64_t> ids;
  bool given = false;

  Step next() override { return {std::exchange(given, false) ? &batch : nullptr, {}}; }
  void gather(const Step&, int64_t begin, int64_t end) override { (*check)(batch, begin, end); }
  void done(const Step&) override {}
};

}  // namespace cornu::inline v0
