#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {

void check_update_options(const char* where, const LearningRate& learning_rate,
                          const UpdateOptions& options) {
  require_at_least(where, "learning_rate", learning_rate.at(0), 0);
  if (options.weight_decay) require_at_least(where, "weight_decay", *options.weight_decay, 0);
  int clips = 0;
  const auto check_clip = [&](const char* field, const std::optional<double>& limit) {
    if (!limit) return;
    ++clips;
    if (!(*limit > 0)) {
      throw Error({.where = where,
                   .field = field,
                   .expected = std::string(field) + " above 0",
                   .found = shortest(*limit)});
    }
  };
  check_clip("clipnorm", options.clipnorm);
  check_clip("clipvalue", options.clipvalue);
  check_clip("global_clipnorm", options.global_clipnorm);
  if (clips > 1) {
    throw Error({.where = where,
                 .expected = "at most one of clipnorm, clipvalue and global_clipnorm",
                 .found = std::to_string(clips)});
  }
  require_within(where, "ema_momentum", options.ema_momentum, 0, 1);
  const auto check_count = [where](const char* field, int64_t count) {
    require_at_least(where, field, static_cast<double>(count), 0);
  };
  check_count("ema_overwrite_frequency", options.ema_overwrite_frequency);
  check_count("gradient_accumulation_steps", options.gradient_accumulation_steps);
}

}  // namespace cornu::inline v0
