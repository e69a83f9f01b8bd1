#include "cornu/formats/sha256.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  bool done = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

namespace {

void check(int result) {
  if (result != 1) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = "SHA-256",
                 .what = "the system's libcrypto refuses to compute it"});
  }
}

}  // namespace

Sha256::Sha256() : state_(std::make_unique<State>()) {
  check(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  assert(!state_->done);
  check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

void Sha256::add(std::string_view text) {
  add(std::as_bytes(std::span(text)));
}

std::string Sha256::hex() {
  assert(!state_->done);
  state_->done = true;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  check(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  std::string text;
  for (unsigned char byte : std::span(digest).first(size)) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256(ByteSource& source) {
  Sha256 hash;
  std::vector<std::byte> piece(size_t{1} << 20);
  for (uint64_t at = 0; at < source.size(); at += piece.size()) {
    piece.resize(static_cast<size_t>(std::min<uint64_t>(piece.size(), source.size() - at)));
    source.read(at, piece);
    hash.add(piece);
  }
  return hash.hex();
}

}  // namespace cornu::inline v0::formats
