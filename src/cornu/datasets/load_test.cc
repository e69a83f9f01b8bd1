#include "cornu/datasets/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/small_set_test.h"

namespace cornu::datasets {
namespace load_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

void put(const std::string& path, std::vector<std::byte> bytes) {
  replace_file(path, bytes);
}

TEST(Load, ReadsRawAndGzippedFilesAlike) {
  const TestHome home;
  const SmallSet set;
  for (const std::string suffix : {"", ".gz"}) {
    const TestFolder folder;
    const std::string own = set.write(folder.path(), suffix);
    const auto [train, test] = load(set.entry, {.data_dir = folder.path()});
    EXPECT_EQ(train.x().shape(), Shape({3, 2, 2}));
    EXPECT_EQ(train.x().dtype(), DType::uint8);
    EXPECT_EQ(train.x().at(11), 11);
    EXPECT_EQ(train.y().shape(), Shape({3}));
    EXPECT_EQ(train.y().at(2), 2);
    EXPECT_EQ(test.x().shape(), Shape({2, 2, 2}));
    EXPECT_EQ(test.y().at(1), 1);
    EXPECT_EQ(train.info().name, "small_set");
    EXPECT_EQ(train.info().origin, own);
    EXPECT_EQ(train.info().class_names, set.entry.class_names);
    EXPECT_EQ(train.info().sha256, set.entry.train_sha256);
    EXPECT_EQ(test.info().sha256, set.entry.test_sha256);
  }
}

TEST(Load, SaysWhichFileIsMissing) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  const std::string own = set.write(folder.path(), ".gz", "t10k-labels-idx1-ubyte");
  EXPECT_EQ(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
            own +
                ": a file of small_set is missing; expected t10k-labels-idx1-ubyte or "
                "t10k-labels-idx1-ubyte.gz, got neither, beside train-images-idx3-ubyte. Hint: "
                "put the published file there, or move " +
                own + " away so that the search continues");
}

TEST(Load, StopsAtAWrongChecksumThoughAGoodSetComesLater) {
  const TestHome home;
  const TestFolder bad, good;
  const SmallSet set;
  set.write(good.path());
  const std::string own = set.write(bad.path(), "");
  std::vector<std::byte> labels = set.files.at("train-labels-idx1-ubyte");
  labels.back() ^= std::byte{1};
  put(own + "/train-labels-idx1-ubyte", labels);
  const TestVariable datasets("CORNU_DATASETS", bad.path() + ":" + good.path());
  EXPECT_EQ(message_of([&] { load(set.entry); }),
            own + "/train-labels-idx1-ubyte: wrong checksum; expected SHA-256 " +
                set.entry.files[1].sha256 + ", got " + formats::sha256(labels) +
                ". Hint: put the published file there, or move " + own +
                " away so that the search continues");
  EXPECT_EQ(message_of([&] { verify(set.entry); }), message_of([&] { load(set.entry); }));
}

TEST(Load, NamesACutFile) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  const std::string own = set.write(folder.path());
  std::vector<std::byte> images = set.files.at("train-images-idx3-ubyte.gz");
  images.resize(images.size() - 3);
  put(own + "/train-images-idx3-ubyte.gz", images);
  EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
              AllOf(StartsWith(own + "/train-images-idx3-ubyte.gz: unexpected end at byte " +
                               std::to_string(images.size())),
                    HasSubstr("Hint: put the published file there")));

  images = set.files.at("train-images-idx3-ubyte");
  images.resize(20);
  put(own + "/train-images-idx3-ubyte", images);
  EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
              StartsWith(own + "/train-images-idx3-ubyte: wrong size; expected 28 bytes, got 20. "
                               "Hint: put the published file there"));
}

// The files are read at the same time; whichever fails first, the error names the first in order.
TEST(Load, NamesTheFirstOfSeveralDamagedFiles) {
  const TestHome home;
  const SmallSet set;
  for (const std::string suffix : {"", ".gz"}) {
    const TestFolder folder;
    const std::string own = set.write(folder.path(), suffix);
    for (auto file = set.entry.files.rbegin(); file != set.entry.files.rend(); ++file) {
      const std::string path = own + "/" + file->name + suffix;
      std::vector<std::byte> bytes = set.files.at(file->name + suffix);
      bytes.back() ^= std::byte{1};
      put(path, bytes);
      for (int time = 0; time < 10; ++time) {
        EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
                    StartsWith(path + ": "));
      }
    }
  }
}

TEST(Load, NamesAFileThatIsTooLong) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  const std::string own = set.write(folder.path());
  std::vector<std::byte> long_file(100000);
  put(own + "/train-images-idx3-ubyte", long_file);
  EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
              StartsWith(own + "/train-images-idx3-ubyte: expected at most 4124 bytes, got "
                               "100000. Hint: put the published file there"));
  // A gzip bomb: small to read, huge when unpacked.
  put(own + "/train-images-idx3-ubyte", formats::gzip(long_file));
  EXPECT_THAT(
      message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
      StartsWith(own + "/train-images-idx3-ubyte: unpacks to more than it may, or lacks its "
                       "end; expected at most 28 bytes. Hint: put the published file there"));
}

