#include "cornu/cli/show.h"

#include <algorithm>

#include "cornu/cli/output.h"
#include "cornu/cli/show_data.h"
#include "cornu/cli/show_maps.h"
#include "cornu/cli/usage_error.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr const char* kOfData[] = {"--first", "--columns",   "--stats",  "--label",
                                   "--drop",  "--delimiter", "--header", "--json"};
constexpr const char* kOfMaps[] = {"--sample", "--layers", "--most"};

// Error for an option of the other form.
void refuse_given(const ShowOptions& options, auto& names, const char* form) {
  for (const char* const name : names) {
    if (std::ranges::find(options.given, name) == options.given.end()) continue;
    throw Error({.where = name, .what = std::string("is an option of `cornu show ") + form + "`"});
  }
}

void check_data(const ShowOptions& options) {
  refuse_given(options, kOfMaps, "MODEL IMAGE");
  if (!is_run_or_model(options.data)) return;
  const std::string model = shell_quoted(options.data);
  throw Error({.where = "show",
               .what = formats::shown(options.data) + " is a run or a model, not data",
               .hint = "`cornu show " + model + " IMAGE` draws what its layers make of an image, " +
                       "`cornu summary " + model + "` shows its layers"});
}

// The order of the other verbs.
void check_maps(const ShowOptions& options) {
  refuse_given(options, kOfData, "DATA");
  if (is_run_or_model(options.data) || !is_run_or_model(options.image)) return;
  throw Error({.where = "show",
               .what = formats::shown(options.data) + " is no run or model",
               .hint = "the model is named first, the image behind it"});
}

}  // namespace

int show(const ShowOptions& options) {
  if (options.image.empty()) {
    on_command_line([&] { check_data(options); });
    return show_data({.data = options.data,
                      .data_dir = options.data_dir,
                      .part = options.part,
                      .first = options.first,
                      .columns = options.columns,
                      .stats = options.stats,
                      .label = options.label,
                      .drop = options.drop,
                      .table = options.table,
                      .out = options.out,
                      .json = options.json});
  }
  on_command_line([&] { check_maps(options); });
  const bool has_part = std::ranges::find(options.given, "--part") != options.given.end();
  return show_maps({.model = options.data,
                    .image = options.image,
                    .out = options.out.empty() ? "maps.png" : options.out,
                    .part = has_part ? options.part : Part::test,
                    .sample = options.sample,
                    .layers = options.layers,
                    .most = options.most,
                    .data_dir = options.data_dir});
}

}  // namespace cornu::inline v0::cli
