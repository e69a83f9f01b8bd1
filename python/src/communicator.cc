#include "communicator.h"

#include <utility>

namespace cornu::python {
namespace {

// Python's headers name them from 3.11 on.
enum Access : int { kRead = 0x100, kWrite = 0x200 };

// A view of memory, which may have no bytes and no place.
nb::object view_of_memory(const std::byte* bytes, size_t size, Access access) {
  static char nowhere = 0;
  char* const memory =
      size == 0 ? &nowhere : const_cast<char*>(reinterpret_cast<const char*>(bytes));
  return nb::steal(PyMemoryView_FromMemory(memory, static_cast<Py_ssize_t>(size), access));
}

// (rank, memoryview) of each message.
template <class Messages>
nb::list messages_of(const Messages& messages, Access access) {
  nb::list list;
  for (const auto& [rank, bytes] : messages) {
    list.append(nb::make_tuple(rank, view_of_memory(bytes.data(), bytes.size(), access)));
  }
  return list;
}

}  // namespace

PythonCommunicator::PythonCommunicator(nb::object processes)
    : processes_(hold(std::move(processes))),
      rank_(nb::cast<int>(processes_->attr("rank"))),
      size_(nb::cast<int>(processes_->attr("size"))) {}

void PythonCommunicator::exchange(std::span<const Outgoing> out, std::span<const Incoming> in) {
  if (size_ == 1) return;
  const nb::gil_scoped_acquire gil;
  processes_->attr("exchange")(messages_of(out, kRead), messages_of(in, kWrite));
}

void PythonCommunicator::abort(int status) {
  const nb::gil_scoped_acquire gil;
  processes_->attr("abort")(status);
}

void PythonCommunicator::end() {
  processes_->attr("end")();
}

std::shared_ptr<PythonCommunicator> communicator_from(nb::object processes) {
  return processes.is_none() ? nullptr : std::make_shared<PythonCommunicator>(std::move(processes));
}

}  // namespace cornu::python
