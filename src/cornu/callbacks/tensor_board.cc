#include "cornu/callbacks/tensor_board.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cornu/callbacks/weight_images.h"
#include "cornu/core/error.h"
#include "cornu/formats/event_file.h"
#include "cornu/formats/json.h"
#include "cornu/graph/graph.h"
#include "cornu/interop/keras_network.h"

namespace cornu::inline v0 {
namespace {

constexpr std::string_view kValidated = "val_";

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Keras's path of a variable: those of a Sequential begin with its name.
std::string tag_of(const TrainedModel& model, const std::string& weight) {
  return model.type == "Sequential" ? model.name + "/" + weight : weight;
}

}  // namespace

TensorBoard::TensorBoard(TensorBoardOptions options) : options_(std::move(options)) {
  const auto require = [](const char* option, bool good, const char* expected, std::string found) {
    if (good) return;
    throw Error({.where = std::string("TensorBoard: ") + option,
                 .field = option,
                 .expected = expected,
                 .found = std::move(found)});
  };
  require("log_dir", !options_.log_dir.empty(), "the name of a folder", "none");
  require("histogram_freq", options_.histogram_freq >= 0, "a number of epochs of 0 or more",
          std::to_string(options_.histogram_freq));
  // Keras writes no pictures then, and says nothing.
  require("write_images", !options_.write_images || options_.histogram_freq > 0,
          "a histogram_freq of 1 or more beside it, which says at which epochs",
          "histogram_freq 0");
}

TensorBoard::TensorBoard(TensorBoard&&) noexcept = default;
TensorBoard& TensorBoard::operator=(TensorBoard&&) noexcept = default;
TensorBoard::~TensorBoard() = default;

void TensorBoard::on_train_begin() {
  validation_.reset();
  train_ = std::make_unique<formats::EventFileWriter>(options_.log_dir + "/train");
  if (!options_.write_graph) return;
  const TrainedModel model = training().model();
  const Value network = network_to_keras(model.graph, model.type, model.name);
  train_->keras_graph(formats::write_json(network));
}

void TensorBoard::on_epoch_begin(int64_t) {
  epoch_steps_ = training().steps();
  epoch_begin_ = Clock::now();
}

void TensorBoard::on_train_batch_begin(int64_t) {
  batch_begin_ = Clock::now();
}

void TensorBoard::on_train_batch_end(int64_t, const Logs& logs) {
  const int64_t step = training().steps();
  if (!options_.update_freq.includes(step)) return;
  if (options_.write_steps_per_second) {
    train_->scalar("batch_steps_per_second", step, 1 / seconds_since(batch_begin_));
  }
  for (const auto& [name, value] : logs) train_->scalar("batch_" + name, step, value);
}

void TensorBoard::on_test_end(const Logs& logs) {
  if (in_fit()) steps_ = training().steps();
  for (const auto& [name, value] : logs) {
    validation_writer().scalar("evaluation_" + name + "_vs_iterations", steps_, value);
  }
  if (!in_fit()) validation_.reset();
}

void TensorBoard::on_epoch_end(EpochRecord& record, const History&) {
  const int64_t epoch = training().epoch_of_life(record.epoch);
  for (const auto& [name, value] : record.logs) {
    if (name.starts_with(kValidated)) {
      validation_writer().scalar("epoch_" + name.substr(kValidated.size()), epoch, value);
    } else if (name != "learning_rate") {
      train_->scalar("epoch_" + name, epoch, value);
    }
  }
  train_->scalar("epoch_learning_rate", epoch, training().learning_rate());
  if (options_.write_steps_per_second) {
    const auto steps = static_cast<double>(training().steps() - epoch_steps_);
    train_->scalar("epoch_steps_per_second", epoch, steps / seconds_since(epoch_begin_));
  }
  if (options_.histogram_freq > 0 && epoch % options_.histogram_freq == 0) write_weights(epoch);
}

void TensorBoard::on_train_end(const History&) {
  steps_ = training().steps();
  train_->close();
  train_.reset();
  if (validation_ != nullptr) validation_->close();
  validation_.reset();
}

CallbackState TensorBoard::state() const {
  return {.name = "TensorBoard",
          .values = {{"steps", steps_},
                     {"epoch_steps", epoch_steps_},
                     {"epoch_seconds", seconds_since(epoch_begin_)}},
          .tensors = {}};
}

void TensorBoard::set_state(const CallbackState& state) {
  const Value values = state.values;
  steps_ = values["steps"].as_int();
  epoch_steps_ = values["epoch_steps"].as_int();
  // As if the epoch had begun that long ago, unless the state has no sensible time.
  const double seconds = std::clamp(values["epoch_seconds"].as_double(), 0.0, 1e9);
  epoch_begin_ = Clock::now() - std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(seconds));
}

formats::EventFileWriter& TensorBoard::validation_writer() {
  if (validation_ == nullptr) {
    validation_ = std::make_unique<formats::EventFileWriter>(options_.log_dir + "/validation");
  }
  return *validation_;
}

void TensorBoard::write_weights(int64_t epoch) {
  const TrainedModel model = training().model();
  for (const NamedWeight& each : model.graph.weights()) {
    const std::string tag = tag_of(model, each.name);
    const Tensor& value = each.weight->value;
    train_->histogram(tag + "/histogram", epoch, value.span<float>());
    if (!options_.write_images) continue;
    const WeightImages images = weight_images(value);
    if (images.pngs.empty()) continue;
    train_->images(tag + "/image", epoch, images.width, images.height, images.pngs);
  }
}

}  // namespace cornu::inline v0
