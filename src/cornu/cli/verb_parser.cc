#include "cornu/cli/verb_parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "cornu/cli/field_words.h"
#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/names.h"
#include "cornu/formats/display_width.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr int64_t kMostThreads = 1'024;
constexpr size_t kHelpColumn = 30;
constexpr int kNearest = 3;

[[noreturn]] void fail(ErrorParts parts) {
  throw UsageError{Error(std::move(parts)).what()};
}

[[noreturn]] void wrong_value(const std::string& option, const std::string& expected,
                              const std::string& found) {
  fail({.where = option, .expected = expected, .found = formats::shown(found)});
}

template <class Number>
bool read_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end;
}

// The first `count` of words with ", " between.
std::string first_words(const std::string& words, int count) {
  size_t end = 0;
  while (count-- > 0 && end != std::string::npos) end = words.find(", ", end == 0 ? 0 : end + 1);
  return words.substr(0, end);
}

constexpr int64_t kNarrowestHelp = 50, kWidestHelp = 100;

// The words of a text on lines of at most `width` columns, unless one is longer.
std::string in_lines(std::string_view text, size_t width) {
  std::string lines;
  size_t column = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t size = formats::display_width(word);
    const bool is_new_line = column + size + 1 > width;
    if (column > 0) lines += is_new_line ? '\n' : ' ';
    column = (column == 0 || is_new_line) ? size : column + 1 + size;
    lines += word;
  }
  return lines;
}

size_t help_width() {
  return static_cast<size_t>(std::clamp(terminal_options().width, kNarrowestHelp, kWidestHelp));
}

// CLI11's own text would call a verb's arguments optional, since this file checks them itself.
class HelpText final : public CLI::Formatter {
 public:
  explicit HelpText(std::string usage) : usage_(std::move(usage)) {}
  std::string make_option_desc(const CLI::Option* option) const override {
    return in_lines(option->get_description(), help_width() - kHelpColumn);
  }
  std::string make_usage(const CLI::App*, std::string) const override {
    return "\nUsage: " + usage_ + " [options]\n";
  }

 private:
  std::string usage_;
};

}  // namespace

VerbParser::VerbParser(const std::string& verb, const std::string& arguments,
                       const std::string& sentence, const std::string& examples)
    : verb_(verb),
      app_(std::make_unique<CLI::App>(in_lines(sentence, help_width()), "cornu " + verb)) {
  app_->formatter(
      std::make_shared<HelpText>("cornu " + verb + (arguments.empty() ? "" : " " + arguments)));
  app_->set_help_flag("-h,--help", "Prints this text");
  app_->allow_extras();
  app_->footer("Examples:\n" + examples);
  app_->get_formatter()->column_width(kHelpColumn);
}

VerbParser::~VerbParser() = default;

void VerbParser::optional_positional(const std::string& name, std::string& value,
                                     const std::string& help) {
  app_->add_option(name, value, help)->type_name("");
}

void VerbParser::more_positionals(const std::string& name, std::vector<std::string>& values,
                                  const std::string& help) {
  app_->add_option(name, values, help)->type_name("");
}

void VerbParser::positional(const std::string& name, std::string& value, const std::string& help) {
  CLI::Option* option = app_->add_option(name, value, help);
  option->type_name("");
  positionals_.emplace_back(name, option);
}

void VerbParser::positional_unless(const std::string& instead, const std::string& name,
                                   std::string& value, const std::string& help) {
  positional(name, value, help);
  instead_.emplace_back(name, instead);
}

std::vector<std::string> VerbParser::given() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_->get_options()) {
    if (option->count() > 0) names.push_back(option->get_name());
  }
  return names;
}

void VerbParser::optional_text(const std::string& name, std::optional<std::string>& value,
                               const std::string& type, const std::string& help) {
  CLI::Option* option = app_->add_option_function<std::string>(
      name, [&value](const std::string& text) { value = text; }, help);
  option->type_name(type)->expected(0, 1)->take_last();
  optional_texts_.emplace_back(name, option);
}

void VerbParser::texts(const std::string& name, std::vector<std::string>& values,
                       const std::string& type, const std::string& help) {
  app_->add_option(name, values, help)->type_name(type)->expected(1)->take_all();
}

