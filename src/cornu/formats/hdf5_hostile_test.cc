#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/damage_test.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/hdf5_trees_test.h"

namespace cornu::inline v0::formats {
namespace hdf5_hostile_test {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::array<float, 6> kNumbers = {0.5F, -1, 2, 3, 4, 5};

Hdf5Dataset numbers(const std::string& name) {
  return {
      .name = name, .type = "float32", .shape = {2, 3}, .data = std::as_bytes(std::span(kNumbers))};
}

// A file whose bytes a test changes.
class Damaged {
 public:
  explicit Damaged(const Hdf5Group& root) : bytes_(write_hdf5(root)) {}
  explicit Damaged(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  // Where these bytes occur, the last time unless `index` counts them from the first, 0.
  size_t find(std::string_view bytes, int index = -1) const {
    const std::string text = text_of(bytes_);
    size_t at = index < 0 ? text.rfind(bytes) : text.find(bytes);
    for (; index > 0; --index) at = text.find(bytes, at + 1);
    EXPECT_NE(at, text.npos);
    return at;
  }
  uint64_t number(size_t at, size_t size = 8) const {
    uint64_t value = 0;
    std::memcpy(&value, bytes_.data() + at, size);
    return value;
  }
  Damaged& set(size_t at, uint64_t value, size_t size = 8) {
    std::memcpy(bytes_.data() + at, &value, size);
    return *this;
  }
  Damaged& set(size_t at, std::string_view text) {
    std::memcpy(bytes_.data() + at, text.data(), text.size());
    return *this;
  }
  std::string refusal() const {
    return error_of([&] { read_hdf5(bytes_, "m.h5"); });
  }
  size_t size() const { return bytes_.size(); }

 private:
  std::vector<std::byte> bytes_;
};

Hdf5Group small() {
  Hdf5Group root;
  root.attributes = {{"text", "héllo"}, {"list", Value::List{"a", "bc"}}, {"flag", true}};
  root.datasets = {numbers("x")};
  root.make_group("g").attributes = {{"numbers", Value::List{1, 2}}, {"none", Value::List{}}};
  return root;
}

// A file of one dataset, "x", and where the messages of that are.
struct OneDataset : Damaged {
  OneDataset() : Damaged(Hdf5Group{.datasets = {numbers("x")}}) {}
  static constexpr size_t kHeader = 96;
  static constexpr size_t kExtents = kHeader + 16 + 8 + 8;
  static constexpr size_t kDatatype = kExtents + 16 + 8;
  static constexpr size_t kLayout = kDatatype + 24 + 8 + 8 + 8;
  static constexpr size_t kAddress = kLayout + 2;
  static constexpr size_t kStored = kAddress + 8;
};

TEST(Hdf5Hostile, FindsEveryCut) {
  const auto file = write_hdf5(small());
  const auto read = [](const auto& part) { read_hdf5(part, "cut"); };
  EXPECT_EQ(each_beginning(file, read), file.size());
}

TEST(Hdf5Hostile, RoundTripsWhateverAFlippedBitLeavesValid) {
  const auto file = write_hdf5(small());
  size_t files = 0;
  const auto read = [&files](const auto& flipped) {
    const Hdf5Group tree = read_hdf5(flipped, "flipped");
    if (!is_whole(tree) || ++files % 8 != 0) return;  // writing takes longer than reading
    const auto bytes = write_hdf5(tree);
    EXPECT_EQ(write_hdf5(read_hdf5(bytes, "again")), bytes);
  };
  // Up to the last string; then come free space and data, where anything is right.
  const size_t used = Damaged(file).find("GCOL") + 100;
  const size_t errors = each_flip(file, read, used);
  // Much of a file is room for more entries, keys and caches, which nobody reads.
  EXPECT_GT(errors, used);
}

TEST(Hdf5Hostile, ReadsNoDamagedFileOfTheLibraryPastItsEnd) {
  const auto read = [](const auto& part) { read_hdf5(part, "damaged"); };
  for (const char* name : {"latest", "cycle"}) {
    const auto file = read_file(std::string(kSourceFolder) + "/tests/goldens/hdf5/" + name + ".h5");
    EXPECT_EQ(each_beginning(file, read), file.size()) << name;
  }
  const auto file = read_file(std::string(kSourceFolder) + "/tests/goldens/hdf5/latest.h5");
  EXPECT_GT(each_flip(file, read, 1400), 1400U);
}

TEST(Hdf5Hostile, VerifiesTheChecksumsOfTheLatestLayout) {
  const auto bytes = read_file(std::string(kSourceFolder) + "/tests/goldens/hdf5/latest.h5");
  Damaged superblock(bytes);
  EXPECT_THAT(superblock.set(11, 1, 1).refusal(), HasSubstr("the checksum of the superblock"));
  Damaged header(bytes);
  header.set(header.find("weight_names"), "height");
  EXPECT_THAT(header.refusal(),
              HasSubstr("m.h5: \"a\": the checksum of the continuation of an object header"));
}

TEST(Hdf5Hostile, RefusesDamagedHeapsOfLinks) {
  const auto file = read_file(std::string(kSourceFolder) + "/tests/goldens/hdf5/named_in_utf8.h5");
  const auto read = [](const auto& part) { read_hdf5(part, "damaged"); };
  // All of the heap, its blocks and its index is under checksums.
  for (const char* signature : {"FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN"}) {
    const size_t begin = Damaged(file).find(signature);
    for (size_t at = begin; at < begin + 38; ++at) {
      for (const unsigned mask : {1U, 128U}) {
        auto damaged = file;
        damaged[at] ^= std::byte{static_cast<unsigned char>(mask)};
        EXPECT_NE(error_of([&] { read(damaged); }), "no error") << signature << " + " << at - begin;
      }
    }
  }
}

TEST(Hdf5Hostile, RefusesCyclesOfTreeNodesWithTheirAddress) {
  Damaged tree(small());
  const size_t root = tree.find("TREE");
  tree.set(root + 5, 1, 1).set(root + 32, root);
  EXPECT_EQ(tree.refusal(), "m.h5: the B-tree node at address " + std::to_string(root) +
                                " is reached a second time: a cycle, or two names for one object.");
  Damaged other(small());
  other.set(other.find("TREE") + 32, other.find("TREE", 0));
  EXPECT_THAT(other.refusal(), HasSubstr("no symbol table node at address"));
  Damaged level(small());
  level.set(level.find("TREE") + 5, 7, 1).set(level.find("TREE") + 32, level.find("TREE", 0));
  EXPECT_THAT(level.refusal(), HasSubstr("expected type 0 and level 6, got 0 and 0."));
}

TEST(Hdf5Hostile, RefusesCyclesOfGroups) {
  // The entry g of the root leads to the root.
  Damaged file(small());
  const size_t entry = file.find("SNOD") + 8;
  EXPECT_THAT(file.set(entry + 8, file.number(64)).refusal(),
              HasSubstr("m.h5: \"g\": the object header at address"));
}

TEST(Hdf5Hostile, RefusesASymbolTableNodeGivenTwice) {
  Hdf5Group root;
  for (char name = 'a'; name < 'm'; ++name) root.datasets.push_back(numbers({name}));
  Damaged file(root);
  const size_t tree = file.find("TREE");
  file.set(tree + 48, file.number(tree + 32));
  EXPECT_THAT(file.refusal(), HasSubstr("the symbol table node at address"));
}

TEST(Hdf5Hostile, RefusesShapeBombs) {
  OneDataset bomb;
  bomb.set(OneDataset::kExtents, 50'000'000).set(OneDataset::kExtents + 8, 50'000'000);
  EXPECT_EQ(bomb.refusal(),
            "m.h5: \"x\": its data do not have the bytes that its shape says; expected "
            "10000000000000000 bytes, got 24.");
  bomb.set(OneDataset::kStored, 10'000'000'000'000'000);
  EXPECT_THAT(bomb.refusal(), HasSubstr("\"x\": the data at address"));
  OneDataset overflow;
  overflow.set(OneDataset::kExtents, uint64_t{1} << 62).set(OneDataset::kExtents + 8, 4);
  EXPECT_THAT(overflow.refusal(), HasSubstr("the product of its shape overflows"));
  overflow.set(OneDataset::kExtents + 8, 1);
  EXPECT_THAT(overflow.refusal(),
              HasSubstr("the product of its shape (4611686018427387904, 1) overflows"));
  overflow.set(OneDataset::kExtents, uint64_t{1} << 63);
  EXPECT_THAT(overflow.refusal(), HasSubstr("extents below 2^63, got 9223372036854775808."));
  overflow.set(OneDataset::kExtents, 0).set(OneDataset::kExtents + 8, ~uint64_t{0} >> 1);
  EXPECT_EQ(overflow.refusal(), "no error") << "no element, and the product of the rest fits";
}

TEST(Hdf5Hostile, RefusesDataThatOverlapTheRest) {
  OneDataset file;
  const uint64_t all = file.size() / 8 * 8;
  file.set(OneDataset::kExtents, all / 4).set(OneDataset::kExtents + 8, 1);
  file.set(OneDataset::kAddress, 0).set(OneDataset::kStored, all);
  EXPECT_THAT(file.refusal(), HasSubstr("\"x\": parts of the file overlap"));
}

TEST(Hdf5Hostile, RefusesAddressesOutsideTheFile) {
  OneDataset data;
  EXPECT_THAT(data.set(OneDataset::kAddress, uint64_t{1} << 40).refusal(),
              HasSubstr("\"x\": the data at address 1099511627776 lies outside the file; expected "
                        "24 bytes there, got 0."));
  OneDataset wrapping;
  EXPECT_THAT(wrapping.set(OneDataset::kAddress, ~uint64_t{7}).refusal(),
              HasSubstr("lies outside the file"));
  Damaged root(small());
  EXPECT_THAT(root.set(64, 99'999'999).refusal(), HasSubstr("the object header at address"));
  Damaged heap(small());
  EXPECT_THAT(heap.set(heap.find("HEAP") + 24, 99'999'999).refusal(),
              HasSubstr("the local heap's data at address 99999999 lies outside the file"));
  Damaged length(small());
  EXPECT_THAT(length.set(length.find("HEAP") + 8, ~uint64_t{0}).refusal(),
              HasSubstr("lies outside the file"));
  Damaged name(small());
  EXPECT_THAT(name.set(name.find("SNOD") + 8, 999'999).refusal(),
              HasSubstr("the local heap's data ends too soon"));
  Damaged strings(small());
  EXPECT_THAT(strings.set(strings.find("GCOL") + 8, 1 << 20).refusal(),
              HasSubstr("the global heap at address"));
}

TEST(Hdf5Hostile, RefusesNamesThatAreNoNames) {
  const auto named = [](std::string_view name) {
    Damaged file(Hdf5Group{.datasets = {numbers("1234567"), numbers("abcdefg")}});
    return file.set(file.find("abcdefg"), name).refusal();
  };
  EXPECT_EQ(named("1234567"), "m.h5: the name \"1234567\" is given twice.");
  EXPECT_THAT(named("ab/defg"), HasSubstr("the name of an entry, \"ab/defg\"; expected no '/'."));
  EXPECT_THAT(named("abc\x1B"), HasSubstr("\"abc\\x1befg\"; expected no control characters."));
  EXPECT_THAT(named("abc\xFF"), HasSubstr("valid UTF-8"));
  EXPECT_THAT(named(std::string_view("\0", 1)), HasSubstr("a name other than"));
  EXPECT_THAT(named(std::string_view(".\0", 2)), HasSubstr("a name other than"));
  EXPECT_EQ(named("ab\\defg"), "no error") << "Windows' Keras writes backslashes";
  // A name of 1,024 bytes may end there; one without an end may not.
  Damaged long_name(Hdf5Group{.datasets = {numbers(std::string(1024, 'n'))}});
  EXPECT_EQ(long_name.refusal(), "no error");
  long_name.set(long_name.find("nn") + 2, "n");
  EXPECT_THAT(long_name.refusal(), HasSubstr("has no end"));
}

TEST(Hdf5Hostile, RefusesAttributesGivenTwice) {
  Damaged file(Hdf5Group{.attributes = {{"first", 1}, {"other", 2}}});
  EXPECT_EQ(file.set(file.find("other"), "first").refusal(),
            "m.h5: the attribute \"first\" is given twice.");
  EXPECT_THAT(file.set(file.find("first"), "fir\xFFt").refusal(),
              HasSubstr("the name of an attribute"));
}

TEST(Hdf5Hostile, RefusesStringsThatAreNotThere) {
  const Hdf5Group root = {.attributes = {{"text", "hello"}}};
  Damaged file(root);
  const size_t reference = file.find(std::string_view("\5\0\0\0", 4), 0);
  const Damaged whole = file;
  EXPECT_THAT(Damaged(whole).set(reference, 6, 4).refusal(),
              HasSubstr("expected at most 5 bytes, got 6."));
  EXPECT_THAT(Damaged(whole).set(reference + 12, 2, 4).refusal(),
              HasSubstr("no string 2 in the global heap"));
  EXPECT_THAT(Damaged(whole).set(reference + 4, 96, 8).refusal(),
              HasSubstr("no global heap at address 96"));
  EXPECT_THAT(Damaged(whole).set(whole.find("GCOL") + 24, 5000).refusal(),
              HasSubstr("an object of the global heap at address"));
}

TEST(Hdf5Hostile, GivesNoTextManyTimes) {
  // Four thousand references to one string of four thousand letters.
  Value::List list(4000, "x");
  list[0] = std::string(4000, 'y');
  Damaged file(Hdf5Group{.attributes = {{"list", list}}});
  const size_t first = file.find(std::string_view("\xA0\x0F\0\0", 4), 1);
  for (size_t i = 1; i < 4000; ++i) {
    file.set(first + 16 * i, 4000, 4).set(first + 16 * i + 12, 1, 4);
  }
  EXPECT_THAT(file.refusal(), HasSubstr("attributes give the same text many times"));
}

TEST(Hdf5Hostile, RefusesGroupsMoreThan64Deep) {
  Hdf5Group root;
  Hdf5Group* group = &root;
  for (int i = 0; i < 64; ++i) group = &group->groups.emplace_back(Hdf5Group{.name = "a"});
  root.make_group("z/z");
  Damaged file(root);
  EXPECT_EQ(file.refusal(), "no error");
  // The deepest group, which is written first, gets the entries of z.
  constexpr size_t kDeepest = 96 + 544 + 40 + 16 + 8;
  const size_t z = file.find("SNOD") + 8 + 40;
  file.set(kDeepest, file.number(z + 24)).set(kDeepest + 8, file.number(z + 32));
  EXPECT_THAT(file.refusal(),
              AllOf(HasSubstr("m.h5: \"…/a/a/"), HasSubstr("groups are nested more than 64 deep")));
}

TEST(Hdf5Hostile, RefusesMoreThanAHundredThousandObjects) {
  // Nodes of 65,535 entries, which all have one name.
  std::vector<std::byte> bytes = write_hdf5(Hdf5Group{.datasets = {numbers("x")}});
  Damaged file(bytes);
  const size_t tree = file.find("TREE");
  const size_t node = bytes.size();
  const std::string one(text_of(bytes).substr(file.find("SNOD"), 8 + 40));
  std::string nodes;
  for (int i = 0; i < 2; ++i) {
    nodes += one.substr(0, 6) + "\xFF\xFF";
    for (int entry = 0; entry < 65'535; ++entry) nodes += one.substr(8);
  }
  const auto more = bytes_of(nodes);
  bytes.insert(bytes.end(), more.begin(), more.end());
  Damaged large(bytes);
  large.set(40, bytes.size()).set(tree + 6, 2, 2).set(tree + 32, node);
  large.set(tree + 48, node + 8 + 40 * 65'535);
  EXPECT_THAT(large.refusal(), HasSubstr("m.h5: expected at most 100000 objects, got more."));
}

TEST(Hdf5Hostile, KeepsNoMoreOfAttributesThanTheLimit) {
  // An attribute counts as two elements.
  const auto with = [](int groups) {
    Hdf5Group root;
    for (int i = 0; i < groups; ++i) {
      root.groups.push_back(
          {.name = std::to_string(i), .attributes = {{"list", Value::List(4998, Value(true))}}});
    }
    return Damaged(root).refusal();
  };
  EXPECT_EQ(with(100), "no error");
  EXPECT_THAT(with(101), HasSubstr("attributes and the elements of their lists; expected at most "
                                   "500000 in the whole file, got more."));
}

TEST(Hdf5Hostile, NamesVersionsAndFormsItDoesNotKnow) {
  const auto with = [](size_t at, uint64_t value, size_t size) {
    return Damaged(small()).set(at, value, size).refusal();
  };
  EXPECT_THAT(with(8, 4, 1), HasSubstr("the superblock at address 8 has version 4, which"));
  EXPECT_THAT(with(13, 4, 1), HasSubstr("only be read if they have 8 bytes, got 4 and 8."));
  EXPECT_THAT(with(24, 512, 8), HasSubstr("does not begin at address 0, got 512."));
  EXPECT_THAT(with(48, 96, 8), HasSubstr("a file in several parts"));
  EXPECT_THAT(with(40, 1 << 20, 8), HasSubstr("the file is cut off; expected 1048576 bytes"));
  Damaged file(small());
  EXPECT_THAT(Damaged(file).set(file.find("SNOD") + 4, 2, 1).refusal(),
              HasSubstr("the symbol table node at address"));
  EXPECT_THAT(Damaged(file).set(file.find("HEAP") + 4, 1, 1).refusal(), HasSubstr("version 1"));
  EXPECT_THAT(Damaged(file).set(file.find("GCOL") + 4, 2, 1).refusal(), HasSubstr("version 2"));
  OneDataset header;
  EXPECT_THAT(OneDataset(header).set(OneDataset::kHeader, 9, 1).refusal(), HasSubstr("version 9"));
  EXPECT_THAT(OneDataset(header).set(OneDataset::kHeader + 16, 0x99, 1).refusal(),
              HasSubstr("without a dataspace or a layout"));
  // A message of an unknown type that whoever does not know it must not pass over.
  EXPECT_THAT(OneDataset(header)
                  .set(OneDataset::kLayout - 24, 0x99, 1)
                  .set(OneDataset::kLayout - 20, 0x80, 1)
                  .refusal(),
              HasSubstr("a message of the unknown type 153"));
}

TEST(Hdf5Hostile, RefusesSoftLinksOfOldGroups) {
  Damaged file(small());
  EXPECT_THAT(file.set(file.find("SNOD") + 8 + 16, 2, 4).refusal(),
              HasSubstr("m.h5: \"g\" is a soft link, which is not followed."));
}

}  // namespace hdf5_hostile_test
}  // namespace cornu::inline v0::formats
