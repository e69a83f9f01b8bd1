#pragma once

// A fit and an evaluation that count every allocation, in each pass over the data from the second
// request for samples to the end of the last step.

#include <functional>
#include <string>
#include <vector>

#include "cornu/cornu.h"
#include "counted_malloc.h"

namespace cornu::inline v0 {

/// Allocations in the steps of all passes so far, from the second step of each pass on.
class Witness {
 public:
  void begin_pass() { fills_ = steps_ = 0; }
  void filled() {
    if (++fills_ == 2) begin();
  }
  void stepped() {
    // A pass over data without a WitnessedSource is counted from the end of its first step.
    if (++steps_ == 1 && fills_ == 0) begin();
    if (steps_ == 1) return;
    allocations_ = before_ + allocations_so_far() - begin_;
    ++seen_;
  }

  int64_t allocations() const { return allocations_; }
  /// Number of steps that began and ended while counting.
  int64_t steps() const { return seen_; }

 private:
  void begin() {
    before_ = allocations_;
    remember_next_allocation();
    begin_ = allocations_so_far();
  }

  int64_t fills_ = 0, steps_ = 0, seen_ = 0;
  int64_t begin_ = 0, before_ = 0, allocations_ = 0;
};

/// One fit to be watched.
struct Case {
  std::vector<Layer> layers = {};
  std::function<Model()> network = {};  ///< instead of a Sequential of those layers
  std::string last_output = {};         ///< the name of the last output, if there are several
  std::function<Dataset(int64_t samples)> data;
  Loss loss = "categorical_crossentropy";
  Optimizer optimizer = "adam";
  std::vector<Metric> metrics = {"accuracy"};
  int threads = 1;
  int64_t batch_size = 32;
  std::vector<std::string> without = {};
  double validation_split = 0;
  FitOptions fit = {.epochs = 2, .verbose = 0};
  std::function<void()> more = {};  ///< called at each fill
};

struct Result {
  Witness witness;
  int64_t steps = 0;  ///< number of steps that should have been counted
};

Result watch(const Case& each);

void expect_none(const Case& each);
/// With one thread and with three.
void expect_none_on_threads(Case each);
/// With 1 to 4 threads, batches of several sizes, Adam and three forms of SGD, with and without
/// skipping zeros.
void expect_none_anywhere(Case each);

/// Bytes of which a fifth are not zero, as in images of strokes, and labels 0 … 9 in turn.
Dataset images(int64_t samples);
/// The tutorial's form: rows of 784, divided by 255, one-hot labels.
Dataset flat_images(int64_t samples);
/// Rows of 30, and labels.
Dataset small_images(int64_t samples);

}  // namespace cornu::inline v0
