#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/cli/execution.h"
#include "cornu/cli/network_data.h"
#include "cornu/cli/table_flags.h"

// CLI11's class, used only in the source file.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cornu::inline v0::cli {

/// The options of one verb. Values are read here and not by CLI11, so that every message has the
/// same form.
class VerbParser {
 public:
  VerbParser(const std::string& verb, const std::string& arguments, const std::string& sentence,
             const std::string& examples);
  ~VerbParser();
  VerbParser(const VerbParser&) = delete;
  VerbParser& operator=(const VerbParser&) = delete;

  void positional(const std::string& name, std::string& value, const std::string& help);
  /// One that may be left out beside the option `instead`.
  void positional_unless(const std::string& instead, const std::string& name, std::string& value,
                         const std::string& help);
  /// Any number of them, behind the others.
  void more_positionals(const std::string& name, std::vector<std::string>& values,
                        const std::string& help);
  void optional_positional(const std::string& name, std::string& value, const std::string& help);

  template <class Text>
  void text(const std::string& name, Text& value, const std::string& type,
            const std::string& help) {
    valued(name, type, help, [&value](const std::string& text) { value = text; });
  }
  /// One whose value may be left out, and is then empty.
  void optional_text(const std::string& name, std::optional<std::string>& value,
                     const std::string& type, const std::string& help);
  void texts(const std::string& name, std::vector<std::string>& values, const std::string& type,
             const std::string& help);
  /// A number, or one that may be left out.
  template <class Whole>
  void whole(const std::string& name, Whole& value, int64_t least, int64_t most,
             const std::string& help) {
    whole_valued(name, least, most, help, [&value](int64_t number) { value = number; });
  }
  template <class Real>
  void real(const std::string& name, Real& value, const std::string& expected,
            std::function<bool(double)> is_right, const std::string& help) {
    real_valued(name, expected, std::move(is_right), help,
                [&value](double number) { value = number; });
  }
  void flag(const std::string& name, bool& value, const std::string& help);

  // Options that several verbs have.
  void part(Part& part, const std::string& help = "Which samples (default test)");
  void execution(ExecutionFlags& flags);
  void data_dir(std::string& folder);  ///< and --offline
  void label_and_drop(std::string& label, std::vector<std::string>& drop);
  void table(TableFlags& flags);  ///< --delimiter and --header

  /// False when only help was requested, which is then printed.
  bool parse(std::vector<std::string> arguments);
  /// The names of the options and arguments that were given.
  std::vector<std::string> given() const;

 private:
  void valued(const std::string& name, const std::string& type, const std::string& help,
              const std::function<void(const std::string&)>& read);
  void whole_valued(const std::string& name, int64_t least, int64_t most, const std::string& help,
                    const std::function<void(int64_t)>& set);
  void real_valued(const std::string& name, const std::string& expected,
                   std::function<bool(double)> is_right, const std::string& help,
                   const std::function<void(double)>& set);
  void refuse_without_value(const std::string& option) const;
  void refuse_option(const std::string& name) const;
  void refuse_other_dashes(const std::string& argument) const;
  std::string extra_hint(const std::string& extra) const;
  void refuse_extras() const;
  void refuse_shifted(const std::string& missing) const;
  void require_positionals() const;

  std::string verb_;
  std::unique_ptr<CLI::App> app_;
  std::vector<std::pair<std::string, CLI::Option*>> positionals_, optional_texts_;
  std::vector<std::pair<std::string, std::string>> instead_;  ///< of positionals: an option
};

}  // namespace cornu::inline v0::cli
