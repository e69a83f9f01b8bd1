// libcornu_mpi_openmpi.so and libcornu_mpi_mpich.so: this file, compiled for each MPI. It links
// nothing of Cornu.

#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "cornu/mpi/module_internal.h"

namespace cornu::inline v0 {
namespace {

#ifdef OPEN_MPI
constexpr const char* kMpi = "openmpi";
#else
constexpr const char* kMpi = "mpich";
#endif

enum Tag : int { kMessage, kQuestion, kAnswer };

struct State {
  MPI_Comm messages = MPI_COMM_NULL;
  MPI_Comm inquiries = MPI_COMM_NULL;
  MpiWorld world;
  int inquiries_made = 0;
  bool failed = false, closed = false;
};
State state;

std::string text_of(int code) {
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  return {text, static_cast<size_t>(length)};
}

class Clock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Between two looks for messages. Who waits shortly answers fast; who waits long leaves the CPU to
// those who have work, which may be the very process that it waits for.
constexpr double kSpin = 20e-6, kYield = 20e-3;
constexpr std::chrono::microseconds kSleep(50);

void pause(double waited) {
  if (waited < kSpin) return;
  if (waited < kYield) {
    sched_yield();
  } else {
    std::this_thread::sleep_for(kSleep);
  }
}

// A rank that has waited in vain asks the ranks that it waits for. Those that wait in an exchange,
// too, answer for whom, and are asked next. So all find the same ranks: those that do not answer.
class Inquiry {
 public:
  // Answers those who ask this rank.
  void reply(const std::vector<int>& awaited) {
    MPI_Status status;
    while (has(kQuestion, status)) {
      std::vector<int> answer = {receive(status)[0]};
      answer.insert(answer.end(), awaited.begin(), awaited.end());
      alive_.insert(status.MPI_SOURCE);
      send(status.MPI_SOURCE, kAnswer, std::move(answer));
    }
  }

  void ask(const std::vector<int>& ranks) {
    for (const int rank : ranks) {
      if (rank != state.world.rank && asked_.insert(rank).second) {
        send(rank, kQuestion, {number_});
      }
    }
  }

  void collect() {
    MPI_Status status;
    while (has(kAnswer, status)) {
      const std::vector<int> answer = receive(status);
      if (answer[0] != number_) continue;  // of an earlier inquiry, whose ranks came in the end
      answered_.insert(status.MPI_SOURCE);
      alive_.insert(status.MPI_SOURCE);
      ask({answer.begin() + 1, answer.end()});
    }
  }

  std::vector<int> silent() const {
    std::vector<int> ranks;
    std::set_difference(asked_.begin(), asked_.end(), answered_.begin(), answered_.end(),
                        std::back_inserter(ranks));
    return ranks;
  }

  // Whether this rank is the first of those that can tell.
  bool is_first() const { return alive_.empty() || state.world.rank < *alive_.begin(); }

  // Takes what nobody waits for any more: MPI complains of messages that are left at its end.
  static void clear() {
    MPI_Status status;
    for (const Tag tag : {kQuestion, kAnswer}) {
      while (has(tag, status)) receive(status);
    }
  }

 private:
  static bool has(Tag tag, MPI_Status& status) {
    int found = 0;
    return MPI_Iprobe(MPI_ANY_SOURCE, tag, state.inquiries, &found, &status) == MPI_SUCCESS &&
           found != 0;
  }
  static std::vector<int> receive(const MPI_Status& status) {
    int length = 0;
    MPI_Get_count(&status, MPI_INT, &length);
    std::vector<int> numbers(static_cast<size_t>(length));
    MPI_Recv(numbers.data(), length, MPI_INT, status.MPI_SOURCE, status.MPI_TAG, state.inquiries,
             MPI_STATUS_IGNORE);
    return numbers;
  }
  // The receiver may never come, so nobody waits for it and the numbers stay where they are.
  static void send(int rank, Tag tag, std::vector<int> numbers) {
    static std::list<std::vector<int>> sent;
    const std::vector<int>& kept = sent.emplace_back(std::move(numbers));
    MPI_Request request;
    if (MPI_Isend(kept.data(), static_cast<int>(kept.size()), MPI_INT, rank, tag, state.inquiries,
                  &request) == MPI_SUCCESS) {
      MPI_Request_free(&request);
    }
  }

