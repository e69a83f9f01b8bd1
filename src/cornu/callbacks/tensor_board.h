#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "cornu/callbacks/update_freq.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

namespace formats {
class EventFileWriter;
}

/// TensorBoard's options, with Keras's names and defaults, in Keras's order.
struct TensorBoardOptions {
  /// The folder of the logs: train/ and validation/ in it. Not empty.
  std::string log_dir = "logs";
  /// Epochs from one histogram of each weight to the next, the first after epoch 0; 0: none.
  int64_t histogram_freq = 0;
  /// Whether the network is drawn on the page Graphs.
  bool write_graph = true;
  /// Whether each weight is written as a picture too, at the epochs of histogram_freq.
  bool write_images = false;
  /// Whether steps per second are logged, of each epoch, and of each step by update_freq.
  bool write_steps_per_second = false;
  /// When loss and metrics of steps are logged: "epoch", never; "batch", at each; N, at every N-th.
  /// Those of epochs always are.
  UpdateFreq update_freq = "epoch";

  static void visit_fields(auto& self, auto& v) {
    v("log_dir", self.log_dir);
    v("histogram_freq", self.histogram_freq);
    v("write_graph", self.write_graph);
    v("write_images", self.write_images);
    v("write_steps_per_second", self.write_steps_per_second);
    v("update_freq", self.update_freq);
  }
};

/// Writes logs of a fit for TensorBoard, under the tags of Keras 3: docs/formats/tensorboard.md
/// lists them. Each fit begins new files, train/ at once and validation/ with the first validation;
/// every value is in its file when the hook returns. A second fit of the same model continues the
/// numbers of epochs and steps, since TensorBoard drops the points that a later file repeats.
///
/// In evaluate() outside a fit it writes the results beside those of the validations, at the step
/// at which the last fit that it watched ended. Error for an option out of its range, and when a
/// file cannot be written; the part written before stays.
class CORNU_API TensorBoard final : public Callback {
 public:
  explicit TensorBoard(TensorBoardOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit TensorBoard(std::string log_dir, int64_t histogram_freq = 0)
      : TensorBoard(
            TensorBoardOptions{.log_dir = std::move(log_dir), .histogram_freq = histogram_freq}) {}
  TensorBoard(TensorBoard&&) noexcept;
  TensorBoard& operator=(TensorBoard&&) noexcept;
  ~TensorBoard() override;

  /// Only if steps are logged, since hooks at each step slow the fit.
  bool watches_batches() const override { return !options_.update_freq.by_epoch(); }
  bool may_log(std::string_view) const override { return false; }
  bool is_for_first() const override { return true; }
  void on_train_begin() override;
  void on_epoch_begin(int64_t epoch) override;
  void on_train_batch_begin(int64_t step) override;
  void on_train_batch_end(int64_t step, const Logs& logs) override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  void on_train_end(const History& history) override;
  void on_test_end(const Logs& logs) override;
  /// Steps; the files of a fit that is resumed are new ones.
  CallbackState state() const override;
  void set_state(const CallbackState& state) override;

 private:
  using Clock = std::chrono::steady_clock;
  formats::EventFileWriter& validation_writer();
  void write_weights(int64_t epoch);

  TensorBoardOptions options_;
  /// Open during a fit, the second from the first validation.
  std::unique_ptr<formats::EventFileWriter> train_, validation_;
  int64_t steps_ = 0;        ///< at the end of the last fit
  int64_t epoch_steps_ = 0;  ///< at the beginning of the epoch
  Clock::time_point epoch_begin_ = {}, batch_begin_ = {};
};

}  // namespace cornu::inline v0
