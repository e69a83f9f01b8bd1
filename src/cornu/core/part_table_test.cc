#include "cornu/core/part_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0 {
namespace part_table_test {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct BellOptions {
  int64_t pitch = 440;
  static void visit_fields(auto& self, auto& v) { v("pitch", self.pitch); }
};

/// A part of a kind that this test has.
struct Bell {
  using Options = BellOptions;
  explicit Bell(Options options) : pitch(options.pitch) {}
  int64_t pitch = 0;
};

constexpr PartEntry<Bell> kBells[] = {part_entry_of<Bell, Bell>("hand_bell"),
                                      part_entry_of<Bell, Bell>("ship_bell")};
constexpr OtherName kOthers[] = {{"table_bell", "hand_bell"}};
constexpr AbsentName kAbsent[] = {{"carillon", "ship_bell"}};
constexpr std::string_view kReserved[] = {"tower"};
constexpr PartTable<Bell> kTable(
    {.kind = "bell", .where = "bells", .others = kOthers, .absent = kAbsent, .reserved = kReserved},
    kBells);

MakePart<Bell> at(int64_t pitch) {
  return [pitch](const Value::Map&) { return Bell(BellOptions{pitch}); };
}

TEST(PartTable, FindsAPartByAnyOfItsNames) {
  for (const std::string name : {"hand_bell", "HandBell", "table_bell", "TableBell"}) {
    EXPECT_EQ(kTable.entry(name).name, "hand_bell") << name;
  }
  EXPECT_EQ(kTable.make("ship_bell", {{"pitch", 300}}).pitch, 300);
  EXPECT_EQ(kTable.find("bell"), nullptr);
}

TEST(PartTable, SaysWhereAnOptionIsWrong) {
  EXPECT_THAT(error_of([] {
                kTable.make("HandBell", {{"pich", 1}});
              }),
              AllOf(HasSubstr("hand_bell: unknown option"), HasSubstr("pitch")));
  EXPECT_THAT(error_of([] {
                kTable.entry("hand_bell").make({{"pitch", "a"}}, "my bell");
              }),
              HasSubstr("my bell: pitch"));
}

TEST(PartTable, UnknownNamesAreAnsweredWithTheKnownOnes) {
  EXPECT_THAT(error_of([] { kTable.entry("ship_bel"); }),
              HasSubstr("bells: unknown bell \"ship_bel\"; expected one of ship_bell, hand_bell"));
  EXPECT_THAT(error_of([] { kTable.entry("Carillon"); }),
              HasSubstr("bells: Keras has \"Carillon\", Cornu has not. Hint: the nearest is "
                        "ship_bell"));
}

TEST(PartTable, ARegisteredPartIsFoundAfterCornusOwn) {
  EXPECT_EQ(kTable.find("cow_bell"), nullptr);
  kTable.add("CowBell", at(200), {"pitch"});
  const PartEntry<Bell>& entry = kTable.entry("cow_bell");
  EXPECT_EQ(entry.name, "CowBell");
  EXPECT_EQ(entry.fields(), std::vector<std::string>{"pitch"});
  EXPECT_EQ(entry.make({}).pitch, 200);
  EXPECT_EQ(entry.make({}, "here").pitch, 200);
  EXPECT_EQ(kTable.find_known("cow_bell"), nullptr);
  EXPECT_EQ(kTable.entries().size(), 2U);
  EXPECT_THAT(error_of([] { kTable.entry("cow_bel"); }), HasSubstr("CowBell"));
}

TEST(PartTable, ATakenNameIsRefusedAndTheFirstStays) {
  kTable.add("door_bell", at(1), {});
  EXPECT_THAT(error_of([] { kTable.add("DoorBell", at(2), {}); }),
              HasSubstr("register_bell: \"DoorBell\" is registered already"));
  EXPECT_EQ(kTable.make("door_bell", {}).pitch, 1);
  EXPECT_THAT(error_of([] { kTable.add("TableBell", at(2), {}); }),
              HasSubstr("\"TableBell\" is a name of Cornu's hand_bell"));
  EXPECT_THAT(error_of([] { kTable.add("Tower", at(2), {}); }), HasSubstr("Cornu's tower"));
  EXPECT_THAT(error_of([] { kTable.add("a bell", at(2), {}); }),
              HasSubstr("letters, digits and underscores"));
}

/// One of the parts of a load.
class Loaded final : public UserParts {
 public:
  explicit Loaded(MakePart<Bell> make) : make_(std::move(make)) {}
  const void* find(std::string_view kind, std::string_view name) const override {
    return kind == "bell" && name == "alarm_bell" ? &make_ : nullptr;
  }

 private:
  MakePart<Bell> make_;
};

TEST(PartTable, PartsOfALoadComeFirstOnItsThreadAlone) {
  kTable.add("alarm_bell", at(1), {});
  const auto pitch = [] { return (*find_user_part<Bell>("bell", "alarm_bell"))({}).pitch; };
  EXPECT_EQ(pitch(), 1);
  {
    const Loaded loaded(at(2));
    const UserParts::Scope scope(loaded);
    EXPECT_EQ(pitch(), 2);
    int64_t elsewhere = 0;
    std::thread([&] { elsewhere = pitch(); }).join();
    EXPECT_EQ(elsewhere, 1);
  }
  EXPECT_EQ(pitch(), 1);
  EXPECT_EQ(find_user_part<Bell>("horn", "alarm_bell"), nullptr);
}

TEST(PartTable, ThreadsRegisterAndFindAtTheSameTime) {
  constexpr int kThreads = 4, kEach = 50;
  std::atomic<int> refused = 0;
  const auto work = [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      kTable.add("bell_" + std::to_string(thread) + "x" + std::to_string(i), at(i), {});
      try {
        kTable.add("contested" + std::to_string(i), at(thread), {});
      } catch (const Error&) {
        ++refused;
      }
      const int64_t found = kTable.make("contested" + std::to_string(i), {}).pitch;
      if (found < 0 || found >= kThreads) ADD_FAILURE() << found;
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(work, thread);
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(refused, (kThreads - 1) * kEach);
  for (int thread = 0; thread < kThreads; ++thread) {
    for (int i = 0; i < kEach; ++i) {
      EXPECT_EQ(kTable.make("bell_" + std::to_string(thread) + "x" + std::to_string(i), {}).pitch,
                i);
    }
  }
}

}  // namespace part_table_test
}  // namespace cornu::inline v0
