#pragma once

#include <memory>

#include "bindings.h"
#include "cornu/core/communicator.h"
#include "held.h"

namespace cornu::python {

/// The communicator of a Python object, which has `rank` and `size` and carries out the messages of
/// an exchange (cornu/keras/_processes.py). The thread that called fit calls it.
class PythonCommunicator final : public Communicator {
 public:
  explicit PythonCommunicator(nb::object processes);

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override;
  void abort(int status) override;

  /// Tells Python that all processes have come to the end of the fit. With the GIL.
  void end();

 private:
  const Held processes_;
  const int rank_, size_;
};

/// Null for None.
std::shared_ptr<PythonCommunicator> communicator_from(nb::object processes);

}  // namespace cornu::python
