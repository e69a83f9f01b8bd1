// What the processes of the MPI tests do: mpi_ranks WHAT [TIMEOUT [START_TIMEOUT [LIBRARY]]]. Each
// rank prints "rank R of N: …" at its end; mpi_test.cc counts these lines.

#include <dlfcn.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/mpi/load_module.h"
#include "cornu/mpi/mpi_communicator.h"

using namespace cornu;

namespace {

using Bytes = std::vector<std::byte>;

// Message `number` of one rank to another: bytes that no other message has.
Bytes message(int from, int to, int number, size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>(i * 7 + i / 251 +
                                      static_cast<size_t>(from * 31 + to * 17 + number * 3));
  }
  return bytes;
}

void expect(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(std::string("not so: ") + what);
}

// All ranks send each other messages of these sizes at once.
void all_to_all(Communicator& all, const std::vector<size_t>& sizes) {
  std::vector<Bytes> sent, received;
  std::vector<Outgoing> out;
  std::vector<Incoming> in;
  sent.reserve(sizes.size() * static_cast<size_t>(all.size()));
  received.reserve(sent.capacity());
  for (int number = 0; number < static_cast<int>(sizes.size()); ++number) {
    for (int other = 0; other < all.size(); ++other) {
      if (other == all.rank()) continue;
      sent.push_back(message(all.rank(), other, number, sizes[static_cast<size_t>(number)]));
      out.push_back({other, sent.back()});
      received.emplace_back(sizes[static_cast<size_t>(number)]);
      in.push_back({other, received.back()});
    }
  }
  all.exchange(out, in);
  size_t at = 0;
  for (int number = 0; number < static_cast<int>(sizes.size()); ++number) {
    for (int other = 0; other < all.size(); ++other) {
      if (other == all.rank()) continue;
      const Bytes& bytes = received[at++];
      expect(bytes == message(other, all.rank(), number, bytes.size()), "the bytes that were sent");
    }
  }
}

