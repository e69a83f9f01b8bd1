#include "cornu/formats/tar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error.h"
#include "cornu/formats/tar_test.h"

namespace cornu::formats {
namespace tar_test {

using ::testing::HasSubstr;

std::vector<TarFile> read(const std::string& archive) {
  return read_tar(std::as_bytes(std::span(archive)), "a.tar");
}

std::string content(const TarFile& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

std::string error_of(const std::string& archive) {
  try {
    read(archive);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string with_end(const std::string& members) {
  return members + std::string(1024, '\0');
}

TEST(Tar, GivesTheFilesInTheirOrder) {
  const std::string long_content(513, 'x');
  const std::string archive = tar_of("folder", {{"b", "two"}, {"a", long_content}, {"none", ""}});
  const auto files = read(archive);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].name, "folder/b");
  EXPECT_EQ(content(files[0]), "two");
  EXPECT_EQ(files[1].name, "folder/a");
  EXPECT_EQ(content(files[1]), long_content);
  EXPECT_EQ(files[2].name, "folder/none");
  EXPECT_EQ(content(files[2]), "");
}

TEST(Tar, JoinsTheFolderOfALongName) {
  const auto files = read(with_end(tar_header("file", "00000000000", '0', "far/away")));
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].name, "far/away/file");
}

TEST(Tar, EndsAtAnEmptyBlock) {
  EXPECT_EQ(read(std::string(1024, '\0')).size(), 0U);
  EXPECT_EQ(read(std::string(512, '\0') + "what follows").size(), 0U);
}

TEST(Tar, RefusesWhatIsCutOrWrong) {
  const std::string archive = tar_of("folder", {{"a", "content"}});
  EXPECT_EQ(error_of(""), "a.tar: the tar archive is cut off; expected an empty block at its end.");
  EXPECT_THAT(error_of(archive.substr(0, 1000)),
              HasSubstr("a.tar: the tar header at byte 512: is cut off"));
  EXPECT_THAT(error_of(archive.substr(0, 1026)),
              HasSubstr("size of folder/a; expected at most 2, got 7"));
  EXPECT_THAT(error_of(archive.substr(0, 1536)), HasSubstr("the tar archive is cut off"));
  std::string flipped = archive;
  flipped[3] ^= 1;
  EXPECT_THAT(error_of(flipped), HasSubstr("the tar header at byte 0: checksum; expected "));
  EXPECT_THAT(error_of(with_end(tar_header("a", "0000000x000"))),
              HasSubstr("size; expected octal digits, got another byte"));
  EXPECT_THAT(error_of(with_end(tar_header("", "00000000000"))),
              HasSubstr("name; expected a name"));
  EXPECT_THAT(error_of(with_end(tar_header("a", "77777777777"))),
              HasSubstr("size of a; expected at most 1024, got 8589934591"));
}

TEST(Tar, RefusesLinksAndAdditionalHeaders) {
  for (const char type : {'1', '2', '3', 'L', 'x', 'S'}) {
    try {
      read(with_end(tar_header("a", "00000000000", type)));
      FAIL() << type;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      EXPECT_THAT(error.what(), HasSubstr("type of a; expected a file or a folder, got type 0x"));
    }
  }
}

}  // namespace tar_test
}  // namespace cornu::formats
