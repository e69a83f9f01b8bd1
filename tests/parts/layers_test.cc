// Every layer compared with real Keras, forward and backward: tests/goldens/make_layers.py.

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "cornu/formats/json.h"
#include "cornu/layers/table.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace layers_test {

// Layers that compute nothing, draw random numbers or are no layer of Keras; tests in layers/ check
// these.
const std::set<std::string> kWithoutGolden = {"InputLayer", "GaussianNoise", "GaussianDropout",
                                              "Operation"};

/// A layer with Keras's weights, run once on Keras's inputs.
class OneLayer {
 public:
  OneLayer(const formats::Safetensors& keras, const std::string& place, int threads)
      : keras_(keras), place_(place) {
    const TensorView text = golden_tensor(keras, place + "config");
    const std::string json(reinterpret_cast<const char*>(text.data()), text.nbytes());
    const std::string type = place.substr(0, place.find('/'));
    Layer layer = make_layer(type, formats::read_json(json, place).as_map());
    layer.set_name("layer");
    Shapes shapes;
    for (int i = 0; keras.find(place + "x" + std::to_string(i)) != nullptr; ++i) {
      batch_.x.push_back(as_float(golden_tensor(keras, place + "x" + std::to_string(i))));
      shapes.push_back(batch_.x.back().shape().without_rows().with_rows());
    }
    layer.build(shapes, 0);
    const Mode mode =
        place.find("/inference") == std::string::npos ? Mode::training : Mode::predict;
    Builder b;
    for (const Weight& weight : layer.weights()) {
      b.declare_weight("layer/" + weight.name, weight.value.shape(), weight.trainable);
      memory_["layer/" + weight.name] = as_float(golden_tensor(keras, place + "w_" + weight.name));
      if (weight.trainable) trainable_.push_back(weight.name);
    }
    Plan plan{.mode = mode, .capacity = batch_.x[0].shape()[0]};
    for (const Shape& shape : shapes) plan.inputs.push_back(b.input("x", shape, DType::float32));
    {
      const auto scope = b.scope("layer");
      const Slots y = layer.description().lower(b, plan.inputs, mode);
      // If the output is the input itself there is no op, so this adds a copy.
      plan.outputs = {b.emit_one(ops::Affine{}, {y[0]})};
    }
    batch_.y.push_back(as_float(golden_tensor(keras, place + "dy")));
    plan.targets = {b.input("dy", b.slot(plan.outputs[0]).shape, DType::float32)};
    b.seed_gradient(plan.outputs[0], plan.targets[0]);
    b.derive_gradients();
    for (const SlotId x : plan.inputs) {
      reaches_x_ = reaches_x_ && b.has_gradient(x);
      dx_.push_back(b.gradient(x));
    }
    for (const std::string& name : trainable_) {
      const SlotId w = b.weight("layer/" + name);
      if (b.has_gradient(w)) dw_[name] = b.gradient(w);
    }
    plan.slots = b.slots();
    plan.ops = b.ops();
    executor_ =
        make_executor(plan, [this](const Slot& slot) { return memory_.at(slot.name).data(); },
                      {.team = std::make_shared<Team>(threads),
                       .minimum_work = 0,
                       .without = {"shard_columns", "share_memory"}});
    workspace_ = executor_->make_workspace();
    batch_.rows = plan.capacity;
    executor_->run(batch_, {}, *workspace_);
  }

  void expect_as_in_keras() const {
    expect_as_keras(value(executor_->plan().outputs[0]), keras_, place_ + "y");
    for (size_t i = 0; i < dx_.size(); ++i) {
      const std::string dx = place_ + "dx" + std::to_string(i);
      EXPECT_EQ(reaches_x_, keras_.find(dx) != nullptr);
      if (reaches_x_) expect_as_keras(value(dx_[i]), keras_, dx);
    }
    for (const std::string& name : trainable_) {
      if (keras_.find(place_ + "dw_" + name) == nullptr || !dw_.contains(name)) continue;
      expect_as_keras(value(dw_.at(name)), keras_, place_ + "dw_" + name);
    }
    for (const auto& [name, memory] : memory_) {
      const std::string after = place_ + name.substr(6) + "_after";
      if (keras_.find(after) != nullptr) expect_as_keras(memory, keras_, after);
    }
  }

 private:
  TensorView value(SlotId slot) const { return executor_->value(slot, *workspace_, batch_.rows); }

  const formats::Safetensors& keras_;
  std::string place_;
  std::map<std::string, Tensor> memory_;
  std::vector<std::string> trainable_;
  Batch batch_;
  Slots dx_;
  bool reaches_x_ = true;  // false where x holds indices
  std::map<std::string, SlotId> dw_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Workspace> workspace_;
};

TEST(Layers, MatchKerasForwardAndBackward) {
  const formats::Safetensors keras = golden("layers");
  std::map<std::string, int> cases;
  int all = 0;
  for (const auto& [path, tensor] : keras.tensors) {
    if (!path.ends_with("/config")) continue;
    const std::string place = path.substr(0, path.rfind('/') + 1);
    SCOPED_TRACE(place);
    for (const int threads : {1, 2, 3}) OneLayer(keras, place, threads).expect_as_in_keras();
    ++cases[place.substr(0, place.find('/'))];
    ++all;
  }
  // A type that only the golden has gave an Error above.
  for (const LayerEntry& entry : layer_table()) {
    const std::string type(entry.name);
    EXPECT_EQ(cases[type] > 0, !kWithoutGolden.contains(type)) << type;
  }
  std::printf("%d cases of %zu layers\n", all, layer_table().size());
  EXPECT_EQ(all, 126);
}

}  // namespace layers_test
}  // namespace cornu::inline v0
