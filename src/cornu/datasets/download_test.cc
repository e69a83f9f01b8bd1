#include "cornu/datasets/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <stdexcept>

#include "cornu/datasets/load.h"
#include "cornu/datasets/small_set_test.h"
#include "cornu/datasets/test_server_internal.h"

namespace cornu::datasets {
namespace download_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string file_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

class DownloadTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!Transfer::missing().empty()) GTEST_SKIP() << Transfer::missing();
  }

  TestServer::Answer good() {
    return [this](const std::string& path) -> TestReply {
      return {.bytes = http_answer("200 OK", set_.files.at(file_of(path)))};
    };
  }
  static TestServer::Answer always(TestReply reply) {
    return [reply](const std::string&) { return reply; };
  }
  static DownloadPlan plan(std::vector<std::string> mirrors) {
    return {.mirrors = std::move(mirrors), .limits = {.plain_http = true}, .retry_seconds = 0};
  }
  std::string folder() const { return cache_folder() + "/small_set"; }
  std::string hint() const {
    return "Hint: put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
           "t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into " +
           folder() +
           " by hand, or name a folder that holds small_set/ by --data-dir or CORNU_DATASETS; "
           "digits is part of Cornu and needs no network";
  }
  // The file that is requested first.
  const std::vector<std::byte>& first() const { return set_.files.at("t10k-labels-idx1-ubyte.gz"); }

  // The download from a server with this reply fails for that reason and leaves no file behind.
  void expect_refused(const TestReply& reply, const std::string& reason, DownloadPlan with = {}) {
    const TestServer server(always(reply));
    with.mirrors = {server.url()};
    with.limits.plain_http = true;
    with.retry_seconds = 0;
    EXPECT_EQ(message_of([&] { download(set_.entry, folder(), with); }),
              "small_set: cannot download t10k-labels-idx1-ubyte.gz (" + server.url() + ": " +
                  reason + "). " + hint());
    EXPECT_THAT(home_.folder.files(), IsEmpty());
  }

  TestHome home_;
  SmallSet set_;
};

// Without libcurl, and checked as every download is.
TEST(DownloadFunction, ReadsTheFilesInItsPlace) {
  const TestHome home;
  const SmallSet set;
  const std::string folder = cache_folder() + "/small_set";
  std::vector<std::string> asked;
  DownloadPlan plan{.mirrors = {"https://example.org/a"}, .limits = {.slow_seconds = 7}};
  plan.transfer = [&](const std::string& address, uint64_t most, const TransferLimits& limits,
                      PartFile& part, const std::function<void(uint64_t)>&) -> Transferred {
    EXPECT_EQ(limits.slow_seconds, 7);
    asked.push_back(address);
    const std::vector<std::byte>& bytes = set.files.at(file_of(address));
    EXPECT_EQ(most, bytes.size());
    if (asked.size() == 1) return {TransferEnd::refused, "refused"};
    part.restart(address, "");
    part.add(asked.size() == 2 ? std::vector<std::byte>(bytes.size()) : bytes);
    return {};
  };
  EXPECT_THAT(message_of([&] { download(set.entry, folder, plan); }), HasSubstr("a: refused). "));
  EXPECT_THAT(message_of([&] { download(set.entry, folder, plan); }),
              HasSubstr("a: wrong size; expected "));
  asked.resize(3);
  download(set.entry, folder, plan);
  EXPECT_THAT(asked, testing::Contains("https://example.org/a/train-images-idx3-ubyte.gz"));
  EXPECT_EQ(load(set.entry, {.download = false}).train.size(), 3);
}