TEST(Load, ShowsHowAWebPageInTheFilesPlaceBegins) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  const std::string own = set.write(folder.path());
  replace_file(own + "/train-images-idx3-ubyte.gz", std::string("<!DOCTYPE html>\n<title>"));
  EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
              HasSubstr("wrong size; expected 28 bytes, got 23, which begin \"<!DOCTYPE html>\"."));
}

TEST(Load, TellsHowToMendTheCache) {
  const TestHome home;
  const SmallSet set;
  const std::string own = set.write(cache_folder(), ".gz", "train-labels-idx1-ubyte");
  EXPECT_THAT(message_of([&] { load(set.entry); }),
              AllOf(StartsWith(own + ": a file of small_set is missing"),
                    HasSubstr("Hint: `cornu fetch small_set` downloads it again")));
}

TEST(Load, RefusesAFolderInAFilesPlace) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  std::filesystem::create_directories(folder.path() + "/small_set/train-images-idx3-ubyte");
  EXPECT_THAT(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
              HasSubstr("train-images-idx3-ubyte: expected a regular file, got a folder. Hint: "));
}

TEST(Load, ListsWhereItLookedWhenItMayNotDownload) {
  const TestHome home;
  const SmallSet set;
  const DatasetOptions options{.data_dir = "/mine", .download = false};
  const std::string expected =
      "small_set: not found; expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz in "
      "one of /mine/small_set, " +
      cache_folder() + "/small_set, " + home.folder.path() +
      "/.keras/datasets/small-set, /usr/share/datasets/small-set, got none. Hint: `cornu fetch "
      "small_set` "
      "downloads it; or name a folder that holds small_set/ by --data-dir or CORNU_DATASETS";
  EXPECT_EQ(message_of([&] { load(set.entry, options); }), expected);
  EXPECT_EQ(message_of([&] { verify(set.entry, options); }), expected);
}

TEST(Load, NamesTwoPartsThatDoNotBelongTogether) {
  const TestHome home;
  const TestFolder folder;
  SmallSet set;
  std::swap(set.entry.files[1], set.entry.files[3]);
  set.write(folder.path());
  EXPECT_EQ(message_of([&] { load(set.entry, {.data_dir = folder.path()}); }),
            "Dataset \"small_set\": expected as many targets as inputs along the first axis, got "
            "x (3, 2, 2) and y (2,).");
}

TEST(Load, RefusesAnUnknownName) {
  const std::string expected =
      "datasets: unknown data set \"digit\"; expected one of digits, mnist, cifar10, "
      "fashion_mnist.";
  EXPECT_EQ(message_of([] { load("digit"); }), expected);
  EXPECT_EQ(message_of([] { find("digit"); }), expected);
  EXPECT_EQ(message_of([] { verify("digit"); }), expected);
  EXPECT_EQ(message_of([] { fetch("digit"); }), expected);
}

TEST(Load, NeedsNoFileForTheEmbeddedSet) {
  const TestHome home;
  EXPECT_EQ(load("digits").train.size(), 4000);
  EXPECT_EQ(find("digits").origin(), "embedded");
  EXPECT_TRUE(find("digits").found());
  EXPECT_EQ(find("digits").nbytes, 621840u);
  EXPECT_EQ(fetch("digits"), "embedded");
  EXPECT_NO_THROW(verify("digits"));
  EXPECT_TRUE(home.folder.files().empty());
}

TEST(Find, SaysWhereASetIsOrWouldBe) {
  const TestHome home;
  const TestFolder folder;
  const SmallSet set;
  const DatasetLocation nowhere = find(set.entry);
  EXPECT_FALSE(nowhere.found());
  EXPECT_EQ(nowhere.origin(), "");
  EXPECT_EQ(nowhere.cache, cache_folder() + "/small_set");

  const std::string own = set.write(folder.path(), "", "t10k-labels-idx1-ubyte");
  const DatasetLocation there = find(set.entry, {.data_dir = folder.path()});
  EXPECT_TRUE(there.found());
  EXPECT_EQ(there.origin(), own);
  EXPECT_EQ(there.place->kind, SearchPlace::Kind::data_dir);
  EXPECT_THAT(there.files, testing::ElementsAre(own + "/train-images-idx3-ubyte",
                                                own + "/train-labels-idx1-ubyte",
                                                own + "/t10k-images-idx3-ubyte"));
  EXPECT_EQ(there.nbytes, 28u + 11u + 24u);
}

TEST(Fetch, NeedsAHome) {
  const TestHome home;
  const TestVariable homeless("HOME", std::nullopt);
  EXPECT_EQ(message_of([] { fetch(SmallSet().entry); }),
            "small_set: there is no folder to download into: neither XDG_CACHE_HOME nor HOME is "
            "set. Hint: set XDG_CACHE_HOME to a folder that can be written");
}

}  // namespace load_test
}  // namespace cornu::datasets
