#include "cornu/mpi/mpi_communicator.h"

#include <cmath>
#include <cstdlib>
#include <exception>
#include <sstream>

#include "cornu/core/error.h"
#include "cornu/mpi/load_module.h"

namespace cornu::inline v0 {
namespace {

constexpr size_t kLargestPart = size_t{1} << 30;  // MPI counts in int

std::string text_of_seconds(double seconds) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << seconds;
  return text.str();
}

class MpiCommunicator final : public Communicator {
 public:
  MpiCommunicator(const MpiModule& module, MpiWorld world, double timeout)
      : module_(module), world_(std::move(world)), timeout_(timeout) {}
  ~MpiCommunicator() override {
    module_.close(has_failed_ || std::uncaught_exceptions() > exceptions_);
  }

  int rank() const override { return world_.rank; }
  int size() const override { return world_.size; }

  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    const MpiFault fault = module_.exchange(out, in, timeout_, kLargestPart);
    if (fault.silent.empty() && fault.text.empty()) return;
    has_failed_ = true;
    if (fault.silent.empty())
      throw Error({.kind = ErrorKind::io, .where = "MPI", .what = fault.text});
    throw silent(fault.silent);
  }

  void abort(int status) override { module_.abort(status); }

 private:
  Error silent(const std::vector<int>& ranks) const {
    std::string names;
    for (size_t i = 0; i < ranks.size(); ++i) {
      if (i > 0) names += i + 1 < ranks.size() ? ", " : " and ";
      names +=
          std::to_string(ranks[i]) + " (host " + world_.hosts[static_cast<size_t>(ranks[i])] + ")";
    }
    return Error(
        {.kind = ErrorKind::io,
         .where = "MPI",
         .field = "timeout",
         .what = (ranks.size() > 1 ? "ranks " : "rank ") + names + " of " +
                 std::to_string(world_.size) + (ranks.size() > 1 ? " have" : " has") +
                 " not answered for " + text_of_seconds(timeout_) + " s",
         .hint = "look there for what stopped it; if it is only slow, set a longer timeout"});
  }

  const MpiModule& module_;
  const MpiWorld world_;
  const double timeout_;
  const int exceptions_ = std::uncaught_exceptions();
  bool has_failed_ = false;
};

void check_seconds(double seconds, const std::string& name) {
  if (seconds > 0) return;
  throw Error({.where = "MPI",
               .field = name,
               .expected = name + " > 0 seconds",
               .found = text_of_seconds(seconds)});
}

MpiWorld started(const MpiModule& module, const std::string& mpi, double timeout) {
  MpiWorld world;
  switch (module.start(timeout, world)) {
    case MpiStart::begun:
      return world;
    case MpiStart::late:
      throw Error({.kind = ErrorKind::io,
                   .where = "MPI",
                   .field = "start_timeout",
                   .what = "not all processes have begun within " + text_of_seconds(timeout) + " s",
                   .hint = "see what each of them prints: one may have ended, or hang"});
    case MpiStart::ended:
      throw Error({.where = "MPI",
                   .what = mpi + " has ended in this process",
                   .hint = "call MPI_Finalize at the end of the program"});
    case MpiStart::one_thread:
      throw Error({.where = "MPI",
                   .what = "this program began " + mpi + " for calls of one thread",
                   .expected = "MPI_Init_thread(…, MPI_THREAD_SERIALIZED, …)"});
  }
  std::abort();
}

}  // namespace

std::shared_ptr<Communicator> mpi_communicator(const MpiOptions& options) {
  check_seconds(options.timeout, "timeout");
  check_seconds(options.start_timeout, "start_timeout");
  const std::optional<Launch> launch = mpi_launch();
  const MpiModule& module = load_mpi_module(launch, options.library);
  const std::string mpi = name_of_mpi(module.mpi);
  MpiWorld world = started(module, mpi, options.start_timeout);
  if (launch && launch->size > 0 && launch->size != world.size) {
    throw Error({.where = "MPI",
                 .what = launch->by + " started " + std::to_string(launch->size) +
                         " processes, and with " + mpi + " each is in a world of " +
                         std::to_string(world.size),
                 .hint = "mpirun and library belong to different MPIs: use mpirun of " + mpi +
                         ", or a module built with the MPI of the launcher"});
  }
  return std::make_shared<MpiCommunicator>(module, std::move(world), options.timeout);
}

}  // namespace cornu::inline v0
