#include "cornu/callbacks/save_freq.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

Error unknown_freq(const std::string& found) {
  return Error({.where = "save_freq",
                .field = "save_freq",
                .expected = "\"epoch\" or a number of steps of 1 or more",
                .found = found});
}

}  // namespace

SaveFreq::SaveFreq(const std::string& word) : steps_(0) {
  if (word != "epoch") throw unknown_freq('"' + word + '"');
}

SaveFreq::SaveFreq(int64_t steps) : steps_(steps) {
  if (steps < 1) throw unknown_freq(std::to_string(steps));
}

}  // namespace cornu::inline v0
