#include "cornu/core/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace file_test {

using testing::AllOf;
using testing::HasSubstr;

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cornu-file-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~Folder() override { std::filesystem::remove_all(folder_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator(folder_)) {
      names.push_back(each.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string folder_;
};

using ReadFile = Folder;
using ReplaceFile = Folder;

std::string content(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

auto open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

TEST_F(ReadFile, GivesEveryByte) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += static_cast<char>(i * 7);
  replace_file(path("a"), text);
  EXPECT_EQ(content(path("a")), text);
  replace_file(path("empty"), std::string());
  EXPECT_EQ(content(path("empty")), "");
}

TEST_F(ReadFile, GivesABlockThatBeginsItsLeadAfterAMultipleOf64) {
  replace_file(path("a"), std::string("header, then bytes"));
  const Block block = read_block(path("a"), 100, 48);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(block.data()), block.size()),
            "header, then bytes");
  EXPECT_EQ(reinterpret_cast<uintptr_t>(block.data()) % Block::kAlignment, 48U);
}

TEST_F(ReadFile, RefusesMoreThanTheLimit) {
  replace_file(path("a"), std::string(10, 'x'));
  EXPECT_EQ(read_file(path("a"), 10).size(), 10U);
  EXPECT_THAT(error_of([&] { read_block(path("a"), 9); }), HasSubstr("got 10."));
  EXPECT_THAT(error_of([&] { read_file(path("a"), 9); }),
              AllOf(HasSubstr(path("a")), HasSubstr("expected at most 9 bytes, got 10.")));
}

TEST_F(ReadFile, RefusesAFileOfATerabyteBeforeAllocating) {
  replace_file(path("sparse"), std::string("x"));
  ASSERT_EQ(::truncate(path("sparse").c_str(), off_t{1} << 40), 0);
  EXPECT_THAT(error_of([&] { read_file(path("sparse")); }), HasSubstr("got 1099511627776."));
}

TEST_F(ReadFile, SaysWhatIsMissing) {
  try {
    read_file(path("none"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_EQ(error.what(), path("none") + ": cannot open: No such file or directory.");
  }
  ASSERT_EQ(::symlink("nowhere", path("link").c_str()), 0);
  EXPECT_THAT(error_of([&] { read_file(path("link")); }), HasSubstr("No such file"));
  replace_file(path("a"), std::string("x"));
  EXPECT_THAT(error_of([&] { read_file(path("a/b")); }), HasSubstr("Not a directory"));
  EXPECT_THAT(error_of([] { read_file(""); }), HasSubstr("No such file"));
}

TEST_F(ReadFile, ReadsRegularFilesOnly) {
  EXPECT_THAT(error_of([&] { read_file(folder_); }),
              HasSubstr("expected a regular file, got a folder."));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  // Without a writer, an ordinary open would wait forever.
  EXPECT_THAT(error_of([&] { read_file(path("fifo")); }), HasSubstr("got a device, pipe"));
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/random"}) {
    EXPECT_THAT(error_of([&] { read_file(device); }), HasSubstr("got a device, pipe"));
  }
}

TEST_F(ReadFile, FindsAFileThatIsLongerThanItSays) {
  // Files of /proc report a size of 0 and have content, like a file that grows while it is read.
  EXPECT_THAT(error_of([] { read_file("/proc/self/status"); }),
              HasSubstr("became longer while it was read; expected 0 bytes."));
}

TEST_F(ReadFile, FindsAFileThatChangesItsLengthMeanwhile) {
  const std::string name = path("a");
  replace_file(name, std::string(size_t{8} << 20, 'x'));
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (off_t size = 0; !done; size ^= off_t{8} << 20) {
      if (::truncate(name.c_str(), size) != 0) std::abort();
    }
  });
  int errors = 0;
  for (int i = 0; i < 20; ++i) {
    try {
      const size_t size = read_file(name).size();
      EXPECT_TRUE(size == 0 || size == size_t{8} << 20);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("while it was read"));
      ++errors;
    }
  }
  done = true;
  other.join();
  RecordProperty("errors", errors);
}

TEST_F(ReadFile, ClosesEveryFileItOpens) {
  replace_file(path("a"), std::string("x"));
  const auto before = open_files();
  for (int i = 0; i < 10; ++i) {
    read_file(path("a"));
    error_of([&] { read_file(folder_); });
    error_of([&] { read_file(path("a"), 0); });
    replace_file(path("a"), std::string("x"));
  }
  EXPECT_EQ(open_files(), before);
}

TEST_F(ReplaceFile, PutsTheNewContentInPlaceAndLeavesNothingElse) {
  replace_file(path("model"), std::string("old"));
  EXPECT_EQ(content(path("model")), "old");
  replace_file(path("model"), std::string("new"));
  EXPECT_EQ(content(path("model")), "new");
  EXPECT_EQ(names(), std::vector<std::string>{"model"});
}

