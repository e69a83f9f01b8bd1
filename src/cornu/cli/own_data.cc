#include "cornu/cli/own_data.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cornu/cli/usage_error.h"
#include "cornu/datasets/catalogue.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

std::string set_names() {
  std::string names;
  for (const datasets::DatasetEntry& each : datasets::catalogue()) {
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return names;
}

// The text with each line indented.
std::string indented(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    all += (end > 1 ? "    " : "") + std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  return all;
}

}  // namespace

const char* const kOwnDataProgram = R"(#include <fstream>
#include "cornu/cornu.h"
using namespace cornu;

int main() {
  std::ifstream table("my.csv");  // lines such as 0.5,1.25,2: numbers, the class (from 0) last
  constexpr int64_t kColumns = 2, kClasses = 3;
  std::vector<float> x;
  std::vector<int32_t> y;
  for (float value; table >> value; table.ignore()) {
    const bool is_class = (x.size() + y.size()) % (kColumns + 1) == kColumns;
    is_class ? y.push_back(static_cast<int32_t>(value)) : x.push_back(value);
  }
  const auto rows = static_cast<int64_t>(y.size());
  Sequential model({Dense({.units = 32, .activation = "relu"}),
                    Dense({.units = kClasses, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(Tensor::of<float>({rows, kColumns}, x), Tensor::of<int32_t>({rows}, y),
            {.epochs = 50, .validation_split = 0.2});
  model.save("own.safetensors");
}
)";

const char* const kOwnSampleProgram = R"(#include <iostream>
#include "cornu/cornu.h"
using namespace cornu;

int main() {
  const Model trained = load_model("own.safetensors");
  const std::vector<float> sample = {0.5, 1.25};  // as in training: there, bytes were byte / 255
  std::cout << trained.predict_classes(Tensor::of<float>({1, 2}, sample)).at(0) << "\n";
}
)";

std::string own_data_help() {
  return "The command trains on the sets that it knows: " + set_names() +
         ". In C++ any numbers will do; a table, say:\n\n" + indented(kOwnDataProgram) +
         "\nImages go the same way: decode them with any library into floats from 0 to 1, give fit "
         "\nTensor::of<float>({rows, height, width}, pixels), and begin the network with "
         "Flatten().\nThe class of a new sample:\n\n" +
         indented(kOwnSampleProgram);
}

bool looks_like_own_data(std::string_view argument) {
  constexpr std::array<std::string_view, 16> kEndings = {
      ".csv", ".tsv", ".txt", ".npz", ".npy", ".png",     ".jpg", ".jpeg",
      ".bmp", ".gif", ".gz",  ".zip", ".h5",  ".parquet", ".mat", ".json"};
  std::error_code ignored;
  return argument.find('/') != std::string_view::npos ||
         std::ranges::any_of(kEndings, [&](auto each) { return argument.ends_with(each); }) ||
         std::filesystem::exists(std::filesystem::path(argument), ignored);
}

void refuse_own_data(const std::string& where, std::string_view argument, OwnDataFor purpose) {
  const bool trains = purpose == OwnDataFor::training;
  const Error error({.kind = ErrorKind::unsupported,
                     .where = where,
                     .what = formats::shown(argument) + " is no data set that the command can read",
                     .expected = "one of " + set_names(),
                     .hint = trains
                                 ? "C++ can train on your data; this program reads a table:"
                                 : "C++ can predict your data; this program predicts one sample:"});
  throw UsageError{error.what() +
                   ("\n\n" + indented(trains ? kOwnDataProgram : kOwnSampleProgram))};
}

}  // namespace cornu::inline v0::cli
