#pragma once

#include <clocale>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <locale>
#include <stdexcept>
#include <string>

namespace cornu::inline v0 {

/// While it exists, numbers have the German form 1.234,5 in the C library (printf, strtod) and in
/// C++ streams. It makes the C library's locale itself, since a small system has none.
class CommaLocale {
 public:
  CommaLocale() : cpp_before_(std::locale()) {
    if (!set()) {
      throw std::runtime_error("the C library does not take a locale with a decimal comma");
    }
    std::locale::global(std::locale(std::locale::classic(), new Numbers));
  }
  ~CommaLocale() {
    std::locale::global(cpp_before_);
    std::setlocale(LC_NUMERIC, "C");
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  static constexpr const char* kName = "xx_XX";

  struct Numbers final : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };

  // glibc's file of a locale's numbers: a magic number, the offset of each field, the fields.
  static bool set() {
    constexpr uint32_t kMagic = 0x20031115U ^ 1U;  // 1: LC_NUMERIC
    constexpr uint32_t kFields = 6;
    constexpr size_t kBegin = 4 * (2 + kFields);
    std::string head;
    std::string fields;
    const auto number = [](std::string& to, uint32_t value) {
      to.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    const auto begin_field = [&] { number(head, static_cast<uint32_t>(kBegin + fields.size())); };
    const auto text = [&](const char* value) {
      begin_field();
      fields.append(value).push_back('\0');
    };
    const auto character = [&](char value) {
      while ((kBegin + fields.size()) % 4 != 0) fields.push_back('\0');
      begin_field();
      number(fields, static_cast<uint32_t>(value));
    };
    number(head, kMagic);
    number(head, kFields);
    text(",");
    text(".");
    text("\3\3");
    character(',');
    character('.');
    text("UTF-8");
    std::string folder = (std::filesystem::temp_directory_path() / "cornu-locale-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return false;
    std::filesystem::create_directory(folder + "/" + kName);
    std::ofstream(folder + "/" + kName + "/LC_NUMERIC", std::ios::binary) << head << fields;
    ::setenv("LOCPATH", folder.c_str(), 1);
    const bool is_taken = std::setlocale(LC_NUMERIC, kName) != nullptr;
    ::unsetenv("LOCPATH");
    std::filesystem::remove_all(folder);
    return is_taken;
  }

  const std::locale cpp_before_;
};

}  // namespace cornu::inline v0
