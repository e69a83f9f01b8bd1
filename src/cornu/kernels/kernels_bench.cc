// Every kernel on every target of this CPU, in the sizes of the tutorial's network and some beyond.
// One thread. Products count 2 · rows · cols · depth FLOP whether zeros are left out or not, and
// are compared with the multiply-add peak measured in this very run, once before and once after the
// benchmarks; both are printed at the end.
//
//     kernels_bench --benchmark_filter=product/128x64x784.*avx512

#include <benchmark/benchmark.h>

#include <bench/probe.h>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/float_mode.h"
#include "cornu/core/rng.h"
#include "cornu/core/tensor.h"
#include "cornu/kernels/table.h"
#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {
namespace {

using ::benchmark::State;

// Measured when the first benchmark runs, so not when they are only listed.
std::optional<bench::Probe> machine_before;
const bench::Probe& machine() {
  if (!machine_before) machine_before = bench::trusted_probe();
  return *machine_before;
}

/// To standard error: standard output may be JSON.
void print_machine() {
  if (!machine_before) return;
  const bench::Probe after = bench::trusted_probe();
  std::fprintf(stderr, "\nThe machine before, whose peak and clock the counters refer to:\n");
  print(*machine_before, stderr);
  std::fprintf(stderr, "\nand after:\n");
  print(after, stderr);
}

/// Seconds of this thread's CPU time per call.
template <class Body>
double measure(State& state, const Body& body) {
  const double begin = bench::own_seconds();
  for (auto _ : state) {
    body();
    ::benchmark::ClobberMemory();
  }
  return (bench::own_seconds() - begin) / static_cast<double>(state.iterations());
}

void run_flops(State& state, double flops, const std::function<void()>& body) {
  const double peak = machine().peak;
  const double rate = flops / measure(state, body);
  state.counters["GFLOP/s"] = rate / 1e9;
  state.counters["% of peak"] = 100 * rate / peak;
}

void run_elements(State& state, int64_t size, const std::function<void()>& body) {
  const double clock = machine().clock;
  const double each = measure(state, body) / static_cast<double>(size);
  state.counters["ns/element"] = each * 1e9;
  state.counters["cycles/element"] = each * clock;
}

/// Numbers in [low, high), of which `density` are not zero.
Tensor numbers(int64_t size, uint64_t key, float low, float high, double density = 1) {
  Tensor tensor(Shape{size});
  uint64_t element = 0;
  for (float& value : tensor.span<float>()) {
    const auto words = Philox::words(key, 0, element++);
    if (uniform(words[0]) < static_cast<float>(density)) {
      value = low + (high - low) * uniform(words[1]);
    }
  }
  return tensor;
}

Tensor bytes(int64_t size, uint64_t key, double density) {
  const Tensor from = numbers(size, key, 1, 256, density);
  Tensor tensor(Shape{size}, DType::uint8);
  for (int64_t i = 0; i < size; ++i) {
    tensor.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(from.at(i));
  }
  return tensor;
}

/// The address of each of `rows` rows.
std::vector<const void*> rows_of(const Tensor& x, int64_t rows) {
  std::vector<const void*> places;
  const size_t row_bytes = x.nbytes() / static_cast<size_t>(rows);
  for (int64_t i = 0; i < rows; ++i) {
    places.push_back(x.data() + static_cast<size_t>(i) * row_bytes);
  }
  return places;
}

float* data(Tensor& tensor) {
  return tensor.span<float>().data();
}
const float* data(const Tensor& tensor) {
  return tensor.span<float>().data();
}

enum class Behind { nothing, sigmoid, adam };

struct Product {
  int64_t rows, cols, depth;
  bool x_transposed = false;
  bool of_bytes = false;
  double listed = 0;  ///< the density of x if its zeros are left out; 0: every k
  Behind behind = Behind::nothing;

