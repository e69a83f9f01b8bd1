#include "cornu/datasets/transfer.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cornu::inline v0::datasets {
namespace {

constexpr long kFile = 200, kRestOfFile = 206, kNoSuchRange = 416;  // HTTP's answers
constexpr long kSlowBytesPerSecond = 1024;

// libcurl loads some thirty libraries, which would be most of the start time of a short command. So
// only the first download opens it.
struct Libcurl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_header) header = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_slist_append) list_append = nullptr;
  decltype(&curl_slist_free_all) list_free = nullptr;
  std::string fault;

  Libcurl() {
    void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    const auto find = [&](auto& function, const char* symbol) {
      if (fault.empty()) {
        function = reinterpret_cast<std::decay_t<decltype(function)>>(
            library == nullptr ? nullptr : dlsym(library, symbol));
        if (function == nullptr) fault = dlerror();
      }
    };
    find(global_init, "curl_global_init");
    find(init, "curl_easy_init");
    find(cleanup, "curl_easy_cleanup");
    find(setopt, "curl_easy_setopt");
    find(perform, "curl_easy_perform");
    find(getinfo, "curl_easy_getinfo");
    find(header, "curl_easy_header");
    find(strerror, "curl_easy_strerror");
    find(list_append, "curl_slist_append");
    find(list_free, "curl_slist_free_all");
    if (fault.empty()) global_init(CURL_GLOBAL_DEFAULT);
  }
};

const Libcurl& libcurl() {
  static const Libcurl opened;
  return opened;
}

bool begins_with_scheme(const std::string& address, std::string_view scheme) {
  return address.size() > scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), address.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

template <class Value>
Value info_of(CURL* curl, CURLINFO info) {
  Value value{};
  libcurl().getinfo(curl, info, &value);
  return value;
}

// A list of header fields, as libcurl takes them.
class Fields {
 public:
  explicit Fields(const std::string& field) : list_(libcurl().list_append(nullptr, field.c_str())) {
    if (list_ == nullptr) throw std::bad_alloc();
  }
  ~Fields() { libcurl().list_free(list_); }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  curl_slist* list() const { return list_; }

 private:
  curl_slist* list_;
};

// What libcurl's callback needs; an exception must not pass through libcurl.
struct Arriving {
  CURL* curl = nullptr;
  const std::string& address;  ///< before any redirect
  PartFile& part;
  uint64_t most = 0;
  const std::function<void(uint64_t)>& progress;
  bool is_resuming = false;
  bool has_begun = false, is_resumed = false, too_many = false, wrong_range = false;
  uint64_t ignored = 0;
  std::exception_ptr thrown = {};

  std::string field(const char* name) const {
    curl_header* found = nullptr;
    const bool is_there = libcurl().header(curl, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
    return is_there ? found->value : "";
  }
  // A weak ETag names what a file means, not its bytes.
  std::string validator() const {
    const std::string tag = field("ETag");
    return tag.starts_with('"') ? tag : field("Last-Modified");
  }

  // False when the answer's bytes are not those of the file.
  bool begin() {
    if (has_begun) return true;
    has_begun = true;
    if (info_of<long>(curl, CURLINFO_RESPONSE_CODE) == kFile) {
      part.restart(address, validator());
      return true;
    }
    const std::string from = fmt::format("bytes {}-", part.bytes().size());
    wrong_range = !is_resuming || !field("Content-Range").starts_with(from);
    is_resumed = !wrong_range;
    return is_resumed;
  }

  bool take(std::span<const std::byte> bytes) {
    const long answer = info_of<long>(curl, CURLINFO_RESPONSE_CODE);
    if (answer != kFile && answer != kRestOfFile) {
      ignored += bytes.size();  // the page that comes with a redirect
      too_many = ignored > most;
      return !too_many;
    }
    if (!begin()) return false;
    const size_t room = most - part.bytes().size();
    too_many = bytes.size() > room;
    part.add(bytes.first(std::min(bytes.size(), room)));
    if (progress) progress(part.bytes().size());
    return !too_many;
  }
};

size_t arrive(char* data, size_t, size_t count, void* into) {
  auto& arriving = *static_cast<Arriving*>(into);
  try {
    return arriving.take({reinterpret_cast<const std::byte*>(data), count}) ? count : 0;
  } catch (...) {
    arriving.thrown = std::current_exception();
    return 0;
  }
}

}  // namespace

struct Transfer::State {
  TransferLimits limits;
  double connect_left = 0;
  CURL* curl = nullptr;
  std::array<char, CURL_ERROR_SIZE> message{};

  explicit State(const TransferLimits& given) : limits(given), connect_left(given.connect_seconds) {
    if (!libcurl().fault.empty()) return;
    curl = libcurl().init();
    if (curl == nullptr) throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (curl != nullptr) libcurl().cleanup(curl);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    libcurl().setopt(curl, option, value);
  }
  template <class Value>
  Value get(CURLINFO info) const {
    return info_of<Value>(curl, info);
  }

  CURLcode perform(const std::string& address, bool plain_http, Arriving& arriving);
  double spent_connecting() const;
  Transferred outcome(CURLcode code, const Arriving& arriving, double connecting_for) const;
};

