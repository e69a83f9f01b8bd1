#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace cornu::inline v0 {

/// What a progress line is written to, piece by piece: a step allocates nothing.
class ProgressOutput {
 public:
  /// What would go beyond `limit` columns is left out.
  explicit ProgressOutput(size_t limit = SIZE_MAX) : limit_(limit) {}
  ProgressOutput(const ProgressOutput&) = delete;
  ProgressOutput& operator=(const ProgressOutput&) = delete;
  virtual ~ProgressOutput() = default;

  /// Text in UTF-8, a column for each character.
  void append(std::string_view text) {
    size_t size = 0;
    for (; size < text.size(); ++size) {
      const bool begins = (static_cast<unsigned char>(text[size]) & 0xC0U) != 0x80U;
      if (begins && columns_ == limit_) break;
      columns_ += begins ? 1 : 0;
    }
    write(text.substr(0, size));
  }
  void append(std::string_view text, size_t times) {
    for (size_t i = 0; i < times; ++i) append(text);
  }
  /// Codes that a terminal obeys; they take no column.
  void control(std::string_view code) { write(code); }

  size_t columns() const { return columns_; }

 private:
  virtual void write(std::string_view text) = 0;

  const size_t limit_;
  size_t columns_ = 0;
};

/// Counts the columns alone.
class ProgressColumns final : public ProgressOutput {
 private:
  void write(std::string_view) override {}
};

class ProgressString final : public ProgressOutput {
 public:
  std::string text;

 private:
  void write(std::string_view more) override { text += more; }
};

/// A fixed buffer in front of a stream.
class ProgressStream final : public ProgressOutput {
 public:
  explicit ProgressStream(std::ostream& stream, size_t limit = SIZE_MAX)
      : ProgressOutput(limit), stream_(stream) {}

  void flush() {
    pass_on();
    stream_.flush();
  }
  void end_line() {
    control("\n");
    flush();
  }

 private:
  void write(std::string_view text) override {
    while (!text.empty()) {
      if (held_ == buffer_.size()) pass_on();
      const size_t count = text.copy(buffer_.data() + held_, buffer_.size() - held_);
      held_ += count;
      text.remove_prefix(count);
    }
  }
  void pass_on() {
    stream_.write(buffer_.data(), static_cast<std::streamsize>(held_));
    held_ = 0;
  }

  std::ostream& stream_;
  size_t held_ = 0;
  std::array<char, 256> buffer_;
};

}  // namespace cornu::inline v0
