// Reads every column of a CSV or TSV file, and prints the seconds of each time as JSON.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "cornu/core/error.h"
#include "cornu/datasets/table_reader.h"

namespace {

constexpr Program kProgram = {"read_table", "usage: read_table FILE.csv [TIMES]\n"};

double seconds_of_read(const std::string& path) {
  const auto begin = std::chrono::steady_clock::now();
  cornu::datasets::TableReader reader(path);
  std::vector<cornu::datasets::ColumnChoice> all;
  for (const std::string& each : reader.names()) all.push_back({each});
  const cornu::datasets::Table table = reader.read(all);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return seconds.count();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2 || count > 3) kProgram.refuse("a file, and how many times it is read");
  const int times = count > 2 ? kProgram.number<int>("TIMES", arguments[2], 1) : 1;
  try {
    std::printf("[");
    for (int i = 0; i < times; ++i) {
      std::printf("%s%.4f", i == 0 ? "" : ", ", seconds_of_read(arguments[1]));
    }
    std::printf("]\n");
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
