#pragma once

// Processes of a test: threads of this one that exchange messages through its memory.

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "cornu/core/communicator.h"

namespace cornu::inline v0 {

/// Messages on their way, in order, by sender and receiver.
class Messages {
 public:
  void send(int from, int to, std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    queues_[{from, to}].emplace(bytes.begin(), bytes.end());
    arrived_.notify_all();
  }
  void receive(int from, int to, std::span<std::byte> bytes) {
    std::unique_lock lock(mutex_);
    auto& queue = queues_[{from, to}];
    if (!arrived_.wait_for(lock, std::chrono::seconds(60), [&] { return !queue.empty(); })) {
      throw std::runtime_error("no message from " + std::to_string(from));
    }
    if (queue.front().size() != bytes.size()) throw std::runtime_error("a message of another size");
    if (!bytes.empty()) std::memcpy(bytes.data(), queue.front().data(), bytes.size());
    queue.pop();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::pair<int, int>, std::queue<std::vector<std::byte>>> queues_;
};

class ThreadAsProcess final : public Communicator {
 public:
  ThreadAsProcess(Messages& messages, int rank, int size)
      : messages_(messages), rank_(rank), size_(size) {}
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    for (const Outgoing& each : out) messages_.send(rank_, each.rank, each.bytes);
    for (const Incoming& each : in) messages_.receive(each.rank, rank_, each.bytes);
  }
  void abort(int) override { throw std::runtime_error("aborted"); }

 private:
  Messages& messages_;
  int rank_, size_;
};

/// While this lives, processes exchange messages only.
class WithoutSharedMemory {
 public:
  WithoutSharedMemory() { setenv("CORNU_SHARED_MEMORY", "0", 1); }
  ~WithoutSharedMemory() { unsetenv("CORNU_SHARED_MEMORY"); }
  WithoutSharedMemory(const WithoutSharedMemory&) = delete;
  WithoutSharedMemory& operator=(const WithoutSharedMemory&) = delete;
};

/// Runs main(communicator) as so many processes, and rethrows the first exception.
inline void run_processes(int count,
                          const std::function<void(std::shared_ptr<Communicator>)>& main) {
  Messages messages;
  std::vector<std::exception_ptr> failed(static_cast<size_t>(count));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < count; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        main(std::make_shared<ThreadAsProcess>(messages, rank, count));
      } catch (...) {
        failed[static_cast<size_t>(rank)] = std::current_exception();
      }
    });
  }
  for (std::thread& each : threads) each.join();
  for (const std::exception_ptr& each : failed) {
    if (each) std::rethrow_exception(each);
  }
}

}  // namespace cornu::inline v0
