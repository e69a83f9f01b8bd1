#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cornu::inline v0::datasets {

/// A TestServer's answer to one request: the exact bytes.
struct TestReply {
  std::string bytes;
  /// Seconds before it is sent.
  double delay = 0;
  /// Whether the connection stays open and silent afterwards.
  bool hangs = false;
  /// Seconds between two bytes; 0: all are sent at once.
  double drip = 0;
};

/// The value of a header field; "" without it.
inline std::string field_of(const std::string& request, const std::string& name) {
  const size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const size_t begin = at + 2 + name.size() + 2;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

/// A web server on 127.0.0.1 that answers one connection after the other with given answers.
class TestServer {
 public:
  using Answer = std::function<TestReply(const std::string& path)>;

  explicit TestServer(Answer answer)
      : TestServer([answer = std::move(answer)](const std::string& path, const std::string&) {
          return answer(path);
        }) {}
  /// One whose answers depend on the whole of a request.
  using AnswerToRequest =
      std::function<TestReply(const std::string& path, const std::string& request)>;
  explicit TestServer(AnswerToRequest answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, any, &size) != 0 || ::pipe(stop_) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TestServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return "http://" + host() + "/"; }
  /// The paths requested so far.
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  /// What the requests said in this field, "" where they did not.
  std::vector<std::string> fields(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> values;
    for (const std::string& each : requests_) values.push_back(field_of(each, name));
    return values;
  }

 private:
  // False when the server is to stop.
  bool wait_for(int file, double seconds) {
    pollfd files[] = {{stop_[0], POLLIN, 0}, {file, POLLIN, 0}};
    const int count = ::poll(files, file < 0 ? 1 : 2, static_cast<int>(seconds * 1000));
    return count <= 0 || files[0].revents == 0;
  }

  void serve() {
    while (wait_for(listener_, -1)) {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) continue;
      talk(client);
      ::close(client);
    }
  }

  void talk(int client) {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos) {
      char some[4096];
      if (!wait_for(client, -1)) return;
      const ssize_t count = ::recv(client, some, sizeof(some), 0);
      if (count <= 0) return;
      request.append(some, static_cast<size_t>(count));
    }
    const size_t begin = request.find(' ') + 1;
    const std::string path = request.substr(begin, request.find(' ', begin) - begin);
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(path);
      requests_.push_back(request);
    }
    const TestReply reply = answer_(path, request);
    if (reply.delay > 0 && !wait_for(-1, reply.delay)) return;
    std::span<const char> rest(reply.bytes);
    while (!rest.empty()) {
      const size_t most = reply.drip > 0 ? 1 : rest.size();
      const ssize_t count = ::send(client, rest.data(), most, MSG_NOSIGNAL);
      if (count <= 0) return;
      rest = rest.subspan(static_cast<size_t>(count));
      if (reply.drip > 0 && !wait_for(-1, reply.drip)) return;
    }
    if (reply.hangs) wait_for(client, -1);
  }

  AnswerToRequest answer_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_, requests_;
  std::thread thread_;
};

/// A whole answer with its Content-Length.
inline std::string http_answer(const std::string& status, std::span<const std::byte> body,
                               const std::string& fields = "") {
  std::string text = "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + fields +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  text.append(reinterpret_cast<const char*>(body.data()), body.size());
  return text;
}

inline std::string http_answer(const std::string& status, const std::string& body,
                               const std::string& fields = "") {
  return http_answer(status, std::as_bytes(std::span(body)), fields);
}

}  // namespace cornu::inline v0::datasets
