// Downloads that are cut off, and go on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "cornu/datasets/download.h"
#include "cornu/datasets/search.h"
#include "cornu/datasets/small_set_test.h"
#include "cornu/datasets/test_server_internal.h"

namespace cornu::datasets {
namespace part_file_test {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A set of one file is enough: the bytes are no images until it is read.
class PartFileTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!Transfer::missing().empty()) GTEST_SKIP() << Transfer::missing();
    set_.entry.files = {set_.entry.files[0]};
  }

  const std::vector<std::byte>& whole() const {
    return set_.files.at("train-images-idx3-ubyte.gz");
  }
  std::string folder() const { return cache_folder() + "/small_set"; }
  std::string file() const { return folder() + "/train-images-idx3-ubyte.gz"; }
  static DownloadPlan plan(const TestServer& server) {
    return {.mirrors = {server.url()},
            .limits = {.slow_seconds = 1, .plain_http = true},
            .retry_seconds = 0};
  }
  std::string message(const DownloadPlan& with) {
    return message_of([&] { download(set_.entry, folder(), with); });
  }

  // At most `sent` bytes of the file from where the request wants them, then the connection ends.
  TestReply cut(const std::string& request, size_t sent, const std::string& tag = "\"one\"") const {
    const std::string range = field_of(request, "Range");
    const bool is_rest = !range.empty() && field_of(request, "If-Range") == tag;
    const size_t from = is_rest ? std::stoul(range.substr(range.find('=') + 1)) : 0;
    const auto rest = std::span(whole()).subspan(from);
    const std::string fields = "ETag: " + tag + "\r\n" +
                               (is_rest ? "Content-Range: bytes " + std::to_string(from) + "-" +
                                              std::to_string(whole().size() - 1) + "/" +
                                              std::to_string(whole().size()) + "\r\n"
                                        : "");
    const std::string answer =
        http_answer(is_rest ? "206 Partial Content" : "200 OK", rest, fields);
    const size_t head = answer.size() - rest.size();
    return {.bytes = answer.substr(0, head + std::min(sent, rest.size()))};
  }
  TestServer::AnswerToRequest cuts(size_t sent, const std::string& tag = "\"one\"") const {
    return [this, sent, tag](const std::string&, const std::string& request) {
      return cut(request, sent, tag);
    };
  }
  // What a download leaves that got no further than `sent` bytes.
  void begin(const TestServer& server) {
    DownloadPlan with = plan(server);
    with.retries = 0;
    EXPECT_THAT(message(with), HasSubstr("are kept for the next try"));
    EXPECT_THAT(home_.folder.files(),
                ElementsAre(".cache/cornu/small_set/train-images-idx3-ubyte.gz.part"));
  }
  void expect_whole() {
    EXPECT_EQ(read_file(file()), whole());
    EXPECT_EQ(home_.folder.files().size(), 1u) << "nothing else is left";
  }

  TestHome home_;
  SmallSet set_;
};

TEST_F(PartFileTest, AFileThatIsCutOffGoesOnByItself) {
  const size_t third = whole().size() / 3;
  const TestServer server(cuts(third + 1));
  std::vector<uint64_t> shown;
  DownloadPlan with = plan(server);
  with.progress = [&](const std::string&, uint64_t bytes, uint64_t) { shown.push_back(bytes); };
  download(set_.entry, folder(), with);
  const auto from = [&](size_t bytes) { return "bytes=" + std::to_string(bytes) + "-"; };
  EXPECT_THAT(server.fields("Range"), ElementsAre("", from(third + 1), from(2 * third + 2)));
  EXPECT_THAT(server.fields("If-Range"), ElementsAre("", "\"one\"", "\"one\""));
  EXPECT_THAT(shown, ElementsAre(third + 1, 2 * third + 2, whole().size(), whole().size()));
  expect_whole();
}

TEST_F(PartFileTest, AfterThreeMoreTriesItIsGivenUpAndTheNextCallGoesOn) {
  const TestServer server(cuts(2));
  EXPECT_THAT(
      message(plan(server)),
      HasSubstr(server.url() + ": cut off after 8 bytes, which are kept for the next try)"));
  EXPECT_EQ(server.asked().size(), 4u);
  EXPECT_FALSE(std::filesystem::exists(file()));
  DownloadPlan with = plan(server);
  with.retries = 1000;
  download(set_.entry, folder(), with);
  EXPECT_EQ(server.fields("Range")[4], "bytes=8-");
  expect_whole();
}

TEST_F(PartFileTest, AChangedFileIsReadFromItsBeginning) {
  std::string tag = "\"old\"";
  const TestServer server([&](const std::string&, const std::string& request) {
    return cut(request, tag == "\"old\"" ? 5 : 1000, tag);
  });
  begin(server);
  tag = "\"new\"";
  download(set_.entry, folder(), plan(server));
  EXPECT_THAT(server.fields("If-Range"), ElementsAre("", "\"old\""));
  expect_whole();
}