  std::string name() const {
    std::string text = "product/" + std::to_string(rows) + "x" + std::to_string(cols) + "x" +
                       std::to_string(depth) + (x_transposed ? "/transposed" : "") +
                       (of_bytes ? "/bytes" : "/floats");
    char density[32];
    std::snprintf(density, sizeof density, "/listed:%g", listed);
    text += listed == 0 ? "/dense" : density;
    if (behind == Behind::sigmoid) text += "/sigmoid";
    if (behind == Behind::adam) text += "/adam";
    return text;
  }
};

/// The memory of a product and its arguments.
class ProductData {
 public:
  explicit ProductData(const Product& p)
      : x_(p.of_bytes ? bytes(p.rows * p.depth, 1, density(p))
                      : numbers(p.rows * p.depth, 1, 0.5F, 1, density(p))),
        w_(numbers(p.depth * p.cols, 2, -1, 1)),
        bias_(numbers(p.cols, 3, -1, 1)),
        y_(Shape{p.rows * p.cols}),
        pack_(Shape{product_pack_size(p.depth)}),
        decoded_(Shape{256}),
        weights_(numbers(p.rows * p.cols, 4, -1, 1)),
        m_(Shape{p.rows * p.cols}),
        v_(Shape{p.rows * p.cols}),
        nonzero_(static_cast<size_t>((p.depth + 63) / 64 * p.rows)) {
    args_ = {.x = p.of_bytes ? nullptr : data(x_),
             .x_row = p.x_transposed ? 1 : p.depth,
             .x_col = p.x_transposed ? p.rows : 1,
             .w = data(w_),
             .w_row = p.cols,
             .w_col = 1,
             .start = p.behind == Behind::adam ? nullptr : data(bias_),
             .start_row = 0,
             .y = data(y_),
             .y_row = p.cols,
             .rows = p.rows,
             .cols = p.cols,
             .depth = p.depth,
             .pack = data(pack_)};
    if (p.of_bytes) {
      for (size_t byte = 0; byte < 256; ++byte) {
        decoded_.span<float>()[byte] = static_cast<float>(byte) / 255;
      }
      const int64_t row = p.x_transposed ? p.rows : p.depth;
      for (int64_t at = 0; at < x_.size(); at += row) {
        bytes_.push_back(x_.span<uint8_t>().data() + at);
      }
      args_.bytes = bytes_.data();
      args_.bytes_transposed = p.x_transposed;
      args_.decoded = data(decoded_);
    }
    if (p.listed > 0) list(p);
    if (p.behind == Behind::sigmoid) args_.epilogue.function = Function::sigmoid;
    if (p.behind == Behind::adam) {
      args_.epilogue.update = AdamArgs{.w = data(weights_),
                                       .dw = nullptr,
                                       .m = data(m_),
                                       .v = data(v_),
                                       .size = 0,
                                       .alpha = 1e-3F,
                                       .one_minus_beta_1 = 0.1F,
                                       .one_minus_beta_2 = 0.001F,
                                       .epsilon = 1e-7F};
    }
  }

  const ProductArgs& args() const { return args_; }

 private:
  static double density(const Product& p) { return p.listed == 0 ? 1 : p.listed; }

  void list(const Product& p) {
    for (int64_t i = 0; i < p.rows; ++i) {
      for (int64_t k = 0; k < p.depth; ++k) {
        if (x_.at(i * args_.x_row + k * args_.x_col) == 0) continue;
        nonzero_[static_cast<size_t>(k / 64 * p.rows + i)] |= uint64_t{1} << k % 64;
      }
    }
    args_.nonzero = nonzero_.data();
    args_.nonzero_word = p.rows;
  }

