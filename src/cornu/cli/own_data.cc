#include "cornu/cli/own_data.h"

#include <algorithm>
#include <string_view>

namespace cornu::inline v0::cli {
namespace {

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
  return "The command trains on your own files:\n\n"
         "    cornu train houses.csv       a table, CSV or TSV; --label COLUMN is predicted\n"
         "    cornu train numbers.npz      x_train, y_train, x_test, y_test as numpy.savez wrote "
         "them\n"
         "    cornu train photos/          a folder of pictures for each class, photos/cats/1.jpg\n"
         "    cornu train my_digits/       a folder of IDX files as MNIST has them\n\n"
         "Integer labels are classes, floats are numbers to be predicted. Without a test part, a "
         "fifth of\neach class validates; --validation-split says how much.\n\n"
         "In C++ any numbers will do; a table, say:\n\n" +
         indented(kOwnDataProgram) +
         "\nImages go the same way: decode them with any library into floats from 0 to 1, give fit "
         "\nTensor::of<float>({rows, height, width}, pixels), and begin the network with "
         "Flatten().\nThe class of a new sample:\n\n" +
         indented(kOwnSampleProgram);
}

}  // namespace cornu::inline v0::cli