CURLcode Transfer::State::perform(const std::string& address, bool plain_http, Arriving& arriving) {
  message[0] = '\0';
  const std::string range = fmt::format("{}-", arriving.part.bytes().size());
  const Fields if_range("If-Range: " + arriving.part.validator());
  set(CURLOPT_RANGE, arriving.is_resuming ? range.c_str() : nullptr);
  set(CURLOPT_HTTPHEADER, arriving.is_resuming ? if_range.list() : nullptr);
  set(CURLOPT_URL, address.c_str());
  set(CURLOPT_PROTOCOLS_STR, plain_http ? "http,https" : "https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_USERAGENT, "cornu");
  set(CURLOPT_ERRORBUFFER, message.data());
  // The time limit also holds during a slow look-up of a name or after a signal.
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, std::lround(connect_left * 1000)));
  set(CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.slow_seconds));
  set(CURLOPT_WRITEFUNCTION, arrive);
  set(CURLOPT_WRITEDATA, &arriving);
  const CURLcode code = libcurl().perform(curl);
  set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  return code;
}

double Transfer::State::spent_connecting() const {
  const auto connected = get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T);
  const auto total = get<curl_off_t>(CURLINFO_TOTAL_TIME_T);
  return static_cast<double>(connected > 0 ? connected : total) / 1e6;
}

Transferred Transfer::State::outcome(CURLcode code, const Arriving& arriving,
                                     double connecting_for) const {
  using End = TransferEnd;
  const size_t there = arriving.part.bytes().size();
  const long answer = get<long>(CURLINFO_RESPONSE_CODE);
  if (arriving.too_many) {
    return {End::wrong, fmt::format("sends more than {} bytes", arriving.most)};
  }
  // The file has another length by now, or the server does not know what a range is.
  if (arriving.is_resuming && (arriving.wrong_range || answer == kNoSuchRange)) {
    arriving.part.clear();
    return {End::cut, fmt::format("HTTP {} in place of the rest of the file", answer)};
  }
  if (arriving.wrong_range) return {End::refused, fmt::format("HTTP {}", answer)};
  switch (code) {
    case CURLE_OK:
    case CURLE_HTTP_RETURNED_ERROR:
      return {End::refused, fmt::format("HTTP {}", answer)};
    case CURLE_OPERATION_TIMEDOUT:
      if (get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) == 0) {
        return {End::refused, fmt::format("no connection within {:.3g} s", connecting_for)};
      }
      return {End::slow, fmt::format("under {} bytes a second for {} s, after {} bytes",
                                     kSlowBytesPerSecond, limits.slow_seconds, there)};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {End::cut, fmt::format("cut off after {} bytes", there)};
    default:
      return {End::refused, message[0] != '\0' ? message.data() : libcurl().strerror(code)};
  }
}

std::string Transfer::missing() {
  return libcurl().fault;
}

Transfer::Transfer(const TransferLimits& limits) : state_(std::make_unique<State>(limits)) {}

Transfer::~Transfer() = default;

Transferred Transfer::get(const std::string& address, uint64_t most, PartFile& part,
                          const std::function<void(uint64_t)>& progress) {
  if (state_->curl == nullptr) return {TransferEnd::refused, missing()};
  const TransferLimits& limits = state_->limits;
  std::string next = address;
  bool plain_http = limits.plain_http;
  for (int redirects = 0; redirects <= limits.redirects; ++redirects) {
    const bool allowed =
        begins_with_scheme(next, "https://") || (plain_http && begins_with_scheme(next, "http://"));
    if (!allowed) {
      return {TransferEnd::refused, redirects == 0
                                        ? "not an https:// address"
                                        : "leads on to " + next + ", which is not https://"};
    }
    const double connecting_for = state_->connect_left;
    if (connecting_for < 0.001) {  // libcurl counts milliseconds
      return {TransferEnd::refused,
              fmt::format("not tried: connecting took {:.3g} s already", limits.connect_seconds)};
    }
    Arriving arriving{.curl = state_->curl,
                      .address = address,
                      .part = part,
                      .most = most,
                      .progress = progress,
                      .is_resuming = part.is_begun(address)};
    const CURLcode code = state_->perform(next, plain_http, arriving);
    state_->connect_left -= state_->spent_connecting();
    if (arriving.thrown) std::rethrow_exception(arriving.thrown);

    const long answer = state_->get<long>(CURLINFO_RESPONSE_CODE);
    const bool is_file = answer == kFile || answer == kRestOfFile;
    if (code == CURLE_OK && is_file && arriving.begin()) {
      return {.is_resumed = arriving.is_resumed};
    }
    const auto* redirect = state_->get<const char*>(CURLINFO_REDIRECT_URL);
    if (code != CURLE_OK || redirect == nullptr) {
      Transferred got = state_->outcome(code, arriving, connecting_for);
      got.is_resumed = arriving.is_resumed;
      return got;
    }
    next = redirect;
    plain_http = false;
  }
  return {TransferEnd::refused, fmt::format("more than {} redirects", limits.redirects)};
}

}  // namespace cornu::inline v0::datasets
