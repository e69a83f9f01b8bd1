// Training on a user's table: numbers separated by commas, the class in the last column. This
// program first writes such a table: points around three centres in a plane.

#include <cmath>
#include <fstream>
#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

void write_table(const char* path) {
  std::ofstream table(path);
  for (int row = 0; row < 600; ++row) {
    const int label = row % 3;
    const double angle = row * 2.4;  // a spiral fills a disc evenly
    const double radius = 0.03 * std::sqrt(row);
    table << 2 * label + radius * std::cos(angle) << "," << label % 2 + radius * std::sin(angle)
          << "," << label << "\n";
  }
}

int main(int, char**) {  // --short changes nothing
  write_table("my.csv");
  // `cornu help own-data` prints:
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
  // The printed lines end here. It also prints:
  const Model trained = load_model("own.safetensors");
  const std::vector<float> sample = {0.5, 1.25};  // as in training: there, bytes were byte / 255
  std::cout << trained.predict_classes(Tensor::of<float>({1, 2}, sample)).at(0) << "\n";
  // These lines end here.
  const Logs logs =
      model.evaluate(Tensor::of<float>({rows, kColumns}, x), Tensor::of<int32_t>({rows}, y));
  return logs["accuracy"] > 0.9 ? 0 : 1;
}
