// The cost of a network grows with its layers, not with their square: counted in allocations, which
// other programs on the machine do not affect.

#include <gtest/gtest.h>

#include <functional>

#include "cornu/cornu.h"
#include "counted_malloc.h"

namespace cornu::inline v0 {
namespace many_layers_test {

using Job = std::function<void()>;
/// Prepares a network of `layers` layers, and returns the job whose allocations are counted.
using MakeJob = std::function<Job(int layers)>;

int64_t allocations_of(const MakeJob& make, int layers) {
  const Job job = make(layers);
  const int64_t before = allocations_so_far();
  job();
  return allocations_so_far() - before;
}

// Four times the layers: 4 times the allocations if they are linear, 16 times if quadratic. The
// margin is for the longer names of more layers, each of which may need an allocation.
void expect_linear(const std::string& name, const MakeJob& make) {
  const auto few = static_cast<double>(allocations_of(make, 100));
  const auto many = static_cast<double>(allocations_of(make, 400));
  EXPECT_LT(many, 5 * few + 2000) << name << ": " << few << " allocations for 100 layers, " << many
                                  << " for 400";
}

Layer small() {
  return Dense({.units = 2, .kernel_regularizer = "l2"});
}

std::vector<Layer> chain(int layers) {
  std::vector<Layer> all = {Input({2})};
  for (int i = 0; i < layers; ++i) all.push_back(small());
  return all;
}

std::shared_ptr<Sequential> made(int layers) {
  return std::make_shared<Sequential>(chain(layers));
}

CompileOptions alone() {
  return {.loss = "mse", .execution = {.team = std::make_shared<Team>(1)}};
}

TEST(ManyLayers, CostGrowsLinearly) {
  const Tensor x(Shape{2, 2});
  expect_linear("a list of layers",
                [](int n) { return [layers = chain(n)] { Sequential{layers}; }; });
  expect_linear("compile and a first step", [&x](int n) {
    return [model = made(n), &x] {
      model->compile(alone());
      model->train_on_batch(x, x);
    };
  });
  expect_linear("add", [](int n) {
    return [model = std::make_shared<Sequential>(std::vector<Layer>{Input({2}), small()}), n] {
      model->compile(alone());
      for (int i = 0; i < n; ++i) model->add(small());
    };
  });
  expect_linear("pop", [](int n) {
    return [model = made(n), n] {
      for (int i = 0; i < n; ++i) model->pop();
    };
  });
  expect_linear("pop and add", [](int n) {
    return [model = made(n), n] {
      for (int i = 0; i < n; ++i) {
        model->pop();
        model->add(small());
      }
    };
  });
  expect_linear("summary",
                [](int n) { return [model = made(n)] { (void)model->summary({.costs = true}); }; });
  expect_linear("a copy", [](int n) { return [model = made(n)] { clone_model(*model); }; });
  expect_linear("weights by name", [](int n) {
    return [model = made(n)] {
      for (const auto& [name, weight] : model->weights()) model->set_weight(name, weight);
    };
  });
  expect_linear("layers by name and place", [](int n) {
    return [model = made(n), n] {
      for (int i = 0; i < n; ++i) (void)model->get_layer(model->get_layer(i).name());
    };
  });
}

TEST(ManyLayers, CostGrowsLinearlyInNetworksOfAnyShape) {
  expect_linear("a functional model", [](int n) {
    return [n] {
      const Input x({2});
      SymbolicTensor y = x;
      for (int i = 0; i < n; ++i) y = small()(y);
      (void)Model({x}, {y}).summary();
    };
  });
  expect_linear("many outputs", [](int n) {
    return [n] {
      const Input x({2});
      SymbolicTensors y;
      for (int i = 0; i < n; ++i) y.push_back(small()(x));
      Model({x}, y).compile({.loss = "mse"});
    };
  });
  expect_linear("one layer many times", [](int n) {
    return [n] {
      const Input x({2});
      const Layer shared = small();
      SymbolicTensor y = x;
      for (int i = 0; i < n; ++i) y = shared(y);
      (void)Model({x}, {y}).summary();
    };
  });
  expect_linear("one model many times", [](int n) {
    return [n] {
      const Sequential inner({Input({2}), small()});
      const Input x({2});
      SymbolicTensor y = x;
      for (int i = 0; i < n; ++i) y = inner(y);
      (void)Model({x}, {y}).summary();
    };
  });
  expect_linear("models in a model", [](int n) {
    return [n] {
      std::vector<Layer> layers = {Input({2})};
      for (int i = 0; i < n; ++i) {
        layers.push_back(
            Sequential({Input({2}), small()}, {.name = "inner" + std::to_string(i)}).as_layer());
      }
      Sequential model(layers);
      model.compile(alone());
      (void)model.summary();
    };
  });
}

TEST(ManyLayers, CostOfSavingAndLoadingGrowsLinearly) {
  const std::string path = ::testing::TempDir() + "many_layers.safetensors";
  expect_linear("save", [&](int n) { return [model = made(n), &path] { model->save(path); }; });
  expect_linear("load", [&](int n) {
    made(n)->save(path);
    return [&path] { load_model(path); };
  });
  std::remove(path.c_str());
}

// Keras's JSON of a chain whose layers stand from the last to the first.
std::string reversed_json(int layers) {
  const auto name = [](int i) { return "d" + std::to_string(i); };
  std::string all;
  for (int i = layers; i > 0; --i) {
    all += R"({"class_name": "Dense", "config": {"name": ")" + name(i) +
           R"(", "units": 2}, "name": ")" + name(i) +
           R"(", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config":
           {"shape": [null, 2], "dtype": "float32", "keras_history": [")" +
           name(i - 1) + R"(", 0, 0]}}], "kwargs": {}}]},)";
  }
  return R"({"class_name": "Functional", "config": {"name": "f", "layers": [)" + all +
         R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "name": "d0"},
         "name": "d0", "inbound_nodes": []}], "input_layers": [["d0", 0, 0]], "output_layers": [[")" +
         name(layers) + R"(", 0, 0]]}})";
}

TEST(ManyLayers, CostOfReadingJsonGrowsLinearlyInAnyOrder) {
  EXPECT_EQ(model_from_json(reversed_json(5)).graph().layers().back().name(), "d5");
  expect_linear("a network in reverse order",
                [](int n) { return [json = reversed_json(n)] { model_from_json(json); }; });
}

}  // namespace many_layers_test
}  // namespace cornu::inline v0
