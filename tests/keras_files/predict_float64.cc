// What the network of a model file makes of the arrays x0, x1, … of an .npz file, computed in
// float64 by plain loops, as y0, y1, …: `predict_float64 MODEL IN.npz OUT.npz`. For
// python/tests/test_keras_files.py: the truth that Keras and Cornu are both compared with.

#include <cstdio>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/npz.h"
#include "cornu/models/load_model.h"
#include "cornu/plan/executor.h"

namespace {

using namespace cornu;

Tensor as_float64(TensorView values) {
  Tensor converted(values.shape(), DType::float64);
  const TensorView flat = values.reshape({values.size()});
  for (int64_t i = 0; i < flat.size(); ++i) {
    converted.span<double>()[static_cast<size_t>(i)] = flat.at(i);
  }
  return converted;
}

Batch inputs_of(const Graph& graph, const std::string& path) {
  const Block file = read_block(path, kLargestFile);
  const formats::Npz arrays = formats::read_npz(file.span(), path);
  Batch batch;
  for (size_t i = 0; i < graph.inputs().size(); ++i) {
    batch.x.push_back(as_float64(arrays.at("x" + std::to_string(i), path)));
  }
  batch.rows = batch.x.at(0).shape()[0];
  return batch;
}

void predict(const std::string& model_path, const std::string& in, const std::string& out) {
  const Model model = load_model(model_path, {.compile = false, .check_sample = false});
  const Graph& graph = model.graph();
  Batch batch = inputs_of(graph, in);
  std::vector<uint64_t> samples(static_cast<size_t>(batch.rows));
  std::iota(samples.begin(), samples.end(), uint64_t{0});
  batch.sample = samples;

  Spec spec;
  for (const int input : graph.inputs()) {
    spec.x.push_back({graph.shape(input).without_rows(), {.dtype = DType::float64}});
  }
  std::map<std::string, Tensor> weights;
  for (const NamedWeight& each : graph.weights()) {
    weights.emplace(each.name, as_float64(each.weight->value));
  }
  const auto executor = make_reference_executor<double>(
      make_plan(graph, spec, {}, nullptr,
                {.mode = Mode::predict, .capacity = batch.rows, .real = DType::float64}),
      [&](const Slot& slot) -> std::byte* {
        const auto found = weights.find(slot.name);
        return found == weights.end() ? nullptr : found->second.data();
      });
  const auto workspace = executor->make_workspace();
  executor->run(batch, {}, *workspace);

  formats::Npz results;
  for (size_t i = 0; i < executor->plan().outputs.size(); ++i) {
    const SlotId y = executor->plan().outputs[i];
    results.tensors.emplace_back("y" + std::to_string(i),
                                 Tensor(executor->value(y, *workspace, batch.rows)));
  }
  replace_file(out, formats::npz_parts(results.tensors));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: predict_float64 MODEL IN.npz OUT.npz\n");
    return 2;
  }
  try {
    predict(argv[1], argv[2], argv[3]);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
