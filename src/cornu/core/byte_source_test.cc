#include "cornu/core/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/file.h"

namespace cornu::inline v0 {
namespace byte_source_test {

using testing::HasSubstr;

class SourceOfBytes : public testing::Test {
 protected:
  SourceOfBytes() {
    std::string name = (std::filesystem::temp_directory_path() / "cornu-bytes-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    for (size_t i = 0; i < 1'000'003; ++i) text_ += static_cast<char>(i * i / 7);
    replace_file(path(), text_);
  }
  ~SourceOfBytes() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/a"; }
  static std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static std::string error_of(const std::function<void()>& f) {
    try {
      f();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  std::string folder_, text_;
};

TEST_F(SourceOfBytes, OfAFileAndOfMemoryGiveTheSame) {
  FileBytes file(path());
  MemoryBytes memory(std::as_bytes(std::span(text_)));
  for (ByteSource* source : {static_cast<ByteSource*>(&file), static_cast<ByteSource*>(&memory)}) {
    ASSERT_EQ(source->size(), text_.size());
    // Across units, within one, none, the end.
    for (const auto& [offset, size] : std::initializer_list<std::pair<size_t, size_t>>{
             {65'530, 10}, {3, 5}, {500'000, 400'000}, {0, 1'000'003}, {7, 0}, {1'000'003, 0}}) {
      SCOPED_TRACE(offset);
      const auto view = source->view(offset, size);
      EXPECT_TRUE(text_of(view) == text_.substr(offset, size));
      std::string copy(size, '?');
      size_t arrived = 0;
      source->read(offset, std::as_writable_bytes(std::span(copy)),
                   [&, from = offset](size_t done) {
                     EXPECT_GT(done, arrived);
                     arrived = done;
                     EXPECT_TRUE(copy.compare(0, done, text_, from, done) == 0);
                   });
      EXPECT_EQ(arrived, size);
      EXPECT_EQ(source->view(offset, size).data(), view.data());
    }
    EXPECT_THAT(error_of([&] { source->view(1'000'000, 4); }),
                HasSubstr("a part of 1000003 bytes, got 4 from byte 1000000 on"));
    EXPECT_THAT(error_of([&] { source->view(~uint64_t{0}, 2); }), HasSubstr("a part of"));
    std::byte one{};
    EXPECT_THAT(error_of([&] { source->read(1'000'003, {&one, 1}); }), HasSubstr("a part of"));
  }
}

TEST_F(SourceOfBytes, IsAtHandOnceItWasRead) {
  FileBytes file(path());
  file.view(0, file.size());
  for (const uint64_t offset : {0, 500'000, 1'000'002}) EXPECT_TRUE(file.is_at_hand(offset));
  EXPECT_TRUE(MemoryBytes(std::as_bytes(std::span(text_))).is_at_hand(7));
}

TEST_F(SourceOfBytes, KeepsWhatItHasShown) {
  FileBytes file(path());
  const auto view = file.view(10, 4);
  replace_file(path(), std::string("another file of that name"));
  EXPECT_EQ(text_of(view), text_.substr(10, 4));
  EXPECT_EQ(text_of(file.view(700'000, 4)), text_.substr(700'000, 4));
  file.require_unchanged();
}

TEST_F(SourceOfBytes, AFileThatIsCutMeanwhileIsAnError) {
  FileBytes file(path());
  file.view(0, 10);
  ASSERT_EQ(::truncate(path().c_str(), 300'000), 0);
  EXPECT_EQ(text_of(file.view(5, 5)), text_.substr(5, 5));
  EXPECT_THAT(error_of([&] { file.view(500'000, 1); }),
              HasSubstr(path() + ": became shorter while it was read; expected 1000003 bytes"));
  // And again: what could not be read is not taken for read.
  EXPECT_THAT(error_of([&] { file.view(500'000, 1); }), HasSubstr("became shorter"));
  std::string all(text_.size(), '?');
  EXPECT_THAT(error_of([&] { file.read(0, std::as_writable_bytes(std::span(all))); }),
              HasSubstr("became shorter"));
  EXPECT_THAT(error_of([&] { file.require_unchanged(); }), HasSubstr("while it was read"));
}

TEST_F(SourceOfBytes, AFileThatIsWrittenMeanwhileIsAnError) {
  FileBytes file(path());
  file.view(0, 10);
  file.require_unchanged();
  std::filesystem::last_write_time(
      path(), std::filesystem::last_write_time(path()) + std::chrono::seconds(1));
  EXPECT_THAT(error_of([&] { file.require_unchanged(); }),
              HasSubstr("was written to while it was read"));
  FileBytes again(path());
  std::ofstream(path(), std::ios::app) << "more";
  EXPECT_THAT(error_of([&] { again.require_unchanged(); }),
              HasSubstr("became longer while it was read"));
}

TEST_F(SourceOfBytes, IsARegularFileOfALimitedSize) {
  EXPECT_THAT(error_of([&] { FileBytes{folder_}; }), HasSubstr("got a folder"));
  EXPECT_THAT(error_of([&] { FileBytes{"/dev/zero"}; }), HasSubstr("a regular file"));
  EXPECT_THAT(error_of([&] { FileBytes{folder_ + "/none"}; }), HasSubstr("No such file"));
  EXPECT_THAT(error_of([&] { FileBytes{path(), 1000}; }), HasSubstr("at most 1000 bytes"));
}

}  // namespace byte_source_test
}  // namespace cornu::inline v0