  Tensor x_, w_, bias_, y_, pack_, decoded_, weights_, m_, v_;
  std::vector<uint64_t> nonzero_;
  std::vector<const uint8_t*> bytes_;
  ProductArgs args_{};
};

std::vector<Product> products() {
  constexpr Product kSizes[] = {{.rows = 128, .cols = 64, .depth = 784},
                                {.rows = 784, .cols = 64, .depth = 128, .x_transposed = true},
                                {.rows = 128, .cols = 10, .depth = 64},
                                {.rows = 1, .cols = 64, .depth = 784},
                                {.rows = 1024, .cols = 1024, .depth = 1024}};
  std::vector<Product> all;
  for (Product p : kSizes) {
    for (const bool of_bytes : {false, true}) {
      p.of_bytes = of_bytes;
      p.behind = Behind::nothing;
      for (const double listed : {0.0, 0.05, 0.19, 0.5, 1.0}) {
        p.listed = listed;
        all.push_back(p);
      }
      // A weight's gradient is followed by its update, and an output by its activation.
      p.behind = p.x_transposed ? Behind::adam : Behind::sigmoid;
      for (const double listed : {0.0, 0.19}) {
        p.listed = listed;
        all.push_back(p);
      }
    }
  }
  return all;
}

/// Registers a benchmark on every target: `run` is given the target and the state.
void on_each_target(const std::string& name, const std::function<void(Target, State&)>& run) {
  for (const Target target : supported_targets()) {
    ::benchmark::RegisterBenchmark((name + "/" + std::string(kernels::name(target))).c_str(),
                                   [run, target](State& state) { run(target, state); })
        ->Unit(::benchmark::kMicrosecond);
  }
}

void register_products() {
  for (const Product& p : products()) {
    on_each_target(p.name(), [p](Target target, State& state) {
      const ProductData product(p);
      const auto kernel = table(target).product;
      run_flops(state, 2.0 * static_cast<double>(p.rows * p.cols * p.depth),
                [&] { kernel(product.args()); });
    });
  }
}

void register_functions() {
  constexpr int64_t kSize = 8192;
  using Kernel = void (*)(const float*, float*, int64_t);
  const auto add = [](const std::string& name, Kernel MathTable::*member) {
    on_each_target(name + "/8192", [member](Target target, State& state) {
      const Tensor x = numbers(kSize, 1, -8, 8);
      Tensor y(x.shape());
      const MathTable& math =
          target == Target::portable ? portable_tables().math : vector_tables(target)->math;
      run_elements(state, kSize, [&] { (math.*member)(data(x), data(y), kSize); });
    });
  };
  add("exp", &MathTable::exp);
  add("sigmoid", &MathTable::sigmoid);
  add("tanh", &MathTable::tanh);
}

/// The memory that the kernels along a row read and write.
struct Rows {
  explicit Rows(int64_t cols_)
      : cols(cols_),
        logits(numbers(size(), 1, -4, 4)),
        probabilities(numbers(size(), 2, 0.1F, 1)),
        targets(Shape{size()}),
        out(Shape{size()}),
        loss(Shape{rows}) {
    for (int64_t i = 0; i < rows; ++i) {
      targets.span<float>()[static_cast<size_t>(i * cols + i % cols)] = 1;
    }
  }
  int64_t size() const { return rows * cols; }

