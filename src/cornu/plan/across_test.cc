#include "cornu/plan/across.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace cornu::inline v0 {
namespace across_test {

/// The first of two processes, whose messages are under way until finish(), which fails.
class Slow final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 2; }
  void exchange(std::span<const Outgoing>, std::span<const Incoming>) override {}
  void begin(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    under_way += out.size() + in.size();
  }
  void finish() override {
    under_way = 0;
    throw std::runtime_error("rank 1 does not answer");
  }
  void abort(int) override {}

  size_t under_way = 0;
};

// A step that fails may have begun messages to memory that goes with it.
TEST(Across, EndsWhenMessagesHaveArrived) {
  Slow processes;
  const Plan plan;
  const SharedSlots none(plan, processes);
  const std::vector<float> parts(8);
  std::vector<float> received(4);
  {
    Across across(processes, none);
    across.send_slices(parts.data(), 8, 2, received.data());
    EXPECT_EQ(processes.under_way, 2U);
  }
  EXPECT_EQ(processes.under_way, 0U);
}

}  // namespace across_test
}  // namespace cornu::inline v0
