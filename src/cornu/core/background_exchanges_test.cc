#include "cornu/core/background_exchanges.h"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <memory>
#include <span>
#include <stdexcept>
#include <thread>

#include "cornu/core/processes_test.h"

namespace cornu::inline v0 {
namespace background_exchanges_test {

using Numbers = std::array<int, 3>;

// The second process sends nothing until the first has gone on.
TEST(BackgroundExchanges, GoOnWhileMessagesTravel) {
  std::latch went_on(1);
  run_processes(2, [&](const std::shared_ptr<Communicator>& processes) {
    BackgroundExchanges background(processes);
    const int other = 1 - background.rank();
    const Numbers mine = {background.rank(), 10, 20};
    Numbers first = {}, second = {};
    const auto begin = [&](Numbers& theirs) {
      const Outgoing out = {other, std::as_bytes(std::span(mine))};
      const Incoming in = {other, std::as_writable_bytes(std::span(theirs))};
      background.begin({&out, 1}, {&in, 1});
    };
    if (background.rank() == 1) went_on.wait();
    begin(first);
    begin(second);
    if (background.rank() == 0) went_on.count_down();
    background.finish();
    EXPECT_EQ(first, (Numbers{other, 10, 20}));
    EXPECT_EQ(second, first);
  });
}

TEST(BackgroundExchanges, AnExchangeComesAfterWhatWasBegun) {
  run_processes(2, [](const std::shared_ptr<Communicator>& processes) {
    BackgroundExchanges background(processes);
    const int other = 1 - background.rank();
    for (int i = 0; i < 100; ++i) {
      const std::array<int, 2> mine = {2 * i, 2 * i + 1};
      std::array<int, 2> theirs = {};
      const auto bytes = std::as_bytes(std::span(mine));
      const auto room = std::as_writable_bytes(std::span(theirs));
      const Outgoing out = {other, bytes.first(sizeof(int))};
      const Incoming in = {other, room.first(sizeof(int))};
      background.begin({&out, 1}, {&in, 1});
      const Outgoing next = {other, bytes.last(sizeof(int))};
      const Incoming after = {other, room.last(sizeof(int))};
      background.exchange({&next, 1}, {&after, 1});
      ASSERT_EQ(theirs, mine);
    }
  });
}

TEST(BackgroundExchanges, AFailureIsToldWhereverItIsWaitedFor) {
  class Fails final : public Communicator {
   public:
    int rank() const override { return 0; }
    int size() const override { return 2; }
    void exchange(std::span<const Outgoing>, std::span<const Incoming>) override {
      ++calls;
      throw std::runtime_error("gone");
    }
    void abort(int) override {}
    int calls = 0;
  };
  const auto fails = std::make_shared<Fails>();
  {
    BackgroundExchanges background(fails);
    background.begin({}, {});
    background.begin({}, {});
    EXPECT_THROW(background.finish(), std::runtime_error);
    EXPECT_THROW(background.exchange({}, {}), std::runtime_error);
  }
  EXPECT_EQ(fails->calls, 1);
}

// Memory that messages use is given back after them.
TEST(BackgroundExchanges, TheEndWaitsForWhatIsUnderWay) {
  run_processes(2, [](const std::shared_ptr<Communicator>& processes) {
    std::byte theirs{0};
    {
      BackgroundExchanges background(processes);
      const int other = 1 - background.rank();
      const std::byte mine{7};
      const Outgoing out = {other, {&mine, 1}};
      const Incoming in = {other, {&theirs, 1}};
      if (background.rank() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      background.begin({&out, 1}, {&in, 1});
    }
    EXPECT_EQ(theirs, std::byte{7});
  });
}

}  // namespace background_exchanges_test
}  // namespace cornu::inline v0
