#include "cornu/datasets/transfer.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cornu::inline v0::datasets {
namespace {

constexpr int kMostRedirects = 5;
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
  decltype(&curl_easy_strerror) strerror = nullptr;
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
    find(strerror, "curl_easy_strerror");
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

// The data that libcurl's callback fills; an exception must not pass through libcurl.
struct Arriving {
  std::vector<std::byte> bytes;
  uint64_t most = 0;
  bool too_many = false;
  const std::function<void(uint64_t)>* progress = nullptr;
  std::exception_ptr thrown;
};

size_t arrive(char* data, size_t, size_t count, void* into) {
  auto& arriving = *static_cast<Arriving*>(into);
  if (count > arriving.most - arriving.bytes.size()) {
    arriving.too_many = true;
    return 0;
  }
  try {
    const auto* first = reinterpret_cast<const std::byte*>(data);
    arriving.bytes.insert(arriving.bytes.end(), first, first + count);
    if (*arriving.progress) (*arriving.progress)(arriving.bytes.size());
  } catch (...) {
    arriving.thrown = std::current_exception();
    return 0;
  }
  return count;
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
    Value value{};
    libcurl().getinfo(curl, info, &value);
    return value;
  }

  CURLcode perform(const std::string& address, bool plain_http, Arriving& arriving);
  double spent_connecting() const;
  std::string reason(CURLcode code, const Arriving& arriving, double connecting_for) const;
};

CURLcode Transfer::State::perform(const std::string& address, bool plain_http, Arriving& arriving) {
  message[0] = '\0';
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
  return libcurl().perform(curl);
}

double Transfer::State::spent_connecting() const {
  const auto connected = get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T);
  const auto total = get<curl_off_t>(CURLINFO_TOTAL_TIME_T);
  return static_cast<double>(connected > 0 ? connected : total) / 1e6;
}

std::string Transfer::State::reason(CURLcode code, const Arriving& arriving,
                                    double connecting_for) const {
  if (arriving.too_many) return fmt::format("sends more than {} bytes", arriving.most);
  switch (code) {
    case CURLE_OK:
    case CURLE_HTTP_RETURNED_ERROR:
      return fmt::format("HTTP {}", get<long>(CURLINFO_RESPONSE_CODE));
    case CURLE_OPERATION_TIMEDOUT:
      return get<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) == 0
                 ? fmt::format("no connection within {:.3g} s", connecting_for)
                 : fmt::format("under {} bytes a second for {} s, after {} bytes",
                               kSlowBytesPerSecond, limits.slow_seconds, arriving.bytes.size());
    case CURLE_PARTIAL_FILE:
      return fmt::format("cut off after {} bytes", arriving.bytes.size());
    default:
      return message[0] != '\0' ? message.data() : libcurl().strerror(code);
  }
}

std::string Transfer::missing() {
  return libcurl().fault;
}

Transfer::Transfer(const TransferLimits& limits) : state_(std::make_unique<State>(limits)) {}

Transfer::~Transfer() = default;

Transferred Transfer::get(const std::string& address, uint64_t most,
                          const std::function<void(uint64_t)>& progress) {
  if (state_->curl == nullptr) return {{}, missing()};
  std::string next = address;
  bool plain_http = state_->limits.plain_http;
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    const bool allowed =
        begins_with_scheme(next, "https://") || (plain_http && begins_with_scheme(next, "http://"));
    if (!allowed) {
      return {{},
              redirects == 0 ? "not an https:// address"
                             : "leads on to " + next + ", which is not https://"};
    }
    const double connecting_for = state_->connect_left;
    if (connecting_for < 0.001) {  // libcurl counts milliseconds
      return {{},
              fmt::format("not tried: connecting took {:.3g} s already",
                          state_->limits.connect_seconds)};
    }
    Arriving arriving{.bytes = {}, .most = most, .progress = &progress, .thrown = {}};
    const CURLcode code = state_->perform(next, plain_http, arriving);
    state_->connect_left -= state_->spent_connecting();
    if (arriving.thrown) std::rethrow_exception(arriving.thrown);

    if (code == CURLE_OK && state_->get<long>(CURLINFO_RESPONSE_CODE) == 200) {
      return {std::move(arriving.bytes), {}};
    }
    const auto* redirect = state_->get<const char*>(CURLINFO_REDIRECT_URL);
    if (code != CURLE_OK || redirect == nullptr) {
      return {{}, state_->reason(code, arriving, connecting_for)};
    }
    next = redirect;
    plain_http = false;
  }
  return {{}, fmt::format("more than {} redirects", kMostRedirects)};
}

}  // namespace cornu::inline v0::datasets
