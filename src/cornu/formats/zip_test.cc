#include "cornu/formats/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/archive_test.h"

namespace cornu::inline v0::formats {
namespace zip_test {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::string_literals;

std::string read(const std::string& archive, const ZipLimits& limits = {}) {
  const auto bytes = bytes_of(archive);
  return error_of([&] { read_zip(bytes, "m.keras", limits); });
}

std::string read(const std::vector<MadeMember>& members, const ZipLimits& limits = {}) {
  return read(MadeArchive(members).text, limits);
}

std::vector<ZipMember> given(std::initializer_list<std::pair<std::string, std::string_view>> list) {
  std::vector<ZipMember> members;
  for (const auto& [name, text] : list) {
    members.push_back({.name = name, .bytes = std::as_bytes(std::span(text))});
  }
  return members;
}

std::vector<std::pair<std::string, std::string>> content(const std::vector<ZipMember>& members) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const ZipMember& each : members) list.emplace_back(each.name, text_of(each.bytes));
  return list;
}

TEST(Zip, WritesTheFormatByteForByte) {
  MadeMember a = stored("config.json", "{}");
  MadeMember b = stored("é", "");
  b.flags = b.local_flags = 1 << 11;
  a.attributes = b.attributes = uint32_t{0100644} << 16;
  const auto text = MadeArchive({a, b}).text;
  const Block file = write_zip(given({{"config.json", "{}"}, {"é", ""}}));
  EXPECT_EQ(text_of(file.span()), text);
}