void exchanges(Communicator& all) {
  all.exchange({}, {});
  all_to_all(all, {0});
  all_to_all(all, {1});
  all_to_all(all, {3'000'000});
  all_to_all(all, {0, 1, 3'000'000, 5, 0, 70'000, 4096, 3'000'001});
  // Of equal size, so that only the order tells them apart.
  all_to_all(all, std::vector<size_t>(100, 8));
  for (int i = 0; i < 100; ++i) all_to_all(all, {static_cast<size_t>(i)});

  Bytes gathered(3 * static_cast<size_t>(all.size()));
  all_gather(all, message(all.rank(), 0, 1, 3), gathered);
  for (int rank = 0; rank < all.size(); ++rank) {
    const Bytes part(gathered.begin() + 3 * rank, gathered.begin() + 3 * rank + 3);
    expect(part == message(rank, 0, 1, 3), "all_gather puts each rank's bytes at its place");
  }
  for (int root = 0; root < all.size(); ++root) {
    Bytes bytes = message(all.rank(), 0, 2, 100'000);
    broadcast(all, bytes, root);
    expect(bytes == message(root, 0, 2, 100'000), "broadcast gives the root's bytes");
  }
}

void meet(Communicator& all) {
  all_to_all(all, {8});
}

// Rank 1 does something else, rank 2 waits for it, rank 3 for rank 2 and so on.
void chain(Communicator& all, const std::function<void()>& something) {
  meet(all);
  const int left = (all.rank() + all.size() - 1) % all.size();
  const int right = (all.rank() + 1) % all.size();
  std::byte in[1], out[1] = {};
  const Outgoing to = {right, out};
  const Incoming from = {left, in};
  if (all.rank() == 1) {
    something();
    all.exchange({&to, 1}, {});
  }
  all.exchange({}, {&from, 1});
  if (all.rank() != 1) all.exchange({&to, 1}, {});
}

const std::map<std::string, std::function<void(Communicator&)>> kJobs = {
    {"exchange", exchanges},
    {"stopped", [](Communicator& all) { chain(all, [] { raise(SIGSTOP); }); }},
    {"asleep", [](Communicator& all) { chain(all, [] { sleep(60); }); }},
    {"slow", [](Communicator& all) { chain(all, [] { usleep(1'800'000); }); }},
    {"killed", [](Communicator& all) { chain(all, [] { raise(SIGKILL); }); }},
    {"throws",
     [](Communicator& all) { chain(all, [] { throw std::runtime_error("own fault"); }); }},
    {"exits", [](Communicator& all) { chain(all, [] { std::exit(7); }); }},
    {"ends", [](Communicator& all) { chain(all, [] { std::exit(0); }); }},
    {"aborts", [](Communicator& all) { chain(all, [&all] { all.abort(5); }); }},
    // Another number of bytes, and two ranks that wait for each other.
    {"unequal",
     [](Communicator& all) {
       meet(all);
       std::byte in[8], out[8] = {};
       const Outgoing to = {1 - all.rank(), {out, all.rank() == 0 ? size_t{8} : size_t{4}}};
       const Incoming from = {1 - all.rank(), {in, 8}};
       all.exchange({&to, 1}, {&from, 1});
       meet(all);
     }},
    {"crossed",
     [](Communicator& all) {
       meet(all);
       std::byte in[8];
       const Incoming from = {1 - all.rank(), in};
       all.exchange({}, {&from, 1});
     }},
    // Rank 0 works longer than the timeout after the last exchange: others wait for its end.
    {"late",
     [](Communicator& all) {
       meet(all);
       if (all.rank() == 0) sleep(2);
       std::cout << "rank " << all.rank() << " has worked" << std::endl;
     }},
    // For signals from outside.
    {"wait",
     [](Communicator& all) {
       meet(all);
       std::cout << "process " + std::to_string(getpid()) + "\n" << std::flush;
       while (true) {
         usleep(1000);
         meet(all);
       }
     }},
};

// Messages in parts of 1,000 bytes, by the module itself.
void parts() {
  const MpiModule& module = load_mpi_module(mpi_launch(), "");
  MpiWorld world;
  expect(module.start(10, world) == MpiStart::begun && world.size == 2, "two processes");
  const int other = 1 - world.rank;
  for (const size_t size : {size_t{0}, size_t{999}, size_t{1000}, size_t{1001}, size_t{123'456}}) {
    const Bytes sent = message(world.rank, other, 1, size),
                second = message(world.rank, other, 2, size);
    Bytes received(size), received_second(size);
    const std::vector<Outgoing> out = {{other, sent}, {other, second}};
    const std::vector<Incoming> in = {{other, received}, {other, received_second}};
    const MpiFault fault = module.exchange(out, in, 10, 1000);
    expect(fault.text.empty() && fault.silent.empty(), "no fault");
    expect(received == message(other, world.rank, 1, size), "the first message");
    expect(received_second == message(other, world.rank, 2, size), "the second message");
  }
  module.close(false);
  std::cout << "rank " + std::to_string(world.rank) + " of 2: done\n";
}

// A program that uses MPI itself: `first`, then what Cornu says.
void after(const std::function<void(void* mpi)>& first) {
  const Launch launch = mpi_launch().value();
  const MpiModule& module = load_mpi_module(launch, "");
  // The functions of MPI are found through the module, which is linked to it.
  Dl_info file;
  expect(dladdr(reinterpret_cast<void*>(module.start), &file) != 0, "the module is a file");
  first(dlopen(file.dli_fname, RTLD_NOW));
  meet(*mpi_communicator());
}

template <class Result, class... Parameters>
void call(void* mpi, const char* name, Parameters... parameters) {
  expect(reinterpret_cast<Result (*)(Parameters...)>(dlsym(mpi, name))(parameters...) == 0, name);
}

void begin_for_one_thread(void* mpi) {
  call<int, int*, char***>(mpi, "MPI_Init", nullptr, nullptr);
}

const std::map<std::string, std::function<void()>> kPrograms = {
    {"parts", parts},
    {"one_thread", [] { after(begin_for_one_thread); }},
    {"ended",
     [] {
       after([](void* mpi) {
         begin_for_one_thread(mpi);
         call<int>(mpi, "MPI_Finalize");
       });
     }},
    {"begun",
     [] {
       void* all = nullptr;
       after([&](void* mpi) {
         int level = 0;
         all = mpi;
         call<int, int*, char***, int, int*>(mpi, "MPI_Init_thread", nullptr, nullptr, 3, &level);
       });
       call<int>(all, "MPI_Finalize");
       std::cout << "rank " + std::to_string(mpi_launch()->rank) + " of 2: done\n";
     }},
};

}  // namespace

int main(int argc, char** argv) {
  // No process outlives a test.
  alarm(60);
  const std::string what = argc > 1 ? argv[1] : "exchange";
  MpiOptions options;
  if (argc > 2) options.timeout = std::atof(argv[2]);
  if (argc > 3) options.start_timeout = std::atof(argv[3]);
  if (argc > 4) options.library = argv[4];
  try {
    if (const auto program = kPrograms.find(what); program != kPrograms.end()) {
      program->second();
      return 0;
    }
    std::string name;
    {
      const std::shared_ptr<Communicator> all = mpi_communicator(options);
      name = "rank " + std::to_string(all->rank()) + " of " + std::to_string(all->size());
      kJobs.at(what)(*all);
    }
    std::cout << name + ": done\n";
  } catch (const std::exception& error) {
    std::cerr << std::string("error: ") + error.what() + "\n";
    return 3;
  }
}
