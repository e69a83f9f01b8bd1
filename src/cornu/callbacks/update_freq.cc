#include "cornu/callbacks/update_freq.h"

#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

UpdateFreq::UpdateFreq(std::string word) : steps_(word == "batch" ? 1 : 0) {
  if (word == "batch" || word == "epoch") return;
  const std::vector<std::string> words = {"epoch", "batch"};
  throw unknown_name("TensorBoard", "update_freq", word, words);
}

UpdateFreq::UpdateFreq(int64_t steps) : steps_(steps) {
  if (steps >= 1) return;
  throw Error({.where = "TensorBoard: update_freq",
               .expected = "\"epoch\", \"batch\" or a number of steps of 1 or more",
               .found = std::to_string(steps)});
}

}  // namespace cornu::inline v0