void VerbParser::whole_valued(const std::string& name, int64_t least, int64_t most,
                              const std::string& help, const std::function<void(int64_t)>& set) {
  valued(name, "N", help, [=](const std::string& text) {
    int64_t value = 0;
    if (read_number(text, value) && value >= least && value <= most) return set(value);
    const bool open = most == std::numeric_limits<int64_t>::max();
    wrong_value(name,
                "a whole number of " + std::to_string(least) +
                    (open ? " or more" : " to " + with_commas(most)),
                text);
  });
}

void VerbParser::real_valued(const std::string& name, const std::string& expected,
                             std::function<bool(double)> is_right, const std::string& help,
                             const std::function<void(double)>& set) {
  valued(name, "X", help, [=](const std::string& text) {
    double value = 0;
    if (read_number(text, value) && std::isfinite(value) && is_right(value)) return set(value);
    wrong_value(name.substr(0, name.find(',')), expected, text);
  });
}

void VerbParser::flag(const std::string& name, bool& value, const std::string& help) {
  app_->add_flag(name, value, help);
}

void VerbParser::part(Part& part, const std::string& help) {
  valued("--part", "test|train", help, [&part](const std::string& text) {
    if (text != "test" && text != "train") wrong_value("--part", "test or train", text);
    part = text == "test" ? Part::test : Part::train;
  });
}

void VerbParser::execution(ExecutionFlags& flags) {
  valued("--threads", "N|auto", "Threads (default auto: as many as make steps fastest)",
         [&flags](const std::string& text) {
           flags.threads = 0;
           if (text == "auto") return;
           if (read_number(text, flags.threads) && flags.threads >= 1 &&
               flags.threads <= kMostThreads) {
             return;
           }
           wrong_value("--threads", "auto, or a whole number of 1 to " + with_commas(kMostThreads),
                       text);
         });
  text("--target", flags.target, "avx512|avx2|neon|portable",
       "Instruction set (default: the best there is)");
  real(
      "--minimum-work", flags.minimum_work, "a number of 0 or more",
      [](double work) { return work >= 0; },
      "FLOPs below which a step stays on one thread (default 2e6)");
  texts("--without", flags.without, "PASS", "Leaves out a pass of the plan; may be repeated");
}

void VerbParser::data_dir(std::string& folder) {
  text("--data-dir", folder, "DIR", "The folder searched first for data sets: DIR/mnist/…");
  app_->add_flag_callback(
      "--offline", [] { ::setenv("CORNU_OFFLINE", "1", 1); },
      "Downloads nothing, as with CORNU_OFFLINE=1: a data set that is nowhere is an error");
}

void VerbParser::label_and_drop(std::string& label, std::vector<std::string>& drop) {
  text("--label", label, "COLUMN",
       "Of a table: the column to be predicted (default: label, else the last)");
  texts("--drop", drop, "COLUMN", "Of a table: a column that is left out; may be repeated");
}

void VerbParser::table(TableFlags& flags) {
  const auto read_into = [&flags](std::optional<std::string>& value) {
    return [&flags, &value](const std::string& text) {
      value = text;
      on_command_line([&] { table_format_of(flags); });
    };
  };
  valued("--delimiter", "CHARACTER",
         "Of a table: what stands between its cells: ';', or comma, semicolon, tab, space, colon, "
         "pipe (default: told by the file)",
         read_into(flags.delimiter));
  valued("--header", "yes|no",
         "Of a table: whether its first line has the names of the columns (default: told by the "
         "file)",
         read_into(flags.header));
}

bool VerbParser::parse(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());
  try {
    app_->parse(arguments);
  } catch (const CLI::CallForHelp&) {
    print(app_->help());
    return false;
  } catch (const CLI::ArgumentMismatch& mismatch) {
    const std::string option =
        std::string(mismatch.what()).substr(0, std::string(mismatch.what()).find(':'));
    refuse_without_value(option);
  } catch (const CLI::ParseError& error) {
    fail({.where = verb_, .what = error.what(), .hint = "`cornu " + verb_ + " --help` shows how"});
  }
  refuse_extras();
  require_positionals();
  return true;
}

