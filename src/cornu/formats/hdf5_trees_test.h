#pragma once

// Trees of groups and datasets that the tests of HDF5 compare and make.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "cornu/formats/hdf5.h"

namespace cornu::inline v0::formats {

/// The folder of files that others wrote, or "" where there is none.
inline std::string fixtures_folder() {
  const char* folder = std::getenv("CORNU_FIXTURES");
  return folder == nullptr ? "" : folder;
}

inline void expect_readable(const Hdf5Group& group) {
  for (const Hdf5Dataset& dataset : group.datasets) {
    EXPECT_EQ(dataset.problem, nullptr) << dataset.problem->what();
  }
  for (const Hdf5Group& each : group.groups) expect_readable(each);
}

/// Whether every attribute and dataset was read, so that the tree can be written.
inline bool is_whole(const Hdf5Group& group) {
  const auto is_read = [](const Value::Map& attributes) {
    return std::ranges::none_of(attributes, [](const auto& each) { return each.second.is_null(); });
  };
  const auto has_data = [&is_read](const Hdf5Dataset& dataset) {
    return dataset.problem == nullptr && is_read(dataset.attributes);
  };
  return is_read(group.attributes) && std::ranges::all_of(group.datasets, has_data) &&
         std::ranges::all_of(group.groups, is_whole);
}

inline void expect_same_tree(const Hdf5Group& a, const Hdf5Group& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.attributes, b.attributes) << a.name;
  ASSERT_EQ(a.datasets.size(), b.datasets.size()) << a.name;
  ASSERT_EQ(a.groups.size(), b.groups.size()) << a.name;
  for (size_t i = 0; i < a.datasets.size(); ++i) {
    EXPECT_EQ(a.datasets[i].name, b.datasets[i].name);
    EXPECT_EQ(a.datasets[i].type, b.datasets[i].type);
    EXPECT_EQ(a.datasets[i].shape, b.datasets[i].shape);
    EXPECT_EQ(a.datasets[i].attributes, b.datasets[i].attributes);
    EXPECT_TRUE(std::ranges::equal(a.datasets[i].bytes(), b.datasets[i].bytes()));
  }
  for (size_t i = 0; i < a.groups.size(); ++i) expect_same_tree(a.groups[i], b.groups[i]);
}

}  // namespace cornu::inline v0::formats
