// How long an exchange takes, beside MPI_Sendrecv of the same MPI: each process sends to the next
// and receives from the one before. In turn, medians.
//     mpirun.openmpi -n 2 build/bench/exchange_openmpi
//     mpirun.mpich -n 2 build/bench/exchange_mpich

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/mpi/mpi_communicator.h"

using namespace cornu;

namespace {

using Clock = std::chrono::steady_clock;

// Microseconds per call.
template <class Call>
double microseconds(int calls, Call call) {
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < calls; ++i) call();
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count() / calls;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
  return values[values.size() / 2];
}

int measure() {
  const std::shared_ptr<Communicator> all = mpi_communicator();
  const int right = (all->rank() + 1) % all->size();
  const int left = (all->rank() + all->size() - 1) % all->size();
  if (all->rank() == 0)
    std::printf("%10s %14s %14s %6s\n", "bytes", "exchange, us", "Sendrecv, us", "ratio");
  for (const int size : {4, 4'000, 200'000, 7'500'000}) {
    std::vector<std::byte> sent(static_cast<size_t>(size)), received(sent.size());
    const Outgoing out = {right, sent};
    const Incoming in = {left, received};
    const auto exchange = [&] { all->exchange({&out, 1}, {&in, 1}); };
    const auto sendrecv = [&] {
      MPI_Sendrecv(sent.data(), size, MPI_BYTE, right, 0, received.data(), size, MPI_BYTE, left, 0,
                   MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    };
    const int calls = std::clamp(20'000'000 / (size + 10'000), 3, 500);
    microseconds(calls, exchange), microseconds(calls, sendrecv);
    std::vector<double> ours, theirs;
    for (int round = 0; round < 31; ++round) {
      ours.push_back(microseconds(calls, exchange));
      theirs.push_back(microseconds(calls, sendrecv));
    }
    if (all->rank() == 0) {
      std::printf("%10d %14.2f %14.2f %6.2f\n", size, median(ours), median(theirs),
                  median(ours) / median(theirs));
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int threads = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_SERIALIZED, &threads);
  int status = 1;
  try {
    status = measure();
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    MPI_Abort(MPI_COMM_WORLD, status);
  }
  MPI_Finalize();
  return status;
}
