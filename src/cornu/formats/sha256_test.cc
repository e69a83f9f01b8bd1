#include "cornu/formats/sha256.h"

#include <gtest/gtest.h>

#include <utility>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace sha256_test {

// FIPS 180-4's examples and the Secure Hash Standard's million a's.
TEST(Sha256, GivesThePublishedDigests) {
  const std::pair<const char*, const char*> kExamples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
  for (const auto& [text, digest] : kExamples) EXPECT_EQ(sha256(bytes_of(text)), digest);
  EXPECT_EQ(sha256(bytes_of(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameInAnyPieces) {
  const std::string text(200, 'x');
  const std::string whole = sha256(bytes_of(text));
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.add(std::string_view(text).substr(0, cut));
    hash.add(bytes_of(text.substr(cut)));
    EXPECT_EQ(hash.hex(), whole);
  }
}

TEST(Sha256, ChangesWithEveryBit) {
  const std::vector<std::byte> file = bytes_of("weights");
  const std::string digest = sha256(file);
  each_flip(file, [&](const auto& flipped) { EXPECT_NE(sha256(flipped), digest); });
}

}  // namespace sha256_test
}  // namespace cornu::inline v0::formats