TEST_F(DownloadTest, PutsEveryFileInPlaceTheFirstOneLast) {
  const TestServer server(good());
  download(set_.entry, folder(), plan({server.url() + "a/"}));
  EXPECT_THAT(server.asked(),
              ElementsAre("/a/t10k-labels-idx1-ubyte.gz", "/a/t10k-images-idx3-ubyte.gz",
                          "/a/train-labels-idx1-ubyte.gz", "/a/train-images-idx3-ubyte.gz"));
  const std::string own = ".cache/cornu/small_set/";
  EXPECT_THAT(home_.folder.files(),
              ElementsAre(own + "t10k-images-idx3-ubyte.gz", own + "t10k-labels-idx1-ubyte.gz",
                          own + "train-images-idx3-ubyte.gz", own + "train-labels-idx1-ubyte.gz"));
  for (const DatasetFile& file : set_.entry.files) {
    EXPECT_EQ(read_file(folder() + "/" + file.name + ".gz"), set_.files.at(file.name + ".gz"));
  }
  EXPECT_EQ(load(set_.entry, {.download = false}).train.size(), 3);
}

TEST_F(DownloadTest, TriesTheNextMirrorAndStaysThere) {
  const TestServer bad(always({.bytes = http_answer("404 Not Found", "no such file")}));
  const TestServer server(good());
  download(set_.entry, folder(), plan({bad.url(), server.url()}));
  EXPECT_EQ(bad.asked().size(), 1u);
  EXPECT_EQ(server.asked().size(), 4u);
  EXPECT_EQ(load(set_.entry, {.download = false}).test.size(), 2);
}

TEST_F(DownloadTest, NamesEveryMirrorWithItsReason) {
  const TestServer one(always({.bytes = http_answer("404 Not Found", "no such file")}));
  const TestServer two(always({.bytes = http_answer("503 Service Unavailable", "")}));
  EXPECT_EQ(message_of([&] {
              download(set_.entry, folder(), plan({one.url(), two.url()}));
            }),
            "small_set: cannot download t10k-labels-idx1-ubyte.gz (" + one.url() + ": HTTP 404; " +
                two.url() + ": HTTP 503). " + hint());
  EXPECT_THAT(home_.folder.files(), IsEmpty());
}

TEST_F(DownloadTest, RefusesAFileThatIsCutOff) {
  const std::string whole = http_answer("200 OK", first());
  const size_t head = whole.size() - first().size();
  const size_t sent = first().size() * 9 / 10;
  expect_refused({.bytes = whole.substr(0, head + sent)},
                 "cut off after " + std::to_string(sent) + " bytes");
  // Without a length only the content shows the damage.
  const std::string unsaid = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
  expect_refused({.bytes = unsaid + whole.substr(head, sent)},
                 "wrong size; expected " + std::to_string(first().size()) + " bytes, got " +
                     std::to_string(sent) + "; it was not kept");
  expect_refused({.bytes = unsaid + whole.substr(head, sent)},
                 "unexpected end at byte " + std::to_string(sent) + "; it was not kept",
                 {.published = false});
}

TEST_F(DownloadTest, RefusesAWebPage) {
  const std::string shown = "a web page in place of the file, which begin \"";
  const std::string why = "; some networks ask to sign in so; it was not kept";
  expect_refused({.bytes = http_answer("200 OK", "<html><p>Sign in")},
                 shown + "<html><p>Sign in\"" + why);
  // A page that is longer than the file, behind spaces, of a mirror of the user's own.
  expect_refused({.bytes = http_answer("200 OK", "\r\n <!DOCTYPE html>" + std::string(9000, '.'))},
                 "a web page in place of the file" + why, {.published = false});
  expect_refused({.bytes = http_answer("200 OK", "No such file, sorry.")},
                 "wrong size; expected 10 bytes, got 20, which begin \"No such file, sorry.\"; it "
                 "was not kept");
}

TEST_F(DownloadTest, RefusesWrongBytes) {
  std::vector<std::byte> gz = first();
  gz.back() ^= std::byte{1};
  expect_refused({.bytes = http_answer("200 OK", gz)},
                 "wrong checksum; expected SHA-256 " + set_.entry.files[3].gz_sha256 + ", got " +
                     formats::sha256(gz) + "; it was not kept");
  std::vector<std::byte> payload = set_.files.at("t10k-labels-idx1-ubyte");
  payload.back() ^= std::byte{1};
  expect_refused({.bytes = http_answer("200 OK", formats::gzip(payload))},
                 "wrong checksum; expected SHA-256 " + set_.entry.files[3].sha256 + ", got " +
                     formats::sha256(payload) + "; it was not kept",
                 {.published = false});
}

