#include "counted_malloc.h"

#include <execinfo.h>
#include <malloc.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace {

std::atomic<int64_t> count{0};
std::atomic<bool> armed{false};
std::array<void*, 24> calls{};
std::atomic<int> num_calls{0};

// Allocations on this thread until one fails, and how many do then.
thread_local int64_t until_failure = -1;
thread_local int64_t failures_left = 0;
thread_local bool has_failed = false;

bool fails_now() {
  if (failures_left == 0 || until_failure-- > 0) return false;
  until_failure = 0;
  --failures_left;
  has_failed = true;
  errno = ENOMEM;
  return true;
}

void count_one() {
  count.fetch_add(1, std::memory_order_relaxed);
  if (armed.exchange(false)) {
    num_calls = ::backtrace(calls.data(), static_cast<int>(calls.size()));
  }
}

}  // namespace

// operator new, in all its forms, calls malloc or aligned_alloc. Shared libraries have to find
// these too.
#pragma GCC visibility push(default)
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) noexcept {
  count_one();
  return fails_now() ? nullptr : __libc_malloc(size);
}
void* calloc(size_t many, size_t size) noexcept {
  count_one();
  return fails_now() ? nullptr : __libc_calloc(many, size);
}
void* realloc(void* old, size_t size) noexcept {
  count_one();
  return fails_now() ? nullptr : __libc_realloc(old, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
  count_one();
  return fails_now() ? nullptr : __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
  count_one();
  return fails_now() ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
  count_one();
  *memory = fails_now() ? nullptr : __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}
#pragma GCC visibility pop

namespace cornu::inline v0 {

FailingAllocations::FailingAllocations(int64_t first, int64_t many) {
  has_failed = false;
  until_failure = first;
  failures_left = many;
}

FailingAllocations::~FailingAllocations() {
  failures_left = 0;
}

bool FailingAllocations::any() {
  return has_failed;
}

int64_t allocations_so_far() {
  return count;
}

void remember_next_allocation() {
  ::backtrace(calls.data(), 1);  // allocates at its first call
  num_calls = 0;
  armed = true;
}

std::string remembered_allocation() {
  std::string text;
  const std::unique_ptr<char*, void (*)(void*)> names(::backtrace_symbols(calls.data(), num_calls),
                                                      std::free);
  for (int i = 0; i < num_calls; ++i) text += std::string("\n    ") + names.get()[i];
  return text.empty() ? text : "; addr2line -Cfie names the calls:" + text;
}

}  // namespace cornu::inline v0
