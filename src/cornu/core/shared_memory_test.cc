#include "cornu/core/shared_memory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "cornu/core/processes_test.h"

namespace cornu::inline v0 {
namespace shared_memory_test {

TEST(SharedMemory, WhatOneWritesAllSee) {
  run_processes(3, [](const std::shared_ptr<Communicator>& processes) {
    constexpr size_t kSize = 3 * 5000;
    const auto memory = SharedMemory::make(*processes, kSize);
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->size(), kSize);
    const auto rank = static_cast<size_t>(processes->rank());
    const auto is_zero = [](std::byte each) { return each == std::byte{0}; };
    EXPECT_TRUE(
        std::all_of(memory->data() + rank * 5000, memory->data() + (rank + 1) * 5000, is_zero));
    std::memset(memory->data() + rank * 5000, static_cast<int>(rank) + 1, 5000);
    is_true_of_any(*processes, false);  // all have written
    for (size_t i = 0; i < kSize; ++i) EXPECT_EQ(memory->data()[i], std::byte(i / 5000 + 1));
  });
}

TEST(SharedMemory, ThereIsNoneWhereSizesDifferOrItIsNotWanted) {
  run_processes(2, [](const std::shared_ptr<Communicator>& processes) {
    const size_t size = processes->rank() == 0 ? 4096 : 8192;
    EXPECT_EQ(SharedMemory::make(*processes, size), nullptr);
  });
  const WithoutSharedMemory without;
  run_processes(2, [](const std::shared_ptr<Communicator>& processes) {
    EXPECT_EQ(SharedMemory::make(*processes, 4096), nullptr);
  });
}

// More than any machine has.
TEST(SharedMemory, ThereIsNoneWhereMemoryIsMissing) {
  run_processes(2, [](const std::shared_ptr<Communicator>& processes) {
    EXPECT_EQ(SharedMemory::make(*processes, size_t{1} << 50), nullptr);
  });
}

// Once all have it, it has no name that would outlive processes that are killed.
TEST(SharedMemory, LeavesNoFile) {
  run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
    const auto memory = SharedMemory::make(*processes, 4096);
    ASSERT_TRUE(memory);
    is_true_of_any(*processes, false);  // the first has taken its name away
    std::ifstream maps("/proc/self/maps");
    int found = 0;
    for (std::string line; std::getline(maps, line);) {
      if (line.find("/cornu-") == std::string::npos) continue;
      ++found;
      EXPECT_TRUE(line.ends_with("(deleted)")) << line;
    }
    EXPECT_GE(found, 1);
  });
}

/// The first of two processes, whose other one ends after the first message, which is kept.
class LosesTheOther final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 2; }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming>) override {
    if (!sent.empty() || out.empty()) throw std::runtime_error("rank 1 does not answer");
    sent.assign(reinterpret_cast<const char*>(out[0].bytes.data()), out[0].bytes.size());
  }
  void abort(int) override {}

  std::string sent;
};

TEST(SharedMemory, LeavesNoFileIfAProcessFails) {
  LosesTheOther processes;
  EXPECT_THROW(SharedMemory::make(processes, 4096), std::runtime_error);
  const char* const name = processes.sent.c_str();
  ASSERT_EQ(std::string(name).find("/cornu-"), 0U);
  EXPECT_EQ(shm_open(name, O_RDWR, 0), -1);
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace shared_memory_test
}  // namespace cornu::inline v0
