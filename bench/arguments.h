#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

/// A benchmark as its command line names it.
struct Program {
  std::string_view name, usage;

  /// Prints what is wrong and the usage, and ends the process with status 2.
  [[noreturn]] void refuse(const std::string& what) const {
    std::fprintf(stderr, "%.*s: %s\n%.*s", static_cast<int>(name.size()), name.data(), what.c_str(),
                 static_cast<int>(usage.size()), usage.data());
    std::exit(2);
  }

  /// The number that an option's value is; refused below `least`.
  template <class T>
  T number(std::string_view option, std::string_view text, T least) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Written so that NaN is an error.
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= least)) {
      refuse(std::string(option) + ": a number from " + std::to_string(least) + ", got \"" +
             std::string(text) + "\"");
    }
    return value;
  }
};