void VerbParser::refuse_without_value(const std::string& option) const {
  fail({.where = option,
        .what = "its value is missing",
        .hint = option == "--delimiter"
                    ? "the shell takes ; and | for itself: --delimiter semicolon, --delimiter pipe"
                    : "one that begins with a dash is written as " + option + "=VALUE"});
}

// A data set alone, where a model stands before it, is taken for the model.
void VerbParser::refuse_shifted(const std::string& missing) const {
  const auto& [first, option] = positionals_[0];
  if (missing != "DATASET" || first != "MODEL" || option->count() == 0) return;
  const std::string found = option->results()[0];
  if (!is_dataset_name(found)) return;
  fail({.where = verb_,
        .what = "MODEL is missing",
        .hint = "the model is named first: cornu " + verb_ + " runs/latest " + found});
}

void VerbParser::require_positionals() const {
  std::string hint = "`cornu " + verb_ + " --help` shows how";
  for (const auto& [name, option] : optional_texts_) {
    if (option->count() == 0 || option->results()[0].empty()) continue;
    hint = name + " took " + formats::shown(option->results()[0]) + ": write it behind the others";
  }
  for (const auto& positional : positionals_) {
    const auto& [name, option] = positional;
    if (option->count() > 0 && !option->results()[0].empty()) continue;
    const bool is_replaced = std::ranges::any_of(instead_, [&](const auto& each) {
      return each.first == positional.first && app_->get_option(each.second)->count() > 0;
    });
    if (is_replaced) continue;
    refuse_shifted(name);
    fail({.where = verb_, .what = name + " is missing", .hint = hint});
  }
}

void VerbParser::valued(const std::string& name, const std::string& type, const std::string& help,
                        const std::function<void(const std::string&)>& read) {
  app_->add_option_function<std::string>(name, read, help)->type_name(type)->take_last();
}

void VerbParser::refuse_option(const std::string& name) const {
  std::vector<std::string> known;
  for (const CLI::Option* option : app_->get_options()) {
    for (const std::string& each : option->get_lnames()) known.push_back("--" + each);
  }
  std::string hint = option_hint(verb_, name);
  std::error_code ignored;
  if (hint.empty() && std::filesystem::exists(name, ignored)) {
    hint = "a path that begins with a dash is written as ./" + name;
  }
  if (hint.empty()) {
    hint = "the nearest are " + first_words(nearest_first(name, known), kNearest) + "; `cornu " +
           verb_ + " --help` lists them all";
  }
  fail({.where = verb_, .what = "unknown option " + formats::shown(name), .hint = hint});
}

// -epochs, and epochs=3.
void VerbParser::refuse_other_dashes(const std::string& argument) const {
  const size_t begin = argument.starts_with('-') ? 1 : 0;
  const size_t end = argument.find('=');
  const bool is_word = begin == 0 && end == std::string::npos;
  const std::string option = "--" + argument.substr(begin, end - begin);
  if (is_word || argument.starts_with("--") || app_->get_option_no_throw(option) == nullptr) return;
  fail({.where = verb_,
        .what = "unknown argument " + formats::shown(argument),
        .hint = "an option begins with two dashes: " + option});
}

std::string VerbParser::extra_hint(const std::string& extra) const {
  if (extra.ends_with(".npy")) {
    return "numpy.savez(\"my.npz\", x_train=x, y_train=y) puts arrays into one file";
  }
  std::error_code ignored;
  const bool has_label = app_->get_option_no_throw("--label") != nullptr;
  if (has_label && !is_dataset_name(extra) && !std::filesystem::exists(extra, ignored)) {
    return "--label " + shell_quoted(extra) + " names the column of a table that is predicted";
  }
  return "`cornu " + verb_ + " --help` shows how";
}

void VerbParser::refuse_extras() const {
  std::vector<std::string> extras = app_->remaining();
  std::erase(extras, "--");  // behind it, no argument is an option
  for (const std::string& extra : extras) {
    refuse_other_dashes(extra);
    if (extra.size() > 1 && extra[0] == '-') refuse_option(extra.substr(0, extra.find('=')));
  }
  if (extras.empty()) return;
  fail({.where = verb_,
        .what = "one argument too many, " + formats::shown(extras[0]),
        .hint = extra_hint(extras[0])});
}

}  // namespace cornu::inline v0::cli
