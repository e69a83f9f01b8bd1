#include "cornu/callbacks/no_schedule.h"

#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

void require_no_schedule(std::string_view callback, const Training& training) {
  if (!training.has_schedule()) return;
  throw Error(
      {.where = std::string(callback),
       .what = "it sets the learning rate, which the optimizer's schedule sets at each step",
       .expected = "an optimizer whose learning_rate is a number",
       .found = "one with a schedule",
       .hint = "keep the schedule or the callback, not both"});
}

}  // namespace cornu::inline v0