// As those that know no ranges do.
TEST_F(PartFileTest, AServerThatSendsAllAgainIsFine) {
  size_t sent = 5;
  const TestServer server([&](const std::string&, const std::string&) { return cut("", sent); });
  begin(server);
  sent = 1000;
  download(set_.entry, folder(), plan(server));
  EXPECT_THAT(server.fields("Range"), ElementsAre("", "bytes=5-"));
  expect_whole();
}

TEST_F(PartFileTest, AServerWithoutVersionsIsAskedForAllOfIt) {
  for (const char* const field : {"", "ETag: W/\"weak\"\r\n"}) {
    const TestServer server([&](const std::string&) -> TestReply {
      const std::string answer = http_answer("200 OK", whole(), field);
      return {.bytes = answer.substr(0, answer.size() - 3)};
    });
    EXPECT_THAT(message(plan(server)),
                HasSubstr("cut off after " + std::to_string(whole().size() - 3) + " bytes)"));
    EXPECT_THAT(server.fields("Range"), ElementsAre("", "", "", ""));
    EXPECT_THAT(home_.folder.files(), IsEmpty());
  }
}

TEST_F(PartFileTest, ADateNamesAVersionToo) {
  const std::string date = "Mon, 02 Nov 2026 10:00:00 GMT";
  const TestServer server([&](const std::string&) -> TestReply {
    const std::string answer = http_answer("200 OK", whole(), "Last-Modified: " + date + "\r\n");
    return {.bytes = answer.substr(0, answer.size() - 3)};
  });
  EXPECT_THAT(message(plan(server)), HasSubstr("are kept for the next try"));
  EXPECT_THAT(server.fields("If-Range"), ElementsAre("", date, date, date));
}

// What is kept is trusted no more than what a server sends.
TEST_F(PartFileTest, WrongBytesInTheBeginningAreFoundAndReadAgain) {
  size_t sent = 5;
  const TestServer server(
      [&](const std::string&, const std::string& request) { return cut(request, sent); });
  begin(server);
  std::vector<std::byte> part = read_file(file() + ".part");
  part.back() ^= std::byte{1};
  replace_file(file() + ".part", part);
  sent = 1000;
  download(set_.entry, folder(), plan(server));
  EXPECT_THAT(server.fields("Range"), ElementsAre("", "bytes=5-", ""));
  expect_whole();
}

TEST_F(PartFileTest, ADamagedPartIsNoPart) {
  const TestServer server(cuts(1000));
  std::filesystem::create_directories(folder());
  for (const std::string& part : {std::string("x"), std::string(9000, '\n'), std::string("a\nb\n"),
                                  "a\n" + std::string(300, 'b') + "\nc"}) {
    std::filesystem::remove(file());
    replace_file(file() + ".part", part);
    download(set_.entry, folder(), plan(server));
    expect_whole();
  }
  EXPECT_THAT(server.fields("Range"), Each(""));
}

TEST_F(PartFileTest, APartOfAnotherAddressIsLeftAlone) {
  const TestServer one(cuts(5)), two(cuts(1000));
  begin(one);
  download(set_.entry, folder(), plan(two));
  EXPECT_THAT(two.fields("Range"), ElementsAre(""));
  expect_whole();
}

TEST_F(PartFileTest, AnAddressIsKeptWithoutItsPassword) {
  const TestServer server(cuts(5));
  DownloadPlan with = plan(server);
  with.mirrors = {"http://ada:secret@" + server.host()};
  message(with);
  const std::vector<std::byte> part = read_file(file() + ".part");
  const std::string text(reinterpret_cast<const char*>(part.data()), part.size());
  EXPECT_THAT(text, testing::Not(HasSubstr("secret")));
}

TEST_F(PartFileTest, WrongAnswersToARangeBeginAnew) {
  for (const char* const answer : {"416 Range Not Satisfiable", "206 Partial Content",
                                   "206 Partial Content\r\nContent-Range: bytes 1-5/6"}) {
    std::filesystem::remove(file());
    size_t sent = 5;
    const TestServer server([&](const std::string&, const std::string& request) -> TestReply {
      if (field_of(request, "Range").empty()) return cut(request, sent);
      return {.bytes = http_answer(answer, "x")};
    });
    begin(server);
    sent = 1000;
    download(set_.entry, folder(), plan(server));
    EXPECT_THAT(server.fields("Range"), ElementsAre("", "bytes=5-", "")) << answer;
    expect_whole();
  }
}

TEST_F(PartFileTest, ARestFromAnotherPlaceIsNamed) {
  const TestServer server([&](const std::string&, const std::string& request) -> TestReply {
    if (field_of(request, "Range").empty()) return cut(request, 5);
    return {.bytes = http_answer("206 Partial Content", std::span(whole()).subspan(4),
                                 "Content-Range: bytes 4-9/10\r\n")};
  });
  begin(server);
  DownloadPlan with = plan(server);
  with.retries = 0;
  EXPECT_THAT(message(with), HasSubstr(": HTTP 206 in place of the rest of the file). "));
  EXPECT_THAT(home_.folder.files(), IsEmpty());
}

