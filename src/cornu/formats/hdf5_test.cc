#include "cornu/formats/hdf5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/damage_test.h"
#include "cornu/formats/hdf5_trees_test.h"

namespace cornu::inline v0::formats {
namespace hdf5_test {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::byte> golden_bytes(const std::string& name) {
  return read_file(std::string(kSourceFolder) + "/tests/goldens/hdf5/" + name + ".h5");
}

std::string refused(const std::string& name) {
  return error_of([&] { read_hdf5(golden_bytes(name), name + ".h5"); });
}

// Element i is (i - 3) / 8 of floats, i - 3 of integers, i where unsigned.
template <class Number>
void expect_numbers(const Hdf5Dataset& dataset, const char* type, size_t size) {
  EXPECT_EQ(dataset.type, type);
  const std::span<const std::byte> bytes = dataset.bytes();
  ASSERT_EQ(bytes.size(), size * sizeof(Number)) << type;
  for (size_t i = 0; i < size; ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + i * sizeof(Number), sizeof(Number));
    const double expected = std::is_floating_point_v<Number> ? (static_cast<double>(i) - 3) / 8
                            : std::is_signed_v<Number>       ? static_cast<double>(i) - 3
                                                             : static_cast<double>(i);
    EXPECT_EQ(static_cast<double>(number), expected) << type << " " << i;
  }
}

TEST(Hdf5, ReadsEveryTypeThatH5pyWrites) {
  const auto bytes = golden_bytes("types");
  const Hdf5Group file = read_hdf5(bytes, "types.h5");
  const Hdf5Group& types = *file.group("types");
  expect_numbers<int8_t>(*types.dataset("int8"), "int8", 6);
  expect_numbers<int16_t>(*types.dataset("int16"), "int16", 6);
  expect_numbers<int32_t>(*types.dataset("int32"), "int32", 6);
  expect_numbers<int64_t>(*types.dataset("int64"), "int64", 6);
  expect_numbers<uint8_t>(*types.dataset("uint8"), "uint8", 6);
  expect_numbers<uint16_t>(*types.dataset("uint16"), "uint16", 6);
  expect_numbers<uint32_t>(*types.dataset("uint32"), "uint32", 6);
  expect_numbers<uint64_t>(*types.dataset("uint64"), "uint64", 6);
  expect_numbers<float>(*types.dataset("float32"), "float32", 6);
  expect_numbers<double>(*types.dataset("float64"), "float64", 6);
  EXPECT_EQ(types.dataset("float32")->shape, (Shape{2, 3}));
  EXPECT_EQ(types.dataset("float16")->type, "float16");
  EXPECT_EQ(text_of(types.dataset("float16")->bytes()),
            std::string("\x00\xB6\x00\xB4\x00\xB0\x00\x00\x00\x30\x00\x34", 12));
  EXPECT_EQ(types.dataset("bool")->type, "bool");
  EXPECT_EQ(text_of(types.dataset("bool")->bytes()), std::string("\1\0\1", 3));
  EXPECT_EQ(types.dataset("S4")->type, "S4");
  EXPECT_EQ(text_of(types.dataset("S4")->bytes()), std::string("ab\0\0cdef", 8));
}

TEST(Hdf5, ReadsEveryShape) {
  const auto bytes = golden_bytes("types");
  const Hdf5Group file = read_hdf5(bytes, "types.h5");
  EXPECT_EQ(file.dataset("shapes/scalar")->shape, Shape{});
  EXPECT_EQ(file.dataset("shapes/scalar")->bytes().size(), 8U);
  EXPECT_EQ(file.dataset("shapes/none")->shape, (Shape{0, 3}));
  EXPECT_TRUE(file.dataset("shapes/none")->bytes().empty());
  EXPECT_EQ(file.dataset("shapes/axes8")->shape, (Shape{1, 1, 1, 2, 1, 1, 1, 2}));
  EXPECT_TRUE(file.group("shapes/group")->datasets.empty());
}

TEST(Hdf5, TakesNoCopyOfTheData) {
  const auto bytes = golden_bytes("types");
  const Hdf5Group file = read_hdf5(bytes, "types.h5");
  const std::byte* data = file.dataset("types/float64")->bytes().data();
  EXPECT_TRUE(data > bytes.data() && data < bytes.data() + bytes.size());
}

TEST(Hdf5, ReadsAttributesAsValues) {
  const auto bytes = golden_bytes("types");
  const Hdf5Group file = read_hdf5(bytes, "types.h5");
  const auto at = [&file](const char* name) { return *file.attribute(name); };
  EXPECT_EQ(at("text"), "héllo");
  EXPECT_EQ(at("empty_text"), "");
  EXPECT_EQ(at("bytes"), "fixed");
  EXPECT_EQ(at("texts"), (Value::List{"a", "", "bcd"}));
  EXPECT_EQ(at("fixed_texts"), (Value::List{"ab", "c", ""}));
  EXPECT_EQ(at("none"), Value::List{});
  EXPECT_EQ(at("true"), true);
  EXPECT_EQ(at("int"), -5);
  EXPECT_EQ(at("double"), 0.1);
  EXPECT_EQ(at("half"), -1.5);
  EXPECT_EQ(at("ints"), (Value::List{1, -2, 3}));
  EXPECT_EQ(at("doubles"), (Value::List{0.5, std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(at("flags"), (Value::List{true, false}));
  for (const char* name : {"matrix", "null", "large", "void"}) {
    EXPECT_TRUE(at(name).is_null()) << name;
  }
  EXPECT_EQ(file.attribute("nothing"), nullptr);
}

TEST(Hdf5, FindsEntriesByTheirPath) {
  const auto bytes = golden_bytes("types");
  const Hdf5Group file = read_hdf5(bytes, "types.h5");
  EXPECT_EQ(file.group(""), &file);
  EXPECT_EQ(file.group("types")->name, "types");
  EXPECT_EQ(file.group("types/int8"), nullptr);
  EXPECT_EQ(file.group("types//int8"), nullptr);
  EXPECT_EQ(file.dataset("types"), nullptr);
  EXPECT_EQ(file.dataset("nothing/int8"), nullptr);
  EXPECT_EQ(file.dataset("types/int8")->name, "int8");
}

TEST(Hdf5, ReadsGroupsOfSeveralLevelsInOrder) {
  const auto bytes = golden_bytes("many");
  const Hdf5Group file = read_hdf5(bytes, "many.h5");
  const Hdf5Group& group = *file.group("g");
  ASSERT_EQ(group.datasets.size(), 140U);
  EXPECT_TRUE(std::ranges::is_sorted(group.datasets, {}, &Hdf5Dataset::name));
  for (int i = 0; i < 140; ++i) {
    EXPECT_EQ(group.dataset(std::to_string(i))->bytes()[0], static_cast<std::byte>(i)) << i;
  }
}

TEST(Hdf5, ReadsGroupsWhoseNamesAreNotAscii) {
  const auto bytes = golden_bytes("named_in_utf8");
  const Hdf5Group file = read_hdf5(bytes, "named_in_utf8.h5");
  const Hdf5Group &few = *file.group("few"), &many = *file.group("many");
  ASSERT_EQ(few.groups.size(), 12U);
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(*few.group("größe_" + std::to_string(i))->attribute("number"), i) << i;
  }
  ASSERT_EQ(many.datasets.size(), 60U);
  EXPECT_TRUE(std::ranges::is_sorted(many.datasets, {}, &Hdf5Dataset::name));
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(many.dataset("größe_" + std::to_string(i))->bytes()[0], static_cast<std::byte>(i));
  }
}

TEST(Hdf5, ReadsMoreThanEightLinksOfTheLatestLayout) {
  const auto bytes = golden_bytes("dense");
  const Hdf5Group file = read_hdf5(bytes, "dense.h5");
  ASSERT_EQ(file.groups.size(), 9U);
  for (size_t i = 0; i < 9; ++i) EXPECT_EQ(file.groups[i].name, std::to_string(i));
}

TEST(Hdf5, ReadsHeadersOfSeveralBlocksAndLongStrings) {
  const auto bytes = golden_bytes("long_header");
  const Hdf5Group file = read_hdf5(bytes, "long_header.h5");
  ASSERT_EQ(file.attributes.size(), 42U);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(*file.attribute("attribute_" + std::to_string(i)), "value " + std::to_string(i));
  }
  EXPECT_EQ(*file.attribute("long"), std::string(5000, 'x'));
  EXPECT_EQ(file.dataset("x")->attributes.size(), 20U);
}

TEST(Hdf5, ReadsTheLatestLayout) {
  const auto bytes = golden_bytes("latest");
  const Hdf5Group file = read_hdf5(bytes, "latest.h5");
  EXPECT_EQ(*file.attribute("text"), "héllo");
  EXPECT_EQ(*file.group("a")->attribute("weight_names"), (Value::List{"x", "b/y"}));
  expect_numbers<float>(*file.dataset("a/x"), "float32", 6);
  expect_numbers<int64_t>(*file.dataset("a/b/y"), "int64", 2);
}

TEST(Hdf5, SaysOfEachDatasetWhyItCannotBeRead) {
  const auto bytes = golden_bytes("unread");
  const Hdf5Group file = read_hdf5(bytes, "unread.h5");
  expect_numbers<float>(*file.dataset("a"), "float32", 4);
  expect_numbers<float>(*file.dataset("z"), "float32", 4);
  const auto problem = [&file](const char* name) {
    return error_of([&] { (void)file.dataset(name)->bytes(); });
  };
  EXPECT_EQ(problem("axes9"), "unread.h5: \"axes9\": a shape of 9 axes; at most 8 can be read.");
  EXPECT_THAT(problem("big_endian"), HasSubstr("data of the type big-endian float"));
  EXPECT_THAT(problem("compound"), HasSubstr("data of the type compound cannot be read"));
  EXPECT_THAT(problem("complex"), HasSubstr("data of the type compound"));
  EXPECT_THAT(problem("named_type"), HasSubstr("which is no dataset"));
  EXPECT_THAT(problem("of_named_type"), HasSubstr("a datatype that is kept elsewhere"));
  EXPECT_THAT(problem("null"), HasSubstr("a dataset without data"));
  EXPECT_THAT(problem("opaque"), HasSubstr("data of the type opaque"));
  EXPECT_THAT(problem("texts"), HasSubstr("data of the type string"));
  EXPECT_THAT(problem("unwritten"), HasSubstr("no data were ever written"));
  EXPECT_EQ(problem("gzip"),
            "unread.h5: \"gzip\": its data are stored in chunks, which cannot be read. Hint: copy "
            "the file with `h5repack -f NONE -l CONTI IN OUT`");
  EXPECT_THAT(problem("chunked"), HasSubstr("stored in chunks"));
  EXPECT_EQ(file.dataset("chunked")->shape, (Shape{4, 4}));
}

TEST(Hdf5, FollowsNoLinkAndOpensNoOtherFile) {
  EXPECT_THAT(refused("soft_link"),
              HasSubstr("soft_link.h5: \"x\" is a soft link, which is not followed. Hint: "));
  EXPECT_THAT(refused("external_link"), HasSubstr("\"x\" is an external link"));
  EXPECT_THAT(refused("external_storage"),
              HasSubstr("\"x\": its data are in another file, which is not opened."));
  EXPECT_THAT(refused("virtual"), HasSubstr("\"x\": its data are in another file"));
  EXPECT_THAT(refused("dense_attributes"),
              HasSubstr("more than eight attributes of the newer kind cannot be read. Hint: "));
}

TEST(Hdf5, RefusesCyclesAndSecondNames) {
  EXPECT_EQ(refused("cycle"),
            "cycle.h5: \"a/b/a\": the object header at address 800 is reached a second time: a "
            "cycle, or two names for one object.");
  EXPECT_THAT(refused("hard_link"), HasSubstr("\"y\": the object header at address 800"));
}

TEST(Hdf5, RefusesWhatIsNoHdf5) {
  EXPECT_THAT(error_of([] { read_hdf5({}, "m.h5"); }), HasSubstr("m.h5: not an HDF5 file"));
  EXPECT_THAT(error_of([] { read_hdf5(bytes_of("\x89HDF\r\n\x1a"), "m.h5"); }),
              HasSubstr("not an HDF5 file"));
  EXPECT_THAT(error_of([] { read_hdf5(bytes_of("PK\x03\x04 a zip, which is no HDF5"), "m.h5"); }),
              HasSubstr("m.h5: not an HDF5 file; expected a file that begins with"));
}

TEST(Hdf5, OpensTheFilesThatKerasWrote) {
  const std::string folder = fixtures_folder();
  if (folder.empty()) GTEST_SKIP() << "fixtures not found";
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".h5") continue;
    const auto bytes = read_file(entry.path().string());
    const Hdf5Group file = read_hdf5(bytes, entry.path().string());
    expect_readable(file);
    expect_same_tree(read_hdf5(write_hdf5(file), "again"), file);
    ++files;
  }
  EXPECT_GE(files, 10U);
}

}  // namespace hdf5_test
}  // namespace cornu::inline v0::formats
