// The benchmark's training job (data.py) with LibTorch, PyTorch's C++ library; libtorch_job.py
// compiles it and runs it.
//
//     libtorch_job FOLDER SAMPLES VALIDATION FEATURES UNITS relu|sigmoid BATCH EPOCHS THREADS
//
// FOLDER holds x, y, x_test and y_test: rows of float32 and labels of int64. Prints for each epoch
// the seconds of its steps and validation and those of its permuted copy, then the accuracy.

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int64_t kClasses = 10;
constexpr int64_t kValidationBatch = 1000;

struct Job {
  std::string folder, activation;
  std::vector<int64_t> units;
  int64_t samples, validation, features, batch_size, epochs;
};

torch::nn::Sequential make_model(const Job& job) {
  torch::nn::Sequential model;
  int64_t features = job.features;
  const auto add = [&](int64_t width) {
    torch::nn::Linear layer(features, width);
    torch::nn::init::xavier_uniform_(layer->weight);
    torch::nn::init::zeros_(layer->bias);
    model->push_back(layer);
    features = width;
  };
  for (const int64_t width : job.units) {
    add(width);
    job.activation == "relu" ? model->push_back(torch::nn::ReLU())
                             : model->push_back(torch::nn::Sigmoid());
  }
  add(kClasses);
  return model;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void run(const Job& job) {
  const auto read = [&](const char* name, int64_t rows, int64_t columns, torch::ScalarType type) {
    return torch::from_file(job.folder + "/" + name, false, rows * columns, type).clone();
  };
  const auto x = read("x", job.samples, job.features, torch::kFloat).view({-1, job.features});
  const auto y = read("y", job.samples, 1, torch::kLong);
  const auto x_test =
      read("x_test", job.validation, job.features, torch::kFloat).view({-1, job.features});
  const auto y_test = read("y_test", job.validation, 1, torch::kLong);

  torch::manual_seed(0);
  torch::nn::Sequential model = make_model(job);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3).eps(1e-7));
  auto permuted = torch::empty_like(x);
  double accuracy = 0;
  for (int64_t epoch = 0; epoch < job.epochs; ++epoch) {
    auto begin = std::chrono::steady_clock::now();
    const auto order = torch::randperm(job.samples);
    torch::index_select_out(permuted, x, 0, order);
    const auto xs = permuted.split(job.batch_size);
    const auto ys = y.index_select(0, order).split(job.batch_size);
    const double copying = seconds_since(begin);

    begin = std::chrono::steady_clock::now();
    for (size_t i = 0; i < xs.size(); ++i) {
      optimizer.zero_grad();
      torch::nn::functional::cross_entropy(model->forward(xs[i]), ys[i]).backward();
      optimizer.step();
    }
    const torch::InferenceMode inference;
    int64_t right = 0;
    const auto xs_test = x_test.split(kValidationBatch), ys_test = y_test.split(kValidationBatch);
    for (size_t i = 0; i < xs_test.size(); ++i) {
      const auto logits = model->forward(xs_test[i]);
      torch::nn::functional::cross_entropy(logits, ys_test[i]);
      right += (logits.argmax(1) == ys_test[i]).sum().item<int64_t>();
    }
    accuracy = static_cast<double>(right) / static_cast<double>(job.validation);
    std::printf("%.6f %.6f\n", seconds_since(begin), copying);
  }
  std::printf("%.6f\n", accuracy);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) return 2;
  const auto number = [&](int i) { return std::stoll(argv[i]); };
  Job job{.folder = argv[1],
          .activation = argv[6],
          .units = {},
          .samples = number(2),
          .validation = number(3),
          .features = number(4),
          .batch_size = number(7),
          .epochs = number(8)};
  std::istringstream widths(argv[5]);
  for (std::string width; std::getline(widths, width, ',');) job.units.push_back(std::stoll(width));
  torch::set_num_threads(static_cast<int>(number(9)));
  run(job);
}
