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

const char* const kOwnDataProgram = R"(#include <iostream>
#include "cornu/cornu.h"
using namespace cornu;

int main() {
  const auto [train, test] = datasets::table("points.csv", {.label = "group"});
  Sequential model({Dense(32, "relu"), Dense(3, "softmax")});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(train, {.epochs = 50, .validation_data = test});
  model.save("groups.keras");

  // Later: rows without a group, their columns in any order.
  const Model trained = load_model("groups.keras");
  const Tensor rows = datasets::table_inputs("new.csv", trained.card().preprocessing);
  const Tensor classes = trained.predict_classes(rows);
  for (int64_t i = 0; i < classes.size(); ++i) {
    std::cout << trained.card().class_names[static_cast<size_t>(classes.at(i))] << "\n";
  }
}
)";

std::string own_data_help() {
  return "The command trains on your own files:\n\n"
         "    cornu train houses.csv          a table, CSV or TSV; --label COLUMN is predicted\n"
         "    cornu train numbers.npz         x_train, y_train, x_test, y_test as numpy.savez "
         "wrote them\n"
         "    cornu train photos/             a folder of pictures for each class, "
         "photos/cats/1.jpg\n"
         "    cornu train my_digits/          a folder of IDX files as MNIST has them\n"
         "    cornu show houses.csv --stats   what is in them, before anything is trained\n\n"
         "and its models read others of the same kind:\n\n"
         "    cornu predict runs/latest new.csv -o predictions.csv\n"
         "    cornu evaluate runs/latest labelled.csv\n\n"
         "Integer labels are classes, floats are numbers to be predicted. Without a test part, a "
         "fifth of\neach class validates; --validation-split says how much.\n\n"
         "In C++ a table, and later rows for the model that was trained on it:\n\n" +
         indented(kOwnDataProgram) +
         "\ndatasets::picture_folder(\"photos/\") and datasets::read_own_files(\"numbers.npz\") "
         "read the others.\nNumbers of your own program go into fit as vectors, Eigen matrices or "
         "tensors:\nTensor::of<float>({rows, columns}, values).\n";
}

}  // namespace cornu::inline v0::cli