TEST_F(DownloadTest, StopsAServerThatSendsTooMuch) {
  std::vector<std::byte> more = first();
  more.resize(more.size() + 1);
  expect_refused({.bytes = http_answer("200 OK", more)},
                 "sends more than " + std::to_string(first().size()) + " bytes; it was not kept");
  const std::string endless = "HTTP/1.1 200 OK\r\n\r\n" + std::string(100000, '\x1f');
  expect_refused({.bytes = endless, .hangs = true}, "sends more than 4106 bytes; it was not kept",
                 {.published = false});
}

TEST_F(DownloadTest, FollowsNoRedirectToPlainHttp) {
  expect_refused({.bytes = http_answer("302 Found", "", "Location: http://example.com/x.gz\r\n")},
                 "leads on to http://example.com/x.gz, which is not https://");
  expect_refused({.bytes = http_answer("302 Found", "", "Location: file:///etc/passwd\r\n")},
                 "leads on to file:///etc/passwd, which is not https://");
}

TEST_F(DownloadTest, RefusesAnAnswerWithoutAFile) {
  expect_refused({.bytes = http_answer("204 No Content", "")}, "HTTP 204");
  expect_refused({.bytes = http_answer("206 Partial Content", "nobody asked for a part")},
                 "HTTP 206");
  expect_refused({.bytes = ""}, "Empty reply from server");
}

TEST_F(DownloadTest, FollowsARedirectToHttps) {
  // The https server never completes a handshake; a timeout shows that it was contacted.
  const TestServer target(always({}));
  const TestServer server(always(
      {.bytes = http_answer("302 Found", "", "Location: https://" + target.host() + "/\r\n")}));
  DownloadPlan with = plan({server.url()});
  with.limits.connect_seconds = 0.3;
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), with); }),
              HasSubstr(server.url() + ": no connection within "));
}

TEST_F(DownloadTest, WaitsForASlowServer) {
  const TestServer server([this](const std::string& path) -> TestReply {
    return {.bytes = http_answer("200 OK", set_.files.at(file_of(path))), .delay = 0.2};
  });
  DownloadPlan with = plan({server.url()});
  with.limits.connect_seconds = 0.5;  // less than the four answers take
  EXPECT_NO_THROW(download(set_.entry, folder(), with));
}

TEST_F(DownloadTest, GivesUpAServerThatNeverAnswers) {
  expect_refused({.bytes = "", .hangs = true}, "under 1024 bytes a second for 1 s, after 0 bytes",
                 {.limits = {.slow_seconds = 1}});
  const std::string some = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc";
  expect_refused({.bytes = some, .hangs = true}, "under 1024 bytes a second for 1 s, after 3 bytes",
                 {.limits = {.slow_seconds = 1}});
}

TEST_F(DownloadTest, GivesUpConnectingAfterATimeForAllMirrors) {
  const TestServer one(always({})), two(always({}));
  const std::vector<std::string> mirrors{"https://" + one.host() + "/",
                                         "https://" + two.host() + "/"};
  DownloadPlan with{.mirrors = mirrors, .limits = {.connect_seconds = 0.4}};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), with); }),
              HasSubstr("(" + mirrors[0] + ": no connection within 0.4 s; " + mirrors[1] +
                        ": not tried: connecting took 0.4 s already). Hint: "));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
}

TEST_F(DownloadTest, NamesAServerThatIsNotThere) {
  uint16_t port = 0;
  {
    const TestServer gone(always({}));
    port = static_cast<uint16_t>(std::stoi(gone.host().substr(gone.host().rfind(':') + 1)));
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/";
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), plan({url})); }),
              HasSubstr("(" + url + ": Failed to connect to 127.0.0.1 port"));
}

