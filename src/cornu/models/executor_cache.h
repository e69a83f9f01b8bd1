#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// The executors a model has made, each kept until the model changes, and their idle workspaces.
/// Safe to use from several threads.
class ExecutorCache {
 public:
  /// The executor for data like `spec` in this mode with room for `capacity` rows; `make` is
  /// called where there is none yet.
  template <class Make>
  const Executor& get(const Spec& spec, Mode mode, int64_t capacity, const Make& make) {
    const std::lock_guard lock(mutex_);
    const Key key{fields(spec.x), fields(spec.y), spec.weights, mode, capacity};
    for (const Entry& entry : entries_) {
      if (entry.key == key) return *entry.executor;
    }
    entries_.push_back({key, make(), {}});
    return *entries_.back().executor;
  }

  /// A workspace lent until the lease ends.
  class Lease {
   public:
    Lease(ExecutorCache& cache, const Executor& executor, std::unique_ptr<Workspace> workspace)
        : cache_(cache), executor_(executor), workspace_(std::move(workspace)) {}
    ~Lease() { cache_.give_back(executor_, std::move(workspace_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Workspace& operator*() { return *workspace_; }

   private:
    ExecutorCache& cache_;
    const Executor& executor_;
    std::unique_ptr<Workspace> workspace_;
  };

  Lease workspace(const Executor& executor) {
    {
      const std::lock_guard lock(mutex_);
      for (Entry& entry : entries_) {
        if (entry.executor.get() != &executor || entry.idle.empty()) continue;
        auto workspace = std::move(entry.idle.back());
        entry.idle.pop_back();
        return {*this, executor, std::move(workspace)};
      }
    }
    return {*this, executor, executor.make_workspace()};
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
  }

 private:
  struct Key {
    std::vector<std::pair<Shape, InputEncoding>> x, y;
    size_t weights;
    Mode mode;
    int64_t capacity;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    std::unique_ptr<Executor> executor;
    std::vector<std::unique_ptr<Workspace>> idle;
  };

  static std::vector<std::pair<Shape, InputEncoding>> fields(const std::vector<Field>& from) {
    std::vector<std::pair<Shape, InputEncoding>> list;
    for (const Field& field : from) list.emplace_back(field.shape, field.encoding);
    return list;
  }

  void give_back(const Executor& executor, std::unique_ptr<Workspace> workspace) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
      if (entry.executor.get() == &executor) entry.idle.push_back(std::move(workspace));
    }
  }

  std::mutex mutex_;
  std::list<Entry> entries_;
};

}  // namespace cornu::inline v0