TEST_F(ReplaceFile, WritesPartsInTheirOrder) {
  // Small ones are gathered, up to 64 KiB; large ones are not.
  const std::string large(100'000, 'l');
  const std::string small(40'000, 's');
  Parts parts;
  std::string all;
  for (const std::string& each : {std::string("first"), large, small, small, std::string(), small,
                                  large, large, std::string("last")}) {
    parts.keep(each);
    all += each;
  }
  EXPECT_EQ(parts.size(), all.size());
  EXPECT_TRUE(std::ranges::equal(parts.bytes(), std::as_bytes(std::span(all))));
  EXPECT_TRUE(std::ranges::equal(parts.gathered().span(), std::as_bytes(std::span(all))));
  replace_file(path("model"), parts);
  EXPECT_TRUE(content(path("model")) == all);
  replace_file(path("model"), Parts());
  EXPECT_EQ(content(path("model")), "");
}

TEST_F(ReplaceFile, TakesANameWithoutAFolder) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  replace_file("model", std::string("new"));
  EXPECT_EQ(content("model"), "new");
  std::filesystem::current_path(before);
}

TEST_F(ReplaceFile, LeavesAReaderTheOldFile) {
  replace_file(path("model"), std::string("old"));
  std::ifstream reader(path("model"));
  replace_file(path("model"), std::string("new"));
  std::string read;
  reader >> read;
  EXPECT_EQ(read, "old");
}

TEST_F(ReplaceFile, RefusesAFolderThatIsNotThere) {
  try {
    replace_file(path("none/model"), std::string("new"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_THAT(error.what(), AllOf(HasSubstr(path("none/model")), HasSubstr("No such file")));
  }
}

TEST_F(ReplaceFile, LeavesAFolderOfThatNameAlone) {
  std::filesystem::create_directory(path("model"));
  EXPECT_THAT(error_of([&] { replace_file(path("model"), std::string("new")); }),
              HasSubstr("cannot replace: Is a directory"));
  EXPECT_EQ(names(), std::vector<std::string>{"model"});
}

enum class Step { create, reserve, write, sync, close, rename, sync_folder, remove };
constexpr Step kSteps[] = {Step::create, Step::reserve, Step::write,      Step::sync,
                           Step::close,  Step::rename,  Step::sync_folder};
// Long enough that room for it is reserved.
const std::string kNew(size_t{2} << 20, 'n');

// The system's files, where one call (or two) fails as a system call would.
class FaultyFiles final : public FileSystem {
 public:
  FaultyFiles(Step step, int error, bool remove_fails = false)
      : step_(step), error_(error), remove_fails_(remove_fails) {}

  void read(const std::string& path, uint64_t limit, const Room& room) override {
    system_files().read(path, limit, room);
  }
  int create(const std::string& path, uint32_t mode) override {
    fail_at(Step::create, path);
    return system_files().create(path, mode);
  }
  void reserve(int file, uint64_t size, const std::string& path) override {
    fail_at(Step::reserve, path);
    system_files().reserve(file, size, path);
  }
  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    if (step_ == Step::write) bytes = bytes.first(bytes.size() / 2);
    system_files().write(file, bytes, path);
    fail_at(Step::write, path);
  }
  void sync(int file, const std::string& path) override {
    fail_at(Step::sync, path);
    system_files().sync(file, path);
  }
  void close(int file, const std::string& path) override {
    system_files().close(file, path);  // a close that fails has closed
    fail_at(Step::close, path);
  }
  void rename(const std::string& from, const std::string& to) override {
    fail_at(Step::rename, to);
    system_files().rename(from, to);
  }
  void sync_folder(const std::string& path) override {
    fail_at(Step::sync_folder, path);
    system_files().sync_folder(path);
  }
  void remove(const std::string& path) override {
    if (remove_fails_) fail(path, EACCES);
    system_files().remove(path);
  }

 private:
  void fail_at(Step step, const std::string& path) const {
    if (step == step_) fail(path, error_);
  }
  [[noreturn]] static void fail(const std::string& path, int error) {
    throw Error({.kind = ErrorKind::io, .where = path, .what = std::strerror(error)});
  }

  Step step_;
  int error_;
  bool remove_fails_;
};

TEST_F(ReplaceFile, IsWholeOrNotAtAllWhicheverCallFails) {
  for (Step step : kSteps) {
    for (int error : {EIO, ENOSPC, EACCES, EROFS, EMFILE, EDQUOT, EINTR, EFBIG, EPERM}) {
      SCOPED_TRACE(testing::Message()
                   << "call " << static_cast<int>(step) << ", " << std::strerror(error));
      replace_file(path("model"), std::string("old"));
      FaultyFiles files(step, error);
      const auto open_before = open_files();
      const std::string which = step == Step::sync_folder ? path("model") + " is the new file"
                                                          : "the file that was there is unchanged";
      EXPECT_THAT(error_of([&] { replace_file(path("model"), kNew, files); }),
                  AllOf(HasSubstr(std::strerror(error)), HasSubstr(which)));
      EXPECT_TRUE(content(path("model")) == (step == Step::sync_folder ? kNew : "old"));
      EXPECT_EQ(names(), std::vector<std::string>{"model"});
      EXPECT_EQ(open_files(), open_before);
    }
  }
}

TEST_F(ReplaceFile, MakesNoFileWhereThereWasNone) {
  for (Step step : kSteps) {
    if (step == Step::sync_folder) continue;
    FaultyFiles files(step, ENOSPC);
    EXPECT_NE(error_of([&] { replace_file(path("model"), kNew, files); }), "no error");
    EXPECT_TRUE(names().empty());
  }
}

TEST_F(ReplaceFile, TellsTheFirstReasonWhenCleaningUpFailsToo) {
  replace_file(path("model"), std::string("old"));
  FaultyFiles files(Step::write, ENOSPC, true);
  EXPECT_THAT(error_of([&] { replace_file(path("model"), std::string("new"), files); }),
              HasSubstr("No space left"));
  EXPECT_EQ(content(path("model")), "old");
}

TEST_F(ReplaceFile, IsNotStoppedByFilesOfAKilledProcess) {
  // Two temporary files never have the same number.
  std::vector<std::string> temporary;
  class Watching final : public FileSystem {
   public:
    explicit Watching(std::vector<std::string>& names) : names_(names) {}
    void read(const std::string&, uint64_t, const Room&) override {}
    int create(const std::string& path, uint32_t) override {
      names_.push_back(path);
      return 0;
    }
    void write(int, std::span<const std::byte>, const std::string&) override {}
    void sync(int, const std::string&) override {}
    void close(int, const std::string&) override {}
    void rename(const std::string&, const std::string&) override {}
    void sync_folder(const std::string&) override {}
    void remove(const std::string&) override {}

   private:
    std::vector<std::string>& names_;
  } files(temporary);
  for (int i = 0; i < 3; ++i) replace_file(path("model"), std::string(), files);
  ASSERT_EQ(temporary.size(), 3U);
  EXPECT_NE(temporary[0], temporary[1]);
  EXPECT_NE(temporary[1], temporary[2]);
  EXPECT_THAT(temporary[0], testing::StartsWith(path("model") + ".tmp."));
  EXPECT_THAT(temporary[0], Not(testing::EndsWith(".0")));
}

TEST_F(ReplaceFile, KeepsTheOldFileWhenTheDiskTakesOnlyAPart) {
  replace_file(path("model"), std::string("old"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  // The first write is short, the second fails.
  const std::string error = error_of([&] { replace_file(path("model"), std::string(10000, 'x')); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, HasSubstr("cannot write: File too large"));
  EXPECT_EQ(content(path("model")), "old");
  EXPECT_EQ(names(), std::vector<std::string>{"model"});
}

TEST(SystemFiles, TellTheSystemsReason) {
  FileSystem& files = system_files();
  const std::vector<std::byte> bytes(10);
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  EXPECT_THAT(error_of([&] { files.write(full, bytes, "full"); }),
              AllOf(HasSubstr("full: cannot write: No space left"), HasSubstr("Hint: free")));
  ::close(full);
  EXPECT_THAT(error_of([&] { files.write(-1, bytes, "a"); }), HasSubstr("a: cannot write: Bad"));
  EXPECT_THAT(error_of([&] { files.sync(-1, "a"); }), HasSubstr("a: cannot sync: Bad"));
  EXPECT_THAT(error_of([&] { files.close(-1, "a"); }), HasSubstr("a: cannot close: Bad"));
  EXPECT_THAT(error_of([&] { files.rename("/nowhere/a", "/nowhere/b"); }),
              HasSubstr("/nowhere/b: cannot replace: No such"));
  EXPECT_THAT(error_of([&] { files.sync_folder("/nowhere"); }), HasSubstr("cannot open: No such"));
  EXPECT_THAT(error_of([&] { files.create("/nowhere/a", 0666); }),
              HasSubstr("cannot create: No such"));
  EXPECT_THAT(error_of([&] { files.remove("/proc/self"); }), HasSubstr("cannot remove"));
  EXPECT_EQ(error_of([&] { files.remove("/nowhere/a"); }), "no error");
}

TEST_F(ReplaceFile, CreatesNothingOverAnExistingFile) {
  replace_file(path("a"), std::string("old"));
  EXPECT_THAT(error_of([&] { system_files().create(path("a"), 0666); }),
              HasSubstr("cannot create: File exists"));
  ASSERT_EQ(::symlink("nowhere", path("link").c_str()), 0);
  EXPECT_THAT(error_of([&] { system_files().create(path("link"), 0666); }),
              HasSubstr("File exists"));
}

}  // namespace file_test
}  // namespace cornu::inline v0