TEST_F(DownloadTest, NamesAHostThatCannotBeResolved) {
  DownloadPlan with = plan({"https://no-such-host.invalid/"});
  with.limits.connect_seconds = 2;
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), with); }),
              testing::AnyOf(HasSubstr("Could not resolve host: no-such-host.invalid). Hint: "),
                             HasSubstr("no connection within 2 s). Hint: ")));
}

TEST_F(DownloadTest, IsHttpsOnlyWithoutAMirrorOfTheUsers) {
  const TestServer server(good());
  EXPECT_THAT(
      message_of([&] {
        download(set_.entry, folder(), {.mirrors = {server.url(), "ftp://127.0.0.1/"}});
      }),
      HasSubstr("(" + server.url() +
                ": not an https:// address; ftp://127.0.0.1/: not an https:// address). Hint: "));
  EXPECT_THAT(server.asked(), IsEmpty());
}

TEST_F(DownloadTest, ShowsNoPassword) {
  const TestServer server(always({.bytes = http_answer("401 Unauthorized", "")}));
  EXPECT_THAT(message_of([&] {
                download(set_.entry, folder(), plan({"http://ada:secret@" + server.host()}));
              }),
              HasSubstr("(http://" + server.host() + ": HTTP 401). Hint"));
}

TEST_F(DownloadTest, RefusesALengthThatIsNotTheFiles) {
  const std::string length = "Content-Length: ";
  const std::string right = length + std::to_string(first().size());
  std::string longer = http_answer("200 OK", first()), shorter = longer;
  longer.replace(longer.find(right), right.size(), length + std::to_string(first().size() + 7));
  shorter.replace(shorter.find(right), right.size(), length + std::to_string(first().size() - 7));
  const std::string size = std::to_string(first().size());
  expect_refused({.bytes = longer}, "cut off after " + size + " bytes");
  expect_refused({.bytes = shorter}, "wrong size; expected " + size + " bytes, got " +
                                         std::to_string(first().size() - 7) + "; it was not kept");
}

// A server that takes the file's own packing for that of the transfer.
TEST_F(DownloadTest, UndoesNoEncoding) {
  const TestServer server([this](const std::string& path) -> TestReply {
    const std::string field = "Content-Encoding: gzip\r\n";
    return {.bytes = http_answer("200 OK", set_.files.at(file_of(path)), field)};
  });
  download(set_.entry, folder(), plan({server.url()}));
  EXPECT_THAT(server.fields("Accept-Encoding"), testing::Each(""));
  EXPECT_NO_THROW(verify(set_.entry));
}

TEST_F(DownloadTest, FollowsAsManyRedirectsAsItMay) {
  DownloadPlan with;
  with.limits.redirects = 0;
  expect_refused({.bytes = http_answer("302 Found", "", "Location: https://127.0.0.1:9/\r\n")},
                 "more than 0 redirects", with);
  EXPECT_EQ(TransferLimits().redirects, 5);
}

TEST_F(DownloadTest, GoesThroughAProxy) {
  const TestServer proxy(good());
  const TestVariable plain("http_proxy", proxy.url()), secure("https_proxy", proxy.url());
  download(set_.entry, folder(), plan({"http://mirror.invalid/sets"}));
  EXPECT_EQ(proxy.asked()[3], "http://mirror.invalid/sets/train-images-idx3-ubyte.gz");
  EXPECT_NO_THROW(verify(set_.entry));
}

TEST_F(DownloadTest, GoesThroughAProxyByATunnelToHttps) {
  const TestServer proxy(always({.bytes = http_answer("403 Forbidden", "")}));
  const TestVariable secure("https_proxy", proxy.url());
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), plan({"https://mirror.invalid"})); }),
              HasSubstr("(https://mirror.invalid: "));
  EXPECT_THAT(proxy.asked(), ElementsAre("mirror.invalid:443"));
}

TEST_F(DownloadTest, PassesByTheProxyForSomeHosts) {
  const TestServer proxy(good()), server(good());
  const TestVariable variable("http_proxy", proxy.url());
  const TestVariable none("no_proxy", "127.0.0.1");
  download(set_.entry, folder(), plan({server.url()}));
  EXPECT_THAT(proxy.asked(), IsEmpty());
  EXPECT_EQ(server.asked().size(), 4u);
}

