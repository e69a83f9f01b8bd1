#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// The name of a file with places for numbers, as Python's str.format reads it:
/// "{epoch:02d}-{val_loss:.2f}.keras". {{ and }} are braces.
class CheckpointName {
 public:
  /// Error for a pattern that Python would not read. Not read either: conversions (!r), thousands'
  /// separators, and formats within formats.
  explicit CheckpointName(std::string_view pattern);

  /// The names of its numbers.
  std::vector<std::string> names() const;
  /// The name at an epoch, or at a step in it, that have these numbers, from 1. Error, with the
  /// known names, for a number that there is not.
  std::string at(int64_t epoch, std::optional<int64_t> step, const Logs& logs) const;

 private:
  struct Format {
    char fill = ' ', align = '>', sign = '-';
    bool is_alternate = false;
    int width = 0;
    std::optional<int> precision = {};
    char type = 0;  ///< 0: none
  };
  /// A text, then a number unless its name is empty.
  struct Part {
    std::string text = {}, name = {};
    Format format = {};
  };

  static Format read_format(std::string_view text, const std::string& name);
  static std::string written(const Format& format, int64_t number);
  static std::string written(const Format& format, double number);
  static std::string sign_of(const Format& format, bool is_negative);
  /// `prefix` is a sign and what tells a base.
  static std::string padded(const Format& format, const std::string& prefix,
                            const std::string& digits);

  std::vector<Part> parts_;
};

}  // namespace cornu::inline v0
