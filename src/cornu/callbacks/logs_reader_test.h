#pragma once

// Reads a folder of logs as TensorBoard does.

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/file.h"
#include "cornu/formats/event_reader_test.h"

namespace cornu::inline v0 {

/// The events of each tag, in the order in which they were written.
using EventsByTag = std::map<std::string, std::vector<formats::ReadEvent>>;

/// The files of a folder, in the order in which TensorBoard reads them.
inline std::vector<std::string> event_files(const std::string& folder) {
  std::vector<std::string> paths;
  if (!std::filesystem::exists(folder)) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::vector<formats::ReadEvent> events_of_file(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return formats::read_events({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

inline EventsByTag events_by_tag(const std::string& folder) {
  EventsByTag all;
  for (const std::string& path : event_files(folder)) {
    for (const formats::ReadEvent& each : events_of_file(path)) {
      if (each.version.empty()) all[each.tag].push_back(each);
    }
  }
  return all;
}

inline std::vector<std::string> tags(const EventsByTag& events) {
  std::vector<std::string> names;
  for (const auto& [name, list] : events) names.push_back(name);
  return names;
}

inline std::vector<int64_t> steps(const EventsByTag& events, const std::string& tag) {
  std::vector<int64_t> all;
  if (!events.contains(tag)) return all;
  for (const formats::ReadEvent& each : events.at(tag)) all.push_back(each.step);
  return all;
}

inline std::vector<float> values(const EventsByTag& events, const std::string& tag) {
  std::vector<float> all;
  if (!events.contains(tag)) return all;
  for (const formats::ReadEvent& each : events.at(tag)) all.push_back(each.numbers<float>().at(0));
  return all;
}

}  // namespace cornu::inline v0