TEST_F(DownloadTest, ContinuesWhereItWasCutShort) {
  {
    const TestServer server([this](const std::string& path) -> TestReply {
      if (file_of(path) == "train-images-idx3-ubyte.gz") return {};
      return {.bytes = http_answer("200 OK", set_.files.at(file_of(path)))};
    });
    EXPECT_THAT(message_of([&] { download(set_.entry, folder(), plan({server.url()})); }),
                HasSubstr("cannot download train-images-idx3-ubyte.gz"));
  }
  EXPECT_EQ(home_.folder.files().size(), 3u);
  EXPECT_FALSE(find(set_.entry).found());
  const TestServer server(good());
  download(set_.entry, folder(), plan({server.url()}));
  EXPECT_THAT(server.asked(), ElementsAre("/train-images-idx3-ubyte.gz"));
}

TEST_F(DownloadTest, ReplacesDamagedFiles) {
  set_.write(cache_folder());
  replace_file(folder() + "/train-labels-idx1-ubyte.gz", std::string("damaged"));
  replace_file(folder() + "/t10k-images-idx3-ubyte", std::string("damaged too"));
  const TestServer server(good());
  download(set_.entry, folder(), plan({server.url()}));
  EXPECT_THAT(server.asked(),
              ElementsAre("/t10k-images-idx3-ubyte.gz", "/train-labels-idx1-ubyte.gz"));
  EXPECT_NO_THROW(verify(set_.entry));
  EXPECT_EQ(home_.folder.files().size(), 4u);
}

TEST_F(DownloadTest, LeavesNothingOfAFileThatChangedOnTheWay) {
  const TestServer server(always({.bytes = http_answer("200 OK", first(), "ETag: \"a\"\r\n")}));
  set_.entry.files[3].gz_sha256 = std::string(64, '0');
  EXPECT_THAT(message_of([&] { download(set_.entry, folder(), plan({server.url()})); }),
              HasSubstr("wrong checksum; expected SHA-256 000"));
  EXPECT_EQ(server.asked().size(), 1u) << "asking again would give the same";
  EXPECT_THAT(home_.folder.files(), IsEmpty());
}

TEST_F(DownloadTest, SaysThatTheFolderCannotBeWritten) {
  std::filesystem::create_directories(home_.folder.path() + "/.cache");
  replace_file(home_.folder.path() + "/.cache/cornu", std::string("a file in its place"));
  EXPECT_EQ(message_of([&] { download(set_.entry, folder(), plan({"https://nowhere.invalid"})); }),
            "small_set: cannot write into " + folder() +
                ": Not a directory. Hint: set XDG_CACHE_HOME to a folder that can be written");
}

TEST_F(DownloadTest, EndsWithTheExceptionOfItsProgress) {
  const TestServer server(good());
  DownloadPlan with = plan({server.url()});
  with.progress = [](const std::string&, uint64_t, uint64_t) {
    throw std::runtime_error("enough");
  };
  EXPECT_THROW(download(set_.entry, folder(), with), std::runtime_error);
  EXPECT_THAT(home_.folder.files(), IsEmpty());
}

TEST_F(DownloadTest, PlansWithTheSetsOwnMirrors) {
  set_.entry.mirrors = {"https://one/", "https://two/"};
  const DownloadPlan own = download_plan(set_.entry, {.connect_seconds = 3});
  EXPECT_EQ(own.mirrors, set_.entry.mirrors);
  EXPECT_TRUE(own.published);
  EXPECT_FALSE(own.limits.plain_http);
  EXPECT_EQ(own.limits.connect_seconds, 3);
  EXPECT_FALSE(own.progress);
  EXPECT_EQ(download_plan(set_.entry, {}).limits.connect_seconds, 10);
}

