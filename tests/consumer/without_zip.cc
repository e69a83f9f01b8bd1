// A library that was built without libzip writes .keras files, and says what it lacks to read one.
#include <cstdio>
#include <string>

#include "cornu/core/error.h"
#include "cornu/layers/dense.h"
#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"

int main() {
  cornu::Sequential model({cornu::Input({3}), cornu::Dense(2)});
  model.save("without_zip.keras");
  std::string said;
  try {
    cornu::load_model("without_zip.keras");
  } catch (const cornu::Error& error) {
    said = error.what();
  }
  std::printf("%s\n", said.c_str());
  return said.find("was made without libzip. Hint: install libzip") == std::string::npos;
}