  const int number_ = state.inquiries_made++;
  std::set<int> asked_, answered_, alive_;
};

// Between hosts a message goes in parts that MPI sends at once: up to 64 KiB with Open MPI over
// TCP. A longer one begins with a question whose answer waits behind the data of the other
// direction.
constexpr size_t kSentAtOnce = 60 << 10;

bool is_on_this_host(int rank) {
  const std::vector<std::string>& hosts = state.world.hosts;
  return hosts[static_cast<size_t>(rank)] == hosts[static_cast<size_t>(state.world.rank)];
}

// The parts of messages that are under way.
class Parts {
 public:
  std::string begin(std::span<const Outgoing> out, std::span<const Incoming> in, size_t part) {
    requests_.clear();
    parts_.clear();
    completed_ = 0;
    int code = MPI_SUCCESS;
    for (const Incoming& message : in) {
      each_part(message.rank, message.bytes.size(), part, true, code, [&](size_t first, int size) {
        return MPI_Irecv(message.bytes.data() + first, size, MPI_BYTE, message.rank, kMessage,
                         state.messages, &requests_.back());
      });
    }
    for (const Outgoing& message : out) {
      each_part(message.rank, message.bytes.size(), part, false, code, [&](size_t first, int size) {
        return MPI_Isend(message.bytes.data() + first, size, MPI_BYTE, message.rank, kMessage,
                         state.messages, &requests_.back());
      });
    }
    indices_.resize(parts_.size());
    statuses_.resize(parts_.size());
    return code == MPI_SUCCESS ? "" : text_of(code);
  }

  bool are_complete() const { return completed_ == parts_.size(); }

  // Sees to what has arrived. Returns what is wrong, or nothing.
  std::string test() {
    int count = 0;
    const int code = MPI_Testsome(static_cast<int>(requests_.size()), requests_.data(), &count,
                                  indices_.data(), statuses_.data());
    if (code != MPI_SUCCESS && code != MPI_ERR_IN_STATUS) return text_of(code);
    for (int i = 0; i < count; ++i) {
      const Part& part = parts_[static_cast<size_t>(indices_[static_cast<size_t>(i)])];
      const MPI_Status& status = statuses_[static_cast<size_t>(i)];
      int size = part.size;
      if (code == MPI_ERR_IN_STATUS && status.MPI_ERROR != MPI_SUCCESS) {
        int kind = MPI_SUCCESS;
        MPI_Error_class(status.MPI_ERROR, &kind);
        if (kind != MPI_ERR_TRUNCATE) {
          return "rank " + std::to_string(part.rank) + ": " + text_of(status.MPI_ERROR);
        }
        size = -1;
      } else if (part.is_received) {
        MPI_Get_count(&status, MPI_BYTE, &size);
      }
      if (size != part.size) {
        return "rank " + std::to_string(part.rank) + " sent " +
               (size < 0 ? "more" : std::to_string(size)) + " bytes where rank " +
               std::to_string(state.world.rank) + " expects " + std::to_string(part.size) +
               ": they do not make the same calls";
      }
    }
    completed_ += static_cast<size_t>(std::max(count, 0));
    return {};
  }

  std::vector<int> awaited() const {
    std::set<int> ranks;
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (requests_[i] != MPI_REQUEST_NULL) ranks.insert(parts_[i].rank);
    }
    return {ranks.begin(), ranks.end()};
  }

  // No bytes arrive later in memory that has been given back, as far as MPI can prevent it.
  void cancel() {
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (requests_[i] != MPI_REQUEST_NULL && parts_[i].is_received) MPI_Cancel(&requests_[i]);
    }
    test();
  }

 private:
  struct Part {
    int rank, size;
    bool is_received;
  };

  // Calls start(first, size) for each part; an empty message is one part.
  template <class Start>
  void each_part(int rank, size_t size, size_t part, bool is_received, int& code, Start start) {
    if (!is_on_this_host(rank)) part = std::min(part, kSentAtOnce);
    for (size_t first = 0; code == MPI_SUCCESS && (first < size || first == 0); first += part) {
      const int length = static_cast<int>(std::min(part, size - first));
      requests_.push_back(MPI_REQUEST_NULL);
      parts_.push_back({rank, length, is_received});
      code = start(first, length);
    }
  }

  std::vector<MPI_Request> requests_;
  std::vector<Part> parts_;
  std::vector<int> indices_;
  std::vector<MPI_Status> statuses_;
  size_t completed_ = 0;
};
Parts parts;

MpiFault failed(MpiFault fault) {
  state.failed = true;
  parts.cancel();
  return fault;
}

MpiFault exchange(std::span<const Outgoing> out, std::span<const Incoming> in, double timeout,
                  size_t part) {
  const Clock clock;
  std::optional<Inquiry> inquiry;
  std::string fault = parts.begin(out, in, part);
  while (fault.empty() && !parts.are_complete()) {
    fault = parts.test();
    const double waited = clock.seconds();
    if (waited >= kYield && fault.empty() && !parts.are_complete()) {
      if (!inquiry) inquiry.emplace();
      inquiry->reply(parts.awaited());
      if (waited >= timeout) {
        inquiry->ask(parts.awaited());
        inquiry->collect();
        // The first tells it, and all others end with it.
        const double patience = std::min(1.0, timeout / 2) * (inquiry->is_first() ? 1 : 2);
        if (waited >= timeout + patience) {
          return failed({inquiry->silent(),
                         "all processes wait for each other: they do not make the same calls"});
        }
      }
    }
    pause(waited);
  }
  return fault.empty() ? MpiFault() : failed({{}, fault});
}

