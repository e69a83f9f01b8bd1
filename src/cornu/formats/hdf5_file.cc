// The file as bytes: parts that are proved to lie within it, errors that say where.

#include <fmt/format.h>

#include <algorithm>

#include "cornu/core/error.h"
#include "cornu/formats/hdf5_internal.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

constexpr size_t kMaxPathShown = 60;

}  // namespace

std::string path_shown(const std::vector<std::string_view>& path) {
  std::string text;
  for (auto name = path.rbegin(); name != path.rend(); ++name) {
    if (!text.empty() && text.size() + name->size() > kMaxPathShown) return shown("…/" + text);
    text = text.empty() ? std::string(*name) : fmt::format("{}/{}", *name, text);
  }
  return shown(text);
}

std::string fault_of_link(std::string_view name) {
  if (name.empty() || name == ".") return "a name other than \"\" and \".\"";
  if (name.find('/') != name.npos) return "no '/'";
  return fault_of_name(name);
}

std::string File::where() const {
  return path_.empty() ? where_ : fmt::format("{}: {}", where_, path_shown(path_));
}

void File::corrupt(std::string what, std::string expected, std::string found) const {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where(),
               .what = std::move(what),
               .expected = std::move(expected),
               .found = std::move(found)});
}

void File::unsupported(std::string what, std::string found, std::string hint) const {
  throw Error({.kind = ErrorKind::unsupported,
               .where = where(),
               .what = std::move(what),
               .found = std::move(found),
               .hint = std::move(hint)});
}

void File::require_within(uint64_t address, uint64_t length, const char* what) const {
  if (address <= size() && length <= size() - address) return;
  corrupt(fmt::format("the {} at address {} lies outside the file", what, address),
          fmt::format("{} bytes there", length),
          std::to_string(address > size() ? 0 : size() - address));
}

Cursor File::at(uint64_t address, uint64_t length, const char* what) const {
  require_within(address, length, what);
  return {*this, source_.view(address, length), address, what};
}

Cursor File::claim(uint64_t address, uint64_t length, const char* what) {
  const Cursor part = at(address, length, what);
  if (!claimed_.insert(address).second) {
    corrupt(
        fmt::format("the {} at address {} is reached a second time: a cycle, or two names for "
                    "one object",
                    what, address));
  }
  if (claimed_.size() > kMaxParts) {
    corrupt("nodes, headers and heaps", fmt::format("at most {}", kMaxParts), "more");
  }
  spend(length);
  return part;
}

void File::claim_data(uint64_t address, uint64_t length) {
  require_within(address, length, "data");
  spend(length);
}

void File::spend(uint64_t length) {
  spent_ += length;  // each is at most the file's size, and this ends at the first that is too much
  if (spent_ > size()) {
    corrupt("parts of the file overlap", fmt::format("at most {} bytes in all", size()),
            std::to_string(spent_));
  }
}

void File::count_text(uint64_t length) {
  text_ += length;
  if (text_ > size()) {
    corrupt("attributes give the same text many times",
            fmt::format("at most {} bytes in all", size()), std::to_string(text_));
  }
}

void File::count_elements(uint64_t number) {
  if (number > kMaxElements - elements_) {
    corrupt("attributes and the elements of their lists",
            fmt::format("at most {} in the whole file", kMaxElements), "more");
  }
  elements_ += number;
}

void File::count_object() {
  if (++objects_ > kMaxObjects) corrupt("", fmt::format("at most {} objects", kMaxObjects), "more");
}

void File::count_problem() {
  if (++problems_ > kMaxProblems) {
    corrupt(fmt::format("more than {} datasets cannot be read", kMaxProblems));
  }
}

uint64_t Cursor::number(size_t size) {
  uint64_t value = 0;
  const std::span<const std::byte> bytes = take(size);
  for (size_t i = 0; i < size; ++i) value |= std::to_integer<uint64_t>(bytes[i]) << 8 * i;
  return value;
}

std::span<const std::byte> Cursor::take(uint64_t length) {
  if (length > bytes_.size()) {
    file_->corrupt(fmt::format("the {} ends too soon, at address {}", what_, address_ + left()),
                   fmt::format("{} more bytes", length - left()));
  }
  const auto taken = bytes_.first(static_cast<size_t>(length));
  bytes_ = bytes_.subspan(static_cast<size_t>(length));
  address_ += length;
  return taken;
}

std::string_view Cursor::text(uint64_t length) {
  const std::span<const std::byte> taken = take(length);
  return {reinterpret_cast<const char*>(taken.data()), taken.size()};
}

std::string_view Cursor::text_to_nul() {
  // A name that is longer is refused, so that nobody looks farther.
  const std::string_view all(reinterpret_cast<const char*>(bytes_.data()),
                             std::min(left(), kMaxNameSize + 1));
  const size_t length = all.find('\0');
  if (length == all.npos) {
    file_->corrupt(fmt::format("the {} at address {} has no end", what_, address_),
                   fmt::format("at most {} bytes and a NUL", kMaxNameSize));
  }
  const std::string_view result = text(length);
  skip(1);
  return result;
}

Cursor Cursor::part(uint64_t length, const char* what) {
  const uint64_t address = address_;
  return {*file_, take(length), address, what};
}

void Cursor::expect(std::string_view signature) {
  const uint64_t address = address_;
  const std::string_view found = text(signature.size());
  if (found != signature) {
    file_->corrupt(fmt::format("no {} at address {}", what_, address), shown(signature),
                   shown(found));
  }
}

uint8_t Cursor::version(uint8_t first, uint8_t last) {
  const uint64_t address = address_;
  const uint8_t found = u8();
  if (found < first || found > last) {
    file_->unsupported(
        fmt::format("the {} at address {} has version {}, which this reader does not know", what_,
                    address, found));
  }
  return found;
}

}  // namespace cornu::inline v0::formats::hdf5