TEST_F(DownloadTest, PlansWithTheUsersMirrorInstead) {
  set_.entry.mirrors = {"https://one/"};
  const TestVariable mirror("CORNU_MIRROR", "http://mine:8000/sets/");
  std::ostringstream said;
  const DownloadPlan mine = download_plan(set_.entry, {.progress = &said});
  mine.waiting("one.gz");
  EXPECT_EQ(said.str(), "waiting for another process that downloads one.gz\n");
  EXPECT_THAT(mine.mirrors,
              ElementsAre("http://mine:8000/sets/small_set/", "http://mine:8000/sets/"));
  EXPECT_FALSE(mine.published);
  EXPECT_TRUE(mine.limits.plain_http);
  const TestVariable empty("CORNU_MIRROR", "");
  EXPECT_EQ(download_plan(set_.entry, {}).mirrors, set_.entry.mirrors);
}

TEST_F(DownloadTest, HappensWhenASetIsNowhere) {
  const TestServer server([this](const std::string& path) -> TestReply {
    if (!path.starts_with("/small_set/")) return {.bytes = http_answer("404 Not Found", "")};
    return {.bytes = http_answer("200 OK", set_.files.at(file_of(path)))};
  });
  const TestVariable mirror("CORNU_MIRROR", server.url());
  std::ostringstream out;
  const Dataset train = load(set_.entry, {.progress = &out}).train;
  EXPECT_EQ(train.info().origin, folder());
  EXPECT_EQ(train.info().sha256, set_.entry.train_sha256);
  EXPECT_EQ(out.str(),
            "downloading t10k-labels-idx1-ubyte.gz (0.0 kB)\n"
            "downloading t10k-images-idx3-ubyte.gz (0.0 kB)\n"
            "downloading train-labels-idx1-ubyte.gz (0.0 kB)\n"
            "downloading train-images-idx3-ubyte.gz (0.0 kB)\n");
  load(set_.entry);
  EXPECT_EQ(server.asked().size(), 4u);
}

TEST_F(DownloadTest, FetchFillsTheCacheThoughTheSetIsElsewhere) {
  const TestServer server([this](const std::string& path) -> TestReply {
    if (path.starts_with("/small_set/")) return {.bytes = http_answer("404 Not Found", "")};
    return {.bytes = http_answer("200 OK", set_.files.at(file_of(path)))};
  });
  const TestVariable mirror("CORNU_MIRROR", server.url());
  const TestFolder elsewhere;
  set_.write(elsewhere.path());
  EXPECT_EQ(fetch(set_.entry, {.data_dir = elsewhere.path()}), folder());
  EXPECT_EQ(server.asked().size(), 5u);  // the first answer says that URL/small_set/ is not there
  EXPECT_EQ(home_.folder.files().size(), 4u);
}

TEST_F(DownloadTest, OfflineNothingIsAsked) {
  const TestServer server(good());
  const TestVariable mirror("CORNU_MIRROR", server.url());
  const auto refused = [&](const DatasetOptions& options) {
    EXPECT_THAT(message_of([&] { load(set_.entry, options); }),
                HasSubstr("small_set: not found; expected train-images-idx3-ubyte or "));
    return message_of([&] { fetch(set_.entry, options); });
  };
  EXPECT_THAT(refused({.download = false}), HasSubstr("Hint: `cornu fetch small_set` downloads"));
  {
    const TestVariable offline("CORNU_OFFLINE", "1");
    EXPECT_THAT(refused({}), HasSubstr("Hint: without --offline and CORNU_OFFLINE `cornu fetch "));
    set_.write(cache_folder());
    EXPECT_EQ(fetch(set_.entry), folder()) << "which is there";
    replace_file(folder() + "/train-labels-idx1-ubyte.gz", std::string("damaged"));
    EXPECT_THAT(message_of([&] { fetch(set_.entry); }), HasSubstr("ubyte.gz: wrong size"));
  }
  EXPECT_THAT(server.asked(), IsEmpty());
  const TestVariable online("CORNU_OFFLINE", "0");
  fetch(set_.entry);
  EXPECT_THAT(server.asked(), ElementsAre("/small_set/train-labels-idx1-ubyte.gz"));
}

}  // namespace download_test
}  // namespace cornu::datasets