void wait_for_all() {
  const Clock clock;
  MPI_Request request;
  int done = MPI_Ibarrier(state.inquiries, &request) == MPI_SUCCESS ? 0 : 1;
  while (done == 0) {
    if (MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return;
    pause(clock.seconds());
  }
  Inquiry::clear();
}

void abort(int status) {
  std::cout.flush();
  std::fflush(nullptr);
  // The launcher passes on what the processes print. MPICH's drops what has not reached it yet.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void close(bool failed) {
  if (failed) {
    state.failed = true;
  } else if (!state.failed) {
    wait_for_all();
    state.closed = true;
  }
}

// Begins MPI and, at the end of the process, ends it, on a thread of its own: MPI asks that one
// thread does both, and the caller must not hang in MPI_Init with ranks that do not come.
class Life {
 public:
  // Returns whether MPI has begun in time.
  bool begin(double timeout) {
    // Nobody joins it where MPI_Init does not return.
    std::thread([this] { live(); }).detach();
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::duration<double>(std::min(timeout, 1e9)),
                             [this] { return has_begun_; });
  }
  void end() {
    std::unique_lock lock(mutex_);
    ends_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return has_ended_; });
  }
  bool has_begun() {
    const std::lock_guard lock(mutex_);
    return has_begun_;
  }

 private:
  void live() {
    int threads = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &threads);
    std::unique_lock lock(mutex_);
    has_begun_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return ends_; });
    MPI_Finalize();
    has_ended_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_begun_ = false, ends_ = false, has_ended_ = false;
};

// Never destroyed: its thread may outlive all objects.
Life& life() {
  static Life* const life = new Life;
  return *life;
}

// The end of the process, after the message of an error has been printed. MPI_Finalize would wait
// for processes that wait for this one.
void at_exit(int status, void*) {
  if (!life().has_begun()) {
    std::cout.flush();
    std::fflush(nullptr);
    std::_Exit(status);
  }
  int has_ended = 0;
  MPI_Finalized(&has_ended);
  if (has_ended != 0) return;
  if (state.world.size > 1 && (state.failed || (!state.closed && status != 0))) {
    abort(status == 0 ? EXIT_FAILURE : status);
  }
  if (state.world.size > 1 && !state.closed) wait_for_all();
  life().end();
}

MpiStart start(double timeout, MpiWorld& world) {
  if (state.world.size > 0) {
    world = state.world;
    return MpiStart::begun;
  }
  int is_begun = 0, has_ended = 0;
  MPI_Initialized(&is_begun);
  MPI_Finalized(&has_ended);
  if (has_ended != 0) return MpiStart::ended;
  if (is_begun == 0) {
    const bool in_time = life().begin(timeout);
    // Now: before what MPI itself does at the end of the process.
    on_exit(at_exit, nullptr);
    if (!in_time) return MpiStart::late;
  }
  int threads = 0;
  MPI_Query_thread(&threads);
  if (threads < MPI_THREAD_SERIALIZED) return MpiStart::one_thread;
  MPI_Comm_dup(MPI_COMM_WORLD, &state.messages);
  MPI_Comm_dup(MPI_COMM_WORLD, &state.inquiries);
  MPI_Comm_rank(state.messages, &world.rank);
  MPI_Comm_size(state.messages, &world.size);
  char name[MPI_MAX_PROCESSOR_NAME] = {};
  int length = 0;
  MPI_Get_processor_name(name, &length);
  std::vector<char> names(sizeof name * static_cast<size_t>(world.size));
  MPI_Allgather(name, sizeof name, MPI_CHAR, names.data(), sizeof name, MPI_CHAR, state.messages);
  for (size_t at = 0; at < names.size(); at += sizeof name) world.hosts.push_back(&names[at]);
  char version[MPI_MAX_LIBRARY_VERSION_STRING];
  MPI_Get_library_version(version, &length);
  world.version = {version, static_cast<size_t>(length)};
  // From here on a fault is an Error.
  MPI_Comm_set_errhandler(state.messages, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(state.inquiries, MPI_ERRORS_RETURN);
  state.world = world;
  return MpiStart::begun;
}

}  // namespace
}  // namespace cornu::inline v0

extern "C" __attribute__((visibility("default"))) const cornu::MpiModule* cornu_mpi_module() {
  static const cornu::MpiModule module = {CORNU_MPI_MODULE, cornu::kMpi,  cornu::start,
                                          cornu::exchange,  cornu::close, cornu::abort};
  return &module;
}