  static constexpr int64_t rows = 128;
  int64_t cols;
  Tensor logits, probabilities, targets, out, loss;
};

void register_rows() {
  const auto add = [](const std::string& name, auto call) {
    for (const int64_t cols : {10, 1000}) {
      on_each_target(name + "/128x" + std::to_string(cols), [=](Target target, State& state) {
        Rows r(cols);
        const Table& kernels = table(target);
        run_elements(state, r.size(), [&] { call(kernels, r); });
      });
    }
  };
  constexpr float kScale = 1.0F / 128;
  add("softmax", [](const Table& kernels, Rows& r) {
    kernels.softmax({data(r.logits), data(r.out), Rows::rows, r.cols});
  });
  add("softmax_back", [](const Table& kernels, Rows& r) {
    kernels.softmax_back(
        {data(r.probabilities), data(r.logits), data(r.out), Rows::rows, r.cols, false});
  });
  add("softmax_crossentropy", [](const Table& kernels, Rows& r) {
    kernels.softmax_crossentropy(
        {data(r.logits), data(r.targets), data(r.loss), Rows::rows, r.cols});
  });
  add("softmax_crossentropy_back", [](const Table& kernels, Rows& r) {
    kernels.softmax_crossentropy_back(
        {data(r.probabilities), data(r.targets), data(r.out), kScale, Rows::rows, r.cols, false});
  });
  for (const bool clip_first : {false, true}) {
    const std::string name = clip_first ? "sparse_crossentropy" : "crossentropy";
    add(name, [clip_first](const Table& kernels, Rows& r) {
      kernels.crossentropy(
          {data(r.probabilities), data(r.targets), data(r.loss), Rows::rows, r.cols, clip_first});
    });
    add(name + "_back", [clip_first](const Table& kernels, Rows& r) {
      kernels.crossentropy_back({data(r.probabilities), data(r.targets), data(r.out), kScale,
                                 Rows::rows, r.cols, clip_first, false});
    });
  }
}

void register_updates() {
  constexpr int64_t kSize = 50'176;
  on_each_target("adam/50176", [](Target target, State& state) {
    Tensor w = numbers(kSize, 1, -1, 1), m(w.shape()), v(w.shape());
    const Tensor dw = numbers(kSize, 2, -1e-2F, 1e-2F);
    run_elements(state, kSize, [&] {
      table(target).adam({data(w), data(dw), data(m), data(v), kSize, 1e-3F, 0.1F, 0.001F, 1e-7F});
    });
  });
  for (const float momentum : {0.0F, 0.9F}) {
    on_each_target(momentum == 0 ? "sgd/50176" : "sgd/momentum/50176", [momentum](Target target,
                                                                                  State& state) {
      Tensor w = numbers(kSize, 1, -1, 1), velocity(w.shape());
      const Tensor dw = numbers(kSize, 2, -1e-2F, 1e-2F);
      run_elements(state, kSize, [&] {
        table(target).sgd({data(w), data(dw), momentum == 0 ? nullptr : data(velocity), kSize,
                           1e-3F, momentum, false});
      });
    });
  }
}

void register_batches() {
  constexpr int64_t kRows = 128, kCols = 784, kSize = kRows * kCols;
  on_each_target("dropout/128x64", [](Target target, State& state) {
    const Tensor x = numbers(kRows * 64, 1, -1, 1);
    Tensor y(x.shape());
    std::vector<uint64_t> sample(kRows);
    for (size_t i = 0; i < sample.size(); ++i) sample[i] = i;
    run_elements(state, x.size(), [&] {
      table(target).dropout(
          {data(x), 64, data(y), 64, kRows, 64, 0, 0.2F, 7, sample.data(), false});
    });
  });
  on_each_target("noise/128x64", [](Target target, State& state) {
    Tensor y(Shape{kRows * 64});
    std::vector<uint64_t> sample(kRows);
    for (size_t i = 0; i < sample.size(); ++i) sample[i] = i;
    run_elements(state, y.size(), [&] {
      table(target).noise({data(y), kRows, 64, 0, 1, 7, sample.data()});
    });
  });
  on_each_target("decode/128x784", [](Target target, State& state) {
    const Tensor x = bytes(kSize, 1, 0.19);
    Tensor y(Shape{kSize});
    run_elements(state, kSize, [&] {
      table(target).decode({x.data(), DType::uint8, data(y), kSize, 255, 0});
    });
  });
  on_each_target("encode/128x784", [](Target target, State& state) {
    const Tensor stored = bytes(kSize, 1, 0.19);
    Tensor x(Shape{kSize});
    Tensor y(Shape{kSize}, DType::uint8);
    table(target).decode({stored.data(), DType::uint8, data(x), kSize, 255, 0});
    run_elements(state, kSize, [&] {
      table(target).encode({data(x), y.span<uint8_t>().data(), kSize, 255, 0});
    });
  });
  for (const bool of_bytes : {true, false}) {
    on_each_target(
        std::string("nonzero/128x784/") + (of_bytes ? "bytes" : "floats"),
        [of_bytes](Target target, State& state) {
          const Tensor x = of_bytes ? bytes(kSize, 1, 0.19) : numbers(kSize, 1, 0.5F, 1, 0.19);
          const std::vector<const void*> rows = rows_of(x, kRows);
          std::vector<uint64_t> bits((kCols + 63) / 64 * kRows);
          run_elements(state, kSize, [&] {
            table(target).nonzero({rows.data(), x.dtype(), 0, kRows, kCols, bits.data(), kRows});
          });
        });
  }
  const auto listed = [](const Table& kernels) {
    const Tensor x = bytes(kSize, 1, 0.19);
    std::vector<uint64_t> bits((kCols + 63) / 64 * kRows);
    const std::vector<const void*> rows = rows_of(x, kRows);
    kernels.nonzero({rows.data(), DType::uint8, 0, kRows, kCols, bits.data(), kRows});
    return bits;
  };
  on_each_target("transpose_bits/128x784", [listed](Target target, State& state) {
    const std::vector<uint64_t> x = listed(table(target));
    std::vector<uint64_t> y((kRows + 63) / 64 * kCols);
    run_elements(state, kSize, [&] {
      table(target).transpose_bits({x.data(), kRows, y.data(), kCols, kRows, kCols});
    });
  });
  on_each_target("count_bits/128x784", [listed](Target target, State& state) {
    const std::vector<uint64_t> bits = listed(table(target));
    run_elements(state, kSize, [&] {
      ::benchmark::DoNotOptimize(
          table(target).count_bits({bits.data(), kRows, kRows, kCols, kSampleGroup}));
    });
  });
}

void register_columns() {
  constexpr int64_t kLines = 128, kCols = 256, kSize = kLines * kCols;
  struct Numbers {
    Tensor x = numbers(kSize, 1, -1, 1), dy = numbers(kSize, 2, -1, 1), y{Shape{kSize}};
    Tensor a = numbers(kCols, 3, -1, 1), b = numbers(kCols, 4, -1, 1);
  };
  using Kernel = void (*)(const Table&, Numbers&);
  const auto add = [](const std::string& name, Kernel kernel) {
    on_each_target(name + "/128x256", [kernel](Target target, State& state) {
      Numbers n;
      run_elements(state, kSize, [&] { kernel(table(target), n); });
    });
  };
  add("scale_columns", [](const Table& t, Numbers& n) {
    t.scale_columns({data(n.x), kCols, data(n.y), kCols, kLines, kCols, data(n.a), data(n.b),
                     data(n.a), false});
  });
  add("normalize_back", [](const Table& t, Numbers& n) {
    t.normalize_back({data(n.x), kCols, data(n.dy), kCols, data(n.y), kCols, kLines, kCols,
                      data(n.a), data(n.b), data(n.a), data(n.b), false});
  });
  add("parametric_relu", [](const Table& t, Numbers& n) {
    t.parametric_relu({data(n.x), data(n.a), data(n.y), kLines, kCols, kCols});
  });
  add("parametric_relu_back", [](const Table& t, Numbers& n) {
    t.parametric_relu_back(
        {data(n.x), data(n.a), data(n.dy), data(n.y), kLines, kCols, kCols, false});
  });
  add("parametric_relu_alpha", [](const Table& t, Numbers& n) {
    t.parametric_relu_alpha({data(n.x), data(n.dy), data(n.y), kLines, kCols, kCols});
  });
}

/// Windows of 2 × 2 over eight images of 26 × 26 positions.
void register_pooling() {
  for (const int64_t channels : {32, 1}) {
    const PoolShape s = {8, 26, 26, channels, 2, 2, 2, 2, 0, 0, 13, 13};
    const int64_t size = s.images * s.image_size();
    const auto add = [&](const std::string& name, auto call) {
      const std::string full = name + "/8x26x26x" + std::to_string(channels);
      on_each_target(full, [s, size, call](Target target, State& state) {
        Tensor large = numbers(size, 1, -1, 1);
        Tensor small = numbers(size / 4, 2, -1, 1);
        Tensor places = bytes(size / 4, 3, 0.75);
        uint8_t* const at = places.span<uint8_t>().data();
        run_elements(state, size, [&] { call(table(target), s, data(large), data(small), at); });
      });
    };
    add("max_pool", [](const Table& t, const PoolShape& shape, float* x, float* y, uint8_t* at) {
      t.max_pool({shape, x, y, at, nullptr});
    });
    add("max_pool_back",
        [](const Table& t, const PoolShape& shape, float* dx, float* dy, uint8_t* at) {
          t.max_pool_back({shape, dy, at, nullptr, dx, false});
        });
  }
}

}  // namespace
}  // namespace cornu::inline v0::kernels

int main(int argc, char** argv) {
  using namespace cornu;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const FloatMode mode;
  kernels::register_products();
  kernels::register_functions();
  kernels::register_rows();
  kernels::register_updates();
  kernels::register_batches();
  kernels::register_columns();
  kernels::register_pooling();
  if (benchmark::RunSpecifiedBenchmarks() == 0) return 2;
  kernels::print_machine();
  return 0;
}
