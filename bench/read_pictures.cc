// Reads a folder of pictures in class folders into memory, and prints the seconds.

#include <chrono>
#include <cstdint>
#include <cstdio>

#include "arguments.h"
#include "cornu/core/error.h"
#include "cornu/datasets/picture_folder.h"

namespace {

constexpr Program kProgram = {"read_pictures", "usage: read_pictures FOLDER SIDE CHANNELS\n"};

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) kProgram.refuse("a folder, a side in pixels and a number of channels");
  const auto side = kProgram.number<int64_t>("SIDE", arguments[2], 1);
  const auto channels = kProgram.number<int64_t>("CHANNELS", arguments[3], 1);
  try {
    const auto begin = std::chrono::steady_clock::now();
    const cornu::DatasetParts parts = cornu::datasets::picture_folder(
        arguments[1], {.height = side, .width = side, .channels = channels});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::printf("%.4f\n", seconds.count());
    return parts.train.size() > 0 ? 0 : 1;
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