TEST(Zip, ReadsBackWhatItWrote) {
  const std::string big(300'000, 'x');
  const Block file = write_zip(given({{"b", "two"}, {"a/c", big}, {"é", ""}}));
  const auto members = read_zip(file.span(), "m");
  EXPECT_EQ(content(members), (std::vector<std::pair<std::string, std::string>>{
                                  {"b", "two"}, {"a/c", big}, {"é", ""}}));
  EXPECT_EQ(text_of(write_zip(members).span()), text_of(file.span()));
  const Block none = write_zip({});
  EXPECT_EQ(none.size(), 22U);
  EXPECT_TRUE(read_zip(none.span(), "m").empty());
}

TEST(Zip, AStoredMemberIsNotCopied) {
  const Block file = write_zip(given({{"a", "bytes"}}));
  const auto members = read_zip(file.span(), "m");
  EXPECT_EQ(members[0].bytes.data(), file.data() + 31);
  EXPECT_EQ(members[0].unpacked.size(), 0U);
}

TEST(Zip, LargeStoredMembersOfASourceAreReadWhenTheyAreWanted) {
  const std::string big(300'000, 'x');
  Block file = write_zip(given({{"small", "bytes"}, {"big", big}}));
  MemoryBytes source(file.span());
  auto members = read_zip(source, "m.keras");
  EXPECT_EQ(text_of(members[0].bytes), "bytes");
  EXPECT_EQ(members[0].unread, nullptr);
  ASSERT_NE(members[1].unread, nullptr);
  EXPECT_TRUE(text_of(members[1].unread->view(0, big.size())) == big);
  members[1].unread->verify();
  file.data()[200'000] ^= std::byte{1};
  members = read_zip(source, "m.keras");
  EXPECT_THAT(error_of([&] { members[1].unread->verify(); }),
              HasSubstr("m.keras: member \"big\": wrong checksum; expected CRC-32 "));
}

TEST(Zip, UnpacksDeflatedMembers) {
  const std::string zeros(100'000, '\0');
  const std::string text = MadeArchive({deflated("zeros", zeros), stored("s", "s"),
                                        deflated("none", ""), deflated("t", "text")})
                               .text;
  EXPECT_LT(text.size(), 1000U);
  const auto file = bytes_of(text);
  EXPECT_EQ(content(read_zip(file, "m")),
            (std::vector<std::pair<std::string, std::string>>{
                {"zeros", zeros}, {"s", "s"}, {"none", ""}, {"t", "text"}}));
}

TEST(Zip, LeavesFoldersOut) {
  MadeMember folder = stored("assets/", "");
  folder.attributes = uint32_t{0040755} << 16 | 0x10;
  const auto file = bytes_of(MadeArchive({folder, stored("assets/a", "1")}).text);
  EXPECT_EQ(content(read_zip(file, "m")),
            (std::vector<std::pair<std::string, std::string>>{{"assets/a", "1"}}));
  EXPECT_EQ(read({stored("assets/", "1")}),
            "m.keras: member \"assets/\": a folder with bytes, got 1.");
}

TEST(Zip, ReadsWhatPythonWrites) {
  for (const char* name : {"stored", "deflated", "streamed"}) {
    const auto file = read_file(std::string(kSourceFolder) + "/tests/goldens/npz/" + name + ".zip");
    std::string numbers;
    for (int i = 0; i < 1000; ++i) numbers += std::to_string(i) + "\n";
    EXPECT_EQ(content(read_zip(file, name)),
              (std::vector<std::pair<std::string, std::string>>{
                  {"metadata.json", "{\"keras_version\": \"3.15.1\"}"},
                  {"numbers.txt", numbers},
                  {"assets/é", ""}}))
        << name;
  }
}

TEST(Zip, RefusesOverlappingEntries) {
  // The header and the data of b lie within the data of a.
  const std::string inner = MadeArchive({stored("b", "12345")}).text.substr(0, 36);
  MadeMember b = stored("b", "12345");
  const size_t begin = 31;
  b.offset = begin;
  std::string text = MadeArchive({stored("a", inner), b}).text;
  EXPECT_EQ(
      read(text),
      "m.keras: entries overlap: \"a\" and \"b\"; expected a header from byte 67 on, got 31.");
}

// libzip would copy 64 KiB for each: a gigabyte for 16,000 of them in a file of 1.5 MB.
TEST(Zip, RefusesExtraFieldsThatOverlap) {
  std::vector<MadeMember> members;
  for (int i = 0; i < 20; ++i) {
    MadeMember member = stored(std::to_string(100 + i), "");
    member.local_extra = MadeArchive::number(0x1234, 2) + MadeArchive::number(0xFFFB, 2);
    members.push_back(member);
  }
  members.back().data = std::string(0x10000, '\0');
  std::string text = MadeArchive(members).text;
  for (size_t i = 0; i < members.size(); ++i) text.replace(37 * i + 28, 2, "\xFF\xFF");
  EXPECT_EQ(read(text),
            "m.keras: entries overlap: \"100\" and \"101\"; expected a header from "
            "byte 65568 on, got 37.");
}

TEST(Zip, RefusesSizesThatCannotBe) {
  MadeMember lies = deflated("w", std::string(5000, 'w'));
  lies.size = lies.local_size = lies.packed_size * 1032 + 1;
  EXPECT_EQ(read({lies}),
            "m.keras: member \"w\": its size is more than its compressed bytes can "
            "hold; expected at most " +
                std::to_string(lies.packed_size * 1032) + " bytes, got " +
                std::to_string(lies.size) + ".");
  MadeMember no_bytes = deflated("w", "");
  no_bytes.data = "";
  no_bytes.packed_size = no_bytes.local_packed_size = 0;
  no_bytes.size = no_bytes.local_size = 1;
  EXPECT_THAT(read({no_bytes}), HasSubstr("expected at most 0 bytes, got 1."));
  lies.size = lies.local_size = 4999;
  EXPECT_EQ(read({lies}),
            "m.keras: member \"w\": unpacks to more than its size; expected exactly "
            "4999 bytes.");
  lies.size = lies.local_size = 5001;
  EXPECT_EQ(read({lies}),
            "m.keras: member \"w\": unpacks to less than its size; expected exactly "
            "5001 bytes.");
  MadeMember differs = stored("w", "12345");
  differs.size = differs.local_size = 6;
  EXPECT_EQ(read({differs}),
            "m.keras: member \"w\": stored, but its sizes differ; expected exactly "
            "5 bytes, got 6.");
}

TEST(Zip, RefusesToUnpackMoreThanItMay) {
  const std::vector<MadeMember> bomb = {deflated("a", std::string(600, 'a')),
                                        deflated("b", std::string(600, 'b'))};
  EXPECT_EQ(read(bomb, {.unpacked = 1200}), "no error");
  EXPECT_EQ(
      read(bomb, {.unpacked = 1199}),
      "m.keras: member \"b\": the archive unpacks to too much; expected at most 599 bytes from "
      "here on, got 600. Hint: if you trust it, unpack it and pack it again without "
      "compression");
  EXPECT_EQ(read({stored("a", std::string(600, 'a'))}, {.unpacked = 0}), "no error");
  // By default 48 MiB and the file's size, declared by 50 members of a MiB: none is unpacked.
  std::vector<MadeMember> many;
  for (int i = 0; i < 50; ++i) {
    many.push_back(deflated(std::to_string(i), std::string(1 << 20, '\0')));
  }
  EXPECT_THAT(read(many), HasSubstr("member \"48\": the archive unpacks to too much"));
}

TEST(Zip, RefusesNamesThatLeadElsewhere) {
  const auto named = [](const std::string& name) { return read({stored(name, "")}); };
  EXPECT_EQ(named("../../x"),
            "m.keras: member \"../../x\": its name leads out of the archive by \"..\".");
  EXPECT_EQ(named("/etc/passwd"), "m.keras: member \"/etc/passwd\": its name begins with '/'.");
  EXPECT_EQ(named("C:\\x"), "m.keras: member \"C:\\x\": its name has a backslash.");
  EXPECT_EQ(named("C:x"), "m.keras: member \"C:x\": its name begins with a drive's letter.");
  EXPECT_EQ(named("a/.."),
            "m.keras: member \"a/..\": its name leads out of the archive by \"..\".");
  EXPECT_EQ(named("a\0b"s), "m.keras: member \"a\\x00b\": its name has a control character.");
  EXPECT_EQ(named("\x1b[31m"), "m.keras: member \"\\x1b[31m\": its name has a control character.");
  EXPECT_EQ(named("\xff"), "m.keras: member \"\\xff\": its name is not UTF-8.");
  EXPECT_EQ(named(""), "m.keras: member \"\": its name is empty.");
  EXPECT_THAT(named(std::string(1025, 'a')), HasSubstr("its name has more than 1024 bytes."));
  EXPECT_EQ(named("a/..b/...c"), "no error");
  EXPECT_EQ(named(std::string(1024, 'a')), "no error");
}

TEST(Zip, RefusesLinksAndDevices) {
  MadeMember link = stored("x", "/etc/passwd");
  link.attributes = uint32_t{0120777} << 16;
  EXPECT_EQ(read({link}), "m.keras: member \"x\": a symbolic link; expected a file.");
  link.attributes = uint32_t{0020666} << 16;
  EXPECT_EQ(read({link}), "m.keras: member \"x\": neither file nor folder; expected a file.");
}

TEST(Zip, RefusesHeadersThatDisagree) {
  const auto changed = [](auto change) {
    MadeMember member = stored("a.json", "12345");
    change(member);
    return read({member});
  };
  constexpr const char* kDisagree = "m.keras: its directory and its members' headers disagree.";
  EXPECT_EQ(
      changed([](MadeMember& a) { a.local_name = "b.json"; }),
      "m.keras: member \"a.json\": its header disagrees with the directory; expected the same "
      "name, got \"b.json\".");
  EXPECT_EQ(changed([](MadeMember& a) { a.local_crc ^= 1; }), kDisagree);
  EXPECT_EQ(changed([](MadeMember& a) { a.local_size = 4; }), kDisagree);
  EXPECT_EQ(changed([](MadeMember& a) { a.local_packed_size = 4; }), kDisagree);
  EXPECT_THAT(changed([](MadeMember& a) { a.offset = 1; }), HasSubstr("no header at byte 1."));
  EXPECT_THAT(changed([](MadeMember& a) { a.offset = 0xFFFFFFFE; }),
              HasSubstr("no header at byte 4294967294."));
  EXPECT_THAT(changed([](MadeMember& a) { a.packed_size = 6; }),
              HasSubstr("it reaches into the directory; expected an end before byte 41, got 42."));
  EXPECT_THAT(changed([](MadeMember& a) { a.packed_size = 0xFFFFFFFF; }),
              HasSubstr("too large; expected less than 4 GiB"));
}

TEST(Zip, RefusesDuplicatesAndEncryption) {
  EXPECT_EQ(read({stored("a", "1"), stored("b", "2"), stored("a", "3")}),
            "m.keras: member \"a\": the name is given twice.");
  MadeMember secret = stored("a", "1234567890123");
  secret.flags = secret.local_flags = 1;
  EXPECT_EQ(read({secret}),
            "m.keras: member \"a\": encrypted. Hint: unpack the archive and pack it "
            "again without a password");
  secret.flags = 0;
  EXPECT_THAT(read({secret}), HasSubstr("encrypted"));
}

TEST(Zip, RefusesOtherMethods) {
  MadeMember bzip = stored("a", "BZh9");
  bzip.method = 12;
  EXPECT_EQ(read({bzip}),
            "m.keras: member \"a\": compression method; expected 0 (stored) or 8 "
            "(deflate), got 12.");
}

TEST(Zip, RefusesWrongBytes) {
  std::string text = MadeArchive({stored("a", "12345")}).text;
  text[32] = 'x';
  EXPECT_THAT(read(text), StartsWith("m.keras: member \"a\": wrong checksum; expected CRC-32 "
                                     "cbf53a1c, got "));
  MadeMember damaged = deflated("a", std::string(100, 'a'));
  damaged.data[0] = '\xFF';
  EXPECT_EQ(read({damaged}), "m.keras: member \"a\": its compressed bytes are damaged.");
  MadeMember trailed = deflated("a", std::string(100, 'a'));
  trailed.data += "more";
  trailed.packed_size += 4;
  trailed.local_packed_size += 4;
  EXPECT_THAT(read({trailed}), HasSubstr("bytes after the end of its compressed ones"));
}

TEST(Zip, RefusesACutFile) {
  const std::string whole = MadeArchive({stored("a", "12345"), deflated("b", "text")}).text;
  constexpr const char* kCut =
      "m.keras: not a complete zip; file may be cut off. Hint: copy or fetch the file again";
  for (size_t size = 4; size < whole.size(); ++size) {
    EXPECT_EQ(read(whole.substr(0, size)), kCut) << size;
  }
  EXPECT_THAT(read(whole.substr(0, 3)), HasSubstr("not a zip file"));
  EXPECT_EQ(read(whole + "more"), kCut);
  EXPECT_THAT(read("x" + whole), HasSubstr("not a zip file; expected \"PK\""));
  EXPECT_THAT(read(whole.substr(0, 4) + "inserted" + whole.substr(4)),
              HasSubstr("its directory does not lie before its end"));
}

TEST(Zip, RefusesAnEndThatMisleads) {
  const std::string whole = MadeArchive({stored("a", "12345")}).text;
  const auto changed = [&](size_t from_end, const std::string& bytes) {
    std::string text = whole;
    return read(text.replace(text.size() - from_end, bytes.size(), bytes));
  };
  EXPECT_THAT(changed(18, "\1"), HasSubstr("one part of several"));
  EXPECT_THAT(changed(12, "\2"), HasSubstr("one part of several"));
  EXPECT_THAT(changed(14, "\2\0\2"s), HasSubstr("no entry of its directory at byte 83"));
  EXPECT_THAT(changed(14, "\0\0\0"s), HasSubstr("no bytes for no members, got 47."));
  EXPECT_THAT(changed(14, "\xFF\xFF\xFF\xFF"), HasSubstr("too large an archive"));
  EXPECT_THAT(changed(6, "\xFF\xFF\xFF\xFF"), HasSubstr("too large an archive"));
  EXPECT_THAT(changed(6, "\x25"), HasSubstr("does not lie before its end"));
  // Two ends: the comment of the first is the second.
  std::string comment = MadeArchive({stored("b", "2")}).text;
  const std::string end = whole.substr(whole.size() - 22);
  std::string first = MadeArchive({stored("a", comment + end)}).text;
  const size_t inner = 31 + comment.size();
  first.replace(inner + 20, 2, MadeArchive::number(first.size() - inner - 22, 2));
  EXPECT_THAT(read(first), HasSubstr("it has two ends"));
}

TEST(Zip, WritesNoArchiveThatItWouldRefuse) {
  const auto refused = [](std::initializer_list<std::pair<std::string, std::string_view>> list) {
    return error_of([&] { write_zip(given(list)); });
  };
  EXPECT_EQ(refused({{"../a", ""}}), "zip: the name \"../a\" leads out of the archive by \"..\".");
  EXPECT_EQ(refused({{"a", ""}, {"a", ""}}), "zip: the name \"a\" is given twice.");
  EXPECT_EQ(refused({{"a/", ""}}), "zip: the name \"a/\" ends with '/', as a folder's does.");
  std::vector<ZipMember> many(16'385);
  for (size_t i = 0; i < many.size(); ++i) many[i].name = std::to_string(i);
  EXPECT_THAT(error_of([&] { write_zip(many); }), HasSubstr("at most 16384 members"));
  many.pop_back();
  const Block file = write_zip(many);
  EXPECT_EQ(read_zip(file.span(), "m").size(), 16'384U);
}

TEST(Zip, SurvivesEveryDamage) {
  MadeMember folder = stored("f/", "");
  const auto file = bytes_of(
      MadeArchive({stored("a", "12345"), deflated("f/b", std::string(300, 'b')), folder}).text);
  const auto visit = [](std::span<const std::byte> bytes) { read_zip(bytes, "m"); };
  EXPECT_EQ(each_beginning(file, visit), file.size());
  // Dates, attributes and versions are free.
  EXPECT_GT(each_flip(file, visit), file.size() * 8 / 2);
}

}  // namespace zip_test
}  // namespace cornu::inline v0::formats
