#include "cornu/core/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

namespace cornu::inline v0 {
namespace {

/// What the first process tells the others: where the memory is found, until all have it. Without a
/// name there is none.
struct Place {
  char name[48];
  uint64_t size;
};

bool is_wanted() {
  const char* const value = std::getenv("CORNU_SHARED_MEMORY");
  return value == nullptr || std::strcmp(value, "0") != 0;
}

/// An open file of memory, or none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  const int number_;
};

// The memory is taken now: a page that is missing later would end the process.
bool create(Place& place, size_t size) {
  uint64_t number[2];
  if (getentropy(number, sizeof number) != 0) return false;
  std::snprintf(place.name, sizeof place.name, "/cornu-%016" PRIx64 "%016" PRIx64, number[0],
                number[1]);
  place.size = size;
  const Descriptor file(shm_open(place.name, O_CREAT | O_EXCL | O_RDWR, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return false;
  if (posix_fallocate(file.number(), 0, static_cast<off_t>(size)) == 0) return true;
  shm_unlink(place.name);
  return false;
}

/// Takes the name away at its end, also if another process fails before all have the memory.
class Named {
 public:
  explicit Named(const Place& place) : place_(place) {}
  ~Named() {
    if (place_.name[0] != '\0') shm_unlink(place_.name);
  }
  Named(const Named&) = delete;
  Named& operator=(const Named&) = delete;

 private:
  const Place place_;
};

std::byte* map(const Place& place, size_t size) {
  if (place.name[0] == '\0' || place.size != size) return nullptr;
  const Descriptor file(shm_open(place.name, O_RDWR, 0));
  if (!file.is_open()) return nullptr;
  void* const at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  return at == MAP_FAILED ? nullptr : static_cast<std::byte*>(at);
}

}  // namespace

std::unique_ptr<SharedMemory> SharedMemory::make(Communicator& processes, size_t size) {
  Place place = {};
  const bool is_first = processes.rank() == 0;
  if (!is_first || !is_wanted() || !create(place, size)) place.name[0] = '\0';
  const Named made(place);
  broadcast(processes, std::as_writable_bytes(std::span(&place, 1)));
  std::byte* const data = map(place, size);
  std::unique_ptr<SharedMemory> memory(data == nullptr ? nullptr : new SharedMemory(data, size));
  return is_true_of_any(processes, memory == nullptr) ? nullptr : std::move(memory);
}

SharedMemory::~SharedMemory() {
  munmap(data_, size_);
}

}  // namespace cornu::inline v0
