#include "cornu/datasets/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/small_set_test.h"

namespace cornu::datasets {
namespace search_test {

using Kind = SearchPlace::Kind;
using testing::ElementsAre;

std::vector<std::string> folders(const DatasetEntry& entry, const DatasetOptions& options) {
  std::vector<std::string> found;
  for (const SearchPlace& place : search_places(entry, options)) {
    found.push_back(name(place.kind) + " " + place.folder);
  }
  return found;
}

TEST(Search, LooksInTheFivePlacesInOrder) {
  const TestHome home;
  const TestVariable datasets("CORNU_DATASETS", "/one:/two");
  const SmallSet set;
  EXPECT_THAT(folders(set.entry, {.data_dir = "/mine"}),
              ElementsAre("data_dir /mine/small_set", "CORNU_DATASETS /one/small_set",
                          "CORNU_DATASETS /two/small_set",
                          "cache " + home.folder.path() + "/.cache/cornu/small_set",
                          "Keras " + home.folder.path() + "/.keras/datasets/small-set",
                          "system /usr/share/datasets/small-set"));
}

TEST(Search, TakesAnEmptyVariableAsUnset) {
  const TestHome home;
  const TestVariable datasets("CORNU_DATASETS", "");
  const TestVariable caches("XDG_CACHE_HOME", "");
  EXPECT_THAT(folders(SmallSet().entry, {}),
              ElementsAre("cache " + home.folder.path() + "/.cache/cornu/small_set",
                          "Keras " + home.folder.path() + "/.keras/datasets/small-set",
                          "system /usr/share/datasets/small-set"));
}

TEST(Search, PassesOverEmptyEntries) {
  const TestHome home;
  const TestVariable datasets("CORNU_DATASETS", ":/one::");
  EXPECT_EQ(folders(SmallSet().entry, {})[0], "CORNU_DATASETS /one/small_set");
  EXPECT_EQ(folders(SmallSet().entry, {}).size(), 4u);
}

TEST(Search, KnowsWhereKerasKeepsASet) {
  const TestHome home;
  SmallSet set;
  set.entry.npz = "small.npz";
  const auto keras = [&] { return folders(set.entry, {})[1]; };
  EXPECT_EQ(keras(), "Keras " + home.folder.path() + "/.keras/datasets");
  const TestVariable own("KERAS_HOME", "/keras");
  EXPECT_EQ(keras(), "Keras /keras/datasets");
  set.entry.npz = "";
  EXPECT_EQ(keras(), "Keras /keras/datasets/small-set");
}

TEST(Search, FindsTheCacheByXdgThenByHome) {
  const TestHome home;
  EXPECT_EQ(cache_folder(), home.folder.path() + "/.cache/cornu");
  const TestVariable absolute("XDG_CACHE_HOME", "/caches");
  EXPECT_EQ(cache_folder(), "/caches/cornu");
  const TestVariable relative("XDG_CACHE_HOME", "caches");
  EXPECT_EQ(cache_folder(), home.folder.path() + "/.cache/cornu");
  const TestVariable homeless("HOME", std::nullopt);
  EXPECT_EQ(cache_folder(), "");
}

TEST(Search, FindsARawOrAGzippedFirstFile) {
  const TestHome home;
  const TestFolder one, two;
  const SmallSet set;
  const TestVariable datasets("CORNU_DATASETS", one.path() + ":" + two.path());
  EXPECT_FALSE(search(set.entry, {}).has_value());
  const std::string second = set.write(two.path(), ".gz");
  EXPECT_EQ(search(set.entry, {})->folder, second);
  EXPECT_EQ(search(set.entry, {})->kind, Kind::environment);
  const std::string first = set.write(one.path(), "");
  EXPECT_EQ(search(set.entry, {})->folder, first);
}

TEST(Search, SkipsAFolderWithoutTheFirstFile) {
  const TestHome home;
  const TestFolder one;
  const SmallSet set;
  set.write(one.path(), ".gz", "train-images-idx3-ubyte");
  const std::string cached = set.write(cache_folder());
  const auto place = search(set.entry, {.data_dir = one.path()});
  ASSERT_TRUE(place);
  EXPECT_EQ(place->folder, cached);
  EXPECT_EQ(place->kind, Kind::cache);
}

TEST(Search, PrefersTheRawFile) {
  const TestFolder folder;
  const SmallSet set;
  const std::string own = set.write(folder.path(), ".gz");
  const DatasetFile& file = set.entry.files[1];
  EXPECT_EQ(path_in(own, file), own + "/train-labels-idx1-ubyte.gz");
  set.write(folder.path(), "");
  EXPECT_EQ(path_in(own, file), own + "/train-labels-idx1-ubyte");
  EXPECT_EQ(path_in(own + "/nowhere", file), "");
}

}  // namespace search_test
}  // namespace cornu::datasets
