// Names of parts may be written without capitals and underscores (same_name). So no two parts of a
// kind differ by those alone, and no name of a part that only Keras has equals one of Cornu's.

#include <gtest/gtest.h>

#include <set>

#include "cornu/core/names.h"
#include "cornu/cornu.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0 {
namespace names_test {

template <class Table, class NameOf, class Find>
void expect_found(const Table& table, const NameOf& name_of, const Find& find) {
  std::set<std::string> seen;
  for (const auto& entry : table) {
    const std::string name(name_of(entry));
    EXPECT_TRUE(seen.insert(plain_name(name)).second) << name;
    EXPECT_EQ(find(name), name);
    EXPECT_EQ(find(plain_name(name)), name);
  }
  EXPECT_GE(seen.size(), 3U);
}

TEST(Names, OfPartsLeadToThem) {
  const auto name = [](const auto& entry) { return entry.name; };
  expect_found(
      layer_table(), [](const LayerEntry& entry) { return entry.name; },
      [](std::string_view each) { return layer_entry(each).name; });
  expect_found(loss_table(), name, [](std::string_view each) { return loss_entry(each).name; });
  expect_found(metric_table(), name, [](std::string_view each) { return metric_entry(each).name; });
  expect_found(optimizer_table(), name,
               [](std::string_view each) { return optimizer_entry(each).name; });
  expect_found(activation_table(), name,
               [](std::string_view each) { return std::string(Activation(each).name()); });
  expect_found(initializer_table(), name,
               [](std::string_view each) { return std::string(make_initializer(each)->name()); });
  expect_found(regularizer_table(), name,
               [](std::string_view each) { return std::string(make_regularizer(each)->name()); });
}

}  // namespace names_test
}  // namespace cornu::inline v0