TEST_F(PartFileTest, ARestThatIsTooLongBeginsAnew) {
  size_t sent = 5;
  const TestServer server([&](const std::string&, const std::string& request) -> TestReply {
    if (field_of(request, "Range").empty()) return cut(request, sent);
    return {.bytes = http_answer("206 Partial Content", std::string(9000, 'x'),
                                 "Content-Range: bytes 5-9004/9005\r\n")};
  });
  begin(server);
  sent = 1000;
  download(set_.entry, folder(), plan(server));
  expect_whole();
}

TEST_F(PartFileTest, AServerThatHasNoTimeLeavesThePart) {
  bool is_busy = false;
  size_t sent = 5;
  const TestServer server([&](const std::string&, const std::string& request) -> TestReply {
    return is_busy ? TestReply{.bytes = http_answer("503 Service Unavailable", "")}
                   : cut(request, sent);
  });
  begin(server);
  is_busy = true;
  EXPECT_THAT(message(plan(server)), HasSubstr(": HTTP 503). "));
  EXPECT_EQ(home_.folder.files().size(), 1u);
  is_busy = false;
  sent = 1000;
  download(set_.entry, folder(), plan(server));
  EXPECT_EQ(server.fields("Range").back(), "bytes=5-");
}

TEST_F(PartFileTest, ASlowServerIsGivenUpAndThePartIsKept) {
  const TestServer server([&](const std::string&, const std::string& request) {
    TestReply reply = cut(request, 1000);
    reply.drip = 0.01;
    return reply;
  });
  EXPECT_THAT(message(plan(server)), HasSubstr("under 1024 bytes a second for 1 s"));
  EXPECT_EQ(server.asked().size(), 1u);
}

// A write that the disk has no room for.
class FullDisk final : public FileSystem {
 public:
  void read(const std::string& path, uint64_t limit, const Room& room) override {
    system_files().read(path, limit, room);
  }
  int create(const std::string& path, uint32_t mode) override {
    return system_files().create(path, mode);
  }
  void write(int, std::span<const std::byte>, const std::string& path) override {
    throw Error({.where = path, .what = "cannot write: No space left on device"});
  }
  void sync(int, const std::string&) override {}
  void close(int, const std::string&) override {}
  void rename(const std::string&, const std::string&) override {}
  void sync_folder(const std::string&) override {}
  void remove(const std::string&) override {}
};

TEST_F(PartFileTest, AFullDiskIsToldAndLeavesNothing) {
  const TestServer server(cuts(1000));
  std::filesystem::create_directories(folder());
  FullDisk disk;
  EXPECT_EQ(message_of([&] {
              PartFile part(file() + ".part", 1000, {}, disk);
              Transfer(plan(server).limits).get(server.url() + "x.gz", 1000, part);
            }),
            file() + ".part: cannot write: No space left on device.");
  EXPECT_THAT(home_.folder.files(), IsEmpty());
}

TEST_F(PartFileTest, APlaceThatCannotBeWrittenIsNamed) {
  std::filesystem::create_directories(file() + ".part");
  EXPECT_EQ(message_of([&] { PartFile part(file() + ".part", 1000); }),
            file() + ".part: cannot create: Is a directory.");
}

TEST_F(PartFileTest, AKilledDownloadGoesOn) {
  std::atomic<bool> has_sent = false;
  const TestServer server([&](const std::string&, const std::string& request) {
    TestReply reply = cut(request, has_sent ? 1000 : 9);
    reply.hangs = !has_sent;
    has_sent = true;
    return reply;
  });
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      download(set_.entry, folder(), {.mirrors = {server.url()}, .limits = {.plain_http = true}});
    } catch (...) {
    }
    ::_exit(0);
  }
  const auto has_arrived = [&] {
    const size_t lines = 65 + 6;  // a fingerprint, and the tag in quotes
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(file() + ".part", error);
    return !error && size == lines + 9;
  };
  while (!has_arrived()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  download(set_.entry, folder(), plan(server));
  EXPECT_THAT(server.fields("Range"), ElementsAre("", "bytes=9-"));
  expect_whole();
}

TEST_F(PartFileTest, ASecondDownloadWaitsForTheFirst) {
  const TestServer server([&](const std::string&, const std::string& request) {
    TestReply reply = cut(request, 1000);
    reply.delay = 0.3;
    return reply;
  });
  std::thread first([&] { download(set_.entry, folder(), plan(server)); });
  while (server.asked().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::string waited;
  DownloadPlan with = plan(server);
  with.waiting = [&](const std::string& name) { waited += name; };
  download(set_.entry, folder(), with);
  first.join();
  EXPECT_EQ(waited, "train-images-idx3-ubyte.gz");
  EXPECT_EQ(server.asked().size(), 1u);
  expect_whole();
}

TEST_F(PartFileTest, APartThatIsWholeNeedsNoServer) {
  std::filesystem::create_directories(folder());
  {
    PartFile part(file() + ".part", 1000);
    part.restart("http://nowhere.invalid/", "\"one\"");
    part.add(whole());
  }
  download(set_.entry, folder(), {.mirrors = {}});
  expect_whole();
}

}  // namespace part_file_test
}  // namespace cornu::datasets
