#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "cornu/core/file.h"

namespace cornu::inline v0 {

/// A new folder for the files of one test, removed with them.
class TestFolder {
 public:
  TestFolder() {
    path_ = (std::filesystem::temp_directory_path() / "cornu-report-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string text(const std::string& name) const {
    const auto bytes = read_file(file(name));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  std::string path_;
};

}  // namespace cornu::inline v0
