// Training on a user's table, and asking for new rows. This program first writes both: points of
// three groups in a plane, some without a number.

#include <array>
#include <cmath>
#include <fstream>
#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

void write_tables() {
  constexpr std::array<const char*, 3> kGroups = {"north", "middle", "south"};
  std::ofstream points("points.csv"), others("new.csv");
  points << "x,y,colour,group\n";
  others << "colour,x,y\n";
  for (int row = 0; row < 600; ++row) {
    const int group = row % 3;
    const double angle = row * 2.4;  // a spiral fills a disc evenly
    const double x = 2 * group + 0.03 * std::sqrt(row) * std::cos(angle);
    const double y = group % 2 + 0.03 * std::sqrt(row) * std::sin(angle);
    const char* const colour = row % 2 == 0 ? "red" : "blue";
    points << x << "," << (row % 50 == 0 ? "" : std::to_string(y)) << "," << colour << ","
           << kGroups[static_cast<size_t>(group)] << "\n";
    if (row < 6) others << colour << "," << x << "," << y << "\n";
  }
}

int main(int, char**) {  // --short changes nothing
  write_tables();
  // `cornu help own-data` prints:
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
  // The printed lines end here.
  return model.evaluate(test)["accuracy"] > 0.9 ? 0 : 1;
}
