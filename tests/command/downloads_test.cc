// Downloads by the command: ended by Ctrl-C, and forbidden.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cornu/datasets/test_server_internal.h"
#include "cornu/datasets/transfer.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace downloads_test {

using testing::HasSubstr;
using testing::IsEmpty;

using datasets::TestReply;
using datasets::TestServer;

class Downloads : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    if (!datasets::Transfer::missing().empty()) GTEST_SKIP() << datasets::Transfer::missing();
  }
};

// The first file of MNIST that is downloaded has 4,542 bytes; the server sends 1,000 and waits.
TEST_F(Downloads, EndAtOnceByCtrlCAndGoOnInTheNextCall) {
  const TestServer server([](const std::string&, const std::string& request) -> TestReply {
    if (!datasets::field_of(request, "Range").empty()) {
      return {.bytes = datasets::http_answer("404 Not Found", "")};
    }
    const std::string head =
        "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 4542\r\n\r\n\x1f\x8b";
    return {.bytes = head + std::string(998, 'x'), .hangs = true};
  });
  const std::string mirror = "export CORNU_MIRROR=" + server.url() + "; ";
  // A shell lets what it starts in the background ignore SIGINT.
  const auto ended = [&](const std::string& call) {
    return mirror + "part=.cache/cornu/mnist/t10k-labels-idx1-ubyte.gz.part; rm -f $part; " +
           "env --default-signal=INT cornu " + call + " & until [ -s $part ] && " +
           "[ $(stat -c %s $part) -gt 1000 ]; do sleep 0.02; done; kill -INT $!; wait $!";
  };
  EXPECT_EQ(shell_.run(ended("fetch mnist")).status, 130);
  EXPECT_THAT(shell_.run(mirror + "cornu fetch mnist").err, HasSubstr("HTTP 404"));
  EXPECT_EQ(server.fields("Range")[1], "bytes=1000-");
  EXPECT_EQ(shell_.run(ended("train mnist --out run")).status, 130);
  EXPECT_THAT(shell_.run("cornu train --resume run --offline").err,
              HasSubstr("cornu: mnist: not found"));
}

TEST_F(Downloads, AreForbiddenByAnOptionOrAVariable) {
  const TestServer server([](const std::string&) -> TestReply { return {}; });
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --offline --out run").status, 0);
  const std::string at = "CORNU_MIRROR=" + server.url() + " ";
  for (const std::string& call :
       {at + "cornu fetch mnist --offline", at + "CORNU_OFFLINE=1 cornu fetch mnist",
        at + "cornu train mnist --offline", at + "cornu evaluate run mnist --offline",
        at + "cornu predict run mnist --offline", at + "cornu show run mnist --offline",
        at + "cornu explain run --measure --data mnist --offline"}) {
    const Outcome outcome = shell_.run(call);
    EXPECT_EQ(outcome.status, 1) << call;
    EXPECT_THAT(outcome.err, HasSubstr("mnist: not found; expected train-images-idx3-ubyte"))
        << call;
    EXPECT_THAT(outcome.err, HasSubstr(shell_.file(".cache/cornu/mnist"))) << call;
    EXPECT_THAT(outcome.err, HasSubstr("Hint: without --offline and CORNU_OFFLINE ")) << call;
  }
  EXPECT_THAT(server.asked(), IsEmpty());
}

}  // namespace downloads_test
}  // namespace cornu::inline v0
