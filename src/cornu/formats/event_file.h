#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/export.h"
#include "cornu/core/file.h"

namespace cornu::inline v0::formats {

/// Writes a file that TensorBoard reads: events, each a value at a step under a tag, as TensorFlow
/// 2 and Keras 3 write them; docs/formats/tensorboard.md has their bytes. Each event is written at
/// once and is in the file when its call returns: a reader, even after the process was killed,
/// finds whole records and at most one that is cut off at the end.
///
/// Tags are UTF-8; other bytes in them become U+FFFD. Serves one thread at a time.
class CORNU_API EventFileWriter {
 public:
  /// Makes the folder, and in it a new file: events.out.tfevents.SECONDS.HOST.PROCESS.NUMBER.v2.
  /// Error when that is not possible.
  explicit EventFileWriter(const std::string& folder, FileSystem& files = system_files());
  ~EventFileWriter();
  EventFileWriter(const EventFileWriter&) = delete;
  EventFileWriter& operator=(const EventFileWriter&) = delete;

  const std::string& path() const { return path_; }

  // Each of these is an Error when the event cannot be written, a full disk for example. The file
  // is then closed, the events before are in it, and every later call is an Error too.

  /// A number, kept as float32; past the largest it is infinite.
  void scalar(std::string_view tag, int64_t step, double value);
  /// How the values are distributed: histogram() of them.
  void histogram(std::string_view tag, int64_t step, std::span<const float> values);
  /// Pictures of one size, each the bytes of a PNG file.
  void images(std::string_view tag, int64_t step, int64_t width, int64_t height,
              std::span<const std::string> pngs);
  /// A network for the page Graphs, as Keras's model.to_json() describes it: tag "keras", step 0.
  void keras_graph(std::string_view json);

  /// Ends the file. Error when the system reports one.
  void close();

 private:
  void append(const std::string& event);

  std::string path_;
  FileSystem& files_;
  int file_ = -1;
};

}  // namespace cornu::inline v0::formats
