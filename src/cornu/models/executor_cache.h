#pragma once

#include <bit>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// Caches a model's executors and their idle workspaces until the model changes. For each kind
/// (input and target fields, number of sample weights, mode) it keeps the kSizes capacities used
/// last. Safe to use from several threads.
class ExecutorCache {
 public:
  /// An executor for `capacity` to 2·capacity − 1 rows. If none is cached, make(rows) makes one:
  /// rows is `capacity` for the first of a kind, after that `capacity` rounded up to a power of
  /// two, so that batches of many sizes share a few.
  template <class Make>
  std::shared_ptr<const Executor> get(const Spec& spec, Mode mode, int64_t capacity,
                                      const Make& make) {
    const std::lock_guard lock(mutex_);
    const Key key{fields(spec.x), fields(spec.y), spec.weights, mode};
    bool is_first = true;
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (!(entry->key == key)) continue;
      is_first = false;
      if (entry->capacity < capacity || entry->capacity / 2 >= capacity) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->executor;
    }
    const int64_t rows =
        is_first ? capacity : static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(capacity)));
    entries_.push_front({key, rows, make(rows), {}});
    const auto made = entries_.front().executor;
    size_t sizes = 0;
    std::erase_if(entries_,
                  [&](const Entry& entry) { return entry.key == key && ++sizes > kSizes; });
    return made;
  }

  /// A workspace lent until the lease ends, together with its executor.
  class Lease {
   public:
    Lease(ExecutorCache& cache, std::shared_ptr<const Executor> executor,
          std::unique_ptr<Workspace> workspace)
        : cache_(cache), executor_(std::move(executor)), workspace_(std::move(workspace)) {}
    ~Lease() { cache_.give_back(*executor_, std::move(workspace_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Workspace& operator*() { return *workspace_; }

   private:
    ExecutorCache& cache_;
    std::shared_ptr<const Executor> executor_;
    std::unique_ptr<Workspace> workspace_;
  };

  Lease workspace(const std::shared_ptr<const Executor>& executor) {
    {
      const std::lock_guard lock(mutex_);
      for (Entry& entry : entries_) {
        if (entry.executor != executor || entry.idle.empty()) continue;
        auto workspace = std::move(entry.idle.back());
        entry.idle.pop_back();
        return {*this, executor, std::move(workspace)};
      }
    }
    return {*this, executor, executor->make_workspace()};
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
  }

 private:
  static constexpr size_t kSizes = 4;

  struct Key {
    std::vector<std::pair<Shape, InputEncoding>> x, y;
    size_t weights;
    Mode mode;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    int64_t capacity;
    std::shared_ptr<const Executor> executor;
    std::vector<std::unique_ptr<Workspace>> idle;
  };

  static std::vector<std::pair<Shape, InputEncoding>> fields(const std::vector<Field>& from) {
    std::vector<std::pair<Shape, InputEncoding>> list;
    for (const Field& field : from) list.emplace_back(field.shape, field.encoding);
    return list;
  }

  // If the executor is no longer cached, or there is no memory to keep it, the workspace is freed.
  void give_back(const Executor& executor, std::unique_ptr<Workspace> workspace) noexcept {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
      if (entry.executor.get() != &executor) continue;
      try {
        entry.idle.push_back(std::move(workspace));
      } catch (const std::bad_alloc&) {
      }
      return;
    }
  }

  std::mutex mutex_;
  std::list<Entry> entries_;
};

}  // namespace cornu::inline v0
