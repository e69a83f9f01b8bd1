// replace_file keeps links, permissions, pipes and devices.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "cornu/core/error.h"
#include "cornu/core/file.h"

namespace cornu::inline v0 {
namespace replace_file_test {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ReplacedFile : public ::testing::Test {
 protected:
  ReplacedFile() {
    std::string name = (fs::temp_directory_path() / "cornu-replaced-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    fs::create_directory(path("store"));
  }
  ~ReplacedFile() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string content(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  static unsigned mode(const std::string& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
  }
  size_t files_in(const std::string& folder) const {
    const fs::directory_iterator all(path(folder));
    return static_cast<size_t>(std::distance(begin(all), end(all)));
  }
  static std::string error_of(const std::function<void()>& f) {
    try {
      f();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  std::string folder_;
};

TEST_F(ReplacedFile, ALinkStaysALinkAndItsTargetIsReplaced) {
  replace_file(path("store/m"), std::string("old"));
  fs::create_symlink("store/m", path("relative"));
  fs::create_symlink(path("relative"), path("store/absolute"));  // and a link to a link
  for (const std::string name : {"relative", "store/absolute"}) {
    replace_file(path(name), "by " + name);
    EXPECT_TRUE(fs::is_symlink(path(name)));
    EXPECT_FALSE(fs::is_symlink(path("store/m")));
    EXPECT_EQ(content(path("store/m")), "by " + name);
  }
  EXPECT_EQ(files_in("store"), 2U);
  EXPECT_EQ(files_in("."), 2U);
}

TEST_F(ReplacedFile, ADanglingLinkGetsItsTarget) {
  fs::create_symlink("store/new", path("latest"));
  replace_file(path("latest"), std::string("first"));
  EXPECT_TRUE(fs::is_symlink(path("latest")));
  EXPECT_EQ(content(path("store/new")), "first");
  fs::create_symlink("nowhere/new", path("lost"));
  EXPECT_THAT(error_of([&] { replace_file(path("lost"), std::string("x")); }),
              HasSubstr("lost: cannot create: No such file"));
  EXPECT_TRUE(fs::is_symlink(path("lost")));
}

TEST_F(ReplacedFile, LinksInAFoldersPathAreFollowed) {
  fs::create_directory_symlink("store", path("other"));
  replace_file(path("other/m"), std::string("through"));
  EXPECT_TRUE(fs::is_symlink(path("other")));
  EXPECT_EQ(content(path("store/m")), "through");
  // A relative link is relative to where it lies, which here is store, not other's parent.
  fs::create_symlink("../store/deep", path("store/link"));
  replace_file(path("other/link"), std::string("deeper"));
  EXPECT_EQ(content(path("store/deep")), "deeper");
}

TEST_F(ReplacedFile, LinksInACircleAreAnError) {
  fs::create_symlink("b", path("a"));
  fs::create_symlink("a", path("b"));
  EXPECT_THAT(error_of([&] { replace_file(path("a"), std::string("x")); }),
              HasSubstr("a: cannot replace: Too many levels of symbolic links"));
}

TEST_F(ReplacedFile, TheModeIsTheOldFilesOrTheUmasks) {
  const mode_t umask_before = ::umask(022);
  for (const unsigned each : {0600U, 0640U, 0664U, 0777U, 0755U}) {
    replace_file(path("m"), std::string("old"));
    ASSERT_EQ(::chmod(path("m").c_str(), each), 0);
    replace_file(path("m"), std::string("new"));
    EXPECT_EQ(mode(path("m")), each);
    EXPECT_EQ(content(path("m")), "new");
    fs::create_symlink("m", path("link"));
    replace_file(path("link"), std::string("newer"));
    EXPECT_EQ(mode(path("m")), each);
    fs::remove(path("link"));
  }
  ::umask(027);
  replace_file(path("fresh"), std::string("x"));
  EXPECT_EQ(mode(path("fresh")), 0640U);
  ::umask(umask_before);
}

/// Files that call a function when a temporary file is written, and before it gets its name.
class Stopping final : public FileSystem {
 public:
  explicit Stopping(std::function<void()> stop) : stop_(std::move(stop)) {}
  void read(const std::string&, uint64_t, const Room&) override {}
  int create(const std::string& path, uint32_t mode) override {
    return system_files().create(path, mode);
  }
  void write(int file, std::span<const std::byte> bytes, const std::string& path) override {
    system_files().write(file, bytes, path);
    stop_();
  }
  void sync(int file, const std::string& path) override { system_files().sync(file, path); }
  void close(int file, const std::string& path) override { system_files().close(file, path); }
  void rename(const std::string& from, const std::string& to) override {
    stop_();
    system_files().rename(from, to);
  }
  void sync_folder(const std::string&) override {}
  void remove(const std::string& path) override { system_files().remove(path); }

 private:
  std::function<void()> stop_;
};

TEST_F(ReplacedFile, WhatAKilledProcessLeftIsRemovedByTheNextReplacement) {
  replace_file(path("m"), std::string("old"));
  const pid_t killed = ::fork();
  if (killed == 0) {
    Stopping files([] { ::raise(SIGKILL); });
    replace_file(path("m"), std::string("half"), files);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(killed, &status, 0), killed);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(files_in("."), 3U);  // store, m, and what was left
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  replace_file("m", std::string("new"));  // a path without a folder
  fs::current_path(before);
  EXPECT_EQ(files_in("."), 2U);
  EXPECT_EQ(content(path("m")), "new");
}

TEST_F(ReplacedFile, WhatAnotherIsStillWritingStays) {
  int stops = 0;
  Stopping files([&] {
    ++stops;
    replace_file(path("m"), std::string("short"));  // while the other file has its temporary name
    EXPECT_EQ(files_in("."), 3U);
  });
  replace_file(path("m"), std::string("long"), files);
  EXPECT_EQ(stops, 2);
  EXPECT_EQ(content(path("m")), "long");
  EXPECT_EQ(files_in("."), 2U);
}

TEST_F(ReplacedFile, FilesThatAreNotTemporaryOnesOfItsPathStay) {
  const std::vector<std::string> others = {"m.tmp.1",   "m.tmp.1.2.3",     "m.tmp.1.b",  "m.tmp..2",
                                           "n.tmp.1.2", "m.keras.tmp.1.2", "m.tmp.notes"};
  for (const std::string& each : others) std::ofstream(path(each)) << each;
  fs::create_symlink("m.tmp.notes", path("m.tmp.1.2"));
  fs::create_directory(path("m.tmp.3.4"));
  std::ofstream(path("m.tmp.5.6")) << "left";
  replace_file(path("m"), std::string("new"));
  for (const std::string& each : others) EXPECT_EQ(content(path(each)), each);
  EXPECT_TRUE(fs::is_symlink(path("m.tmp.1.2")));
  EXPECT_TRUE(fs::is_directory(path("m.tmp.3.4")));
  EXPECT_FALSE(fs::exists(path("m.tmp.5.6")));
}

// Others cannot read it even under its temporary name.
TEST_F(ReplacedFile, APrivateFileIsPrivateFromItsFirstMoment) {
  class Watching final : public FileSystem {
   public:
    void read(const std::string&, uint64_t, const Room&) override {}
    int create(const std::string& path, uint32_t mode) override {
      created = mode;
      return system_files().create(path, mode);
    }
    void write(int file, std::span<const std::byte>, const std::string&) override {
      struct stat status {};
      ::fstat(file, &status);
      written = status.st_mode & 0777;
    }
    void sync(int, const std::string&) override {}
    void close(int file, const std::string& path) override { system_files().close(file, path); }
    void rename(const std::string& from, const std::string&) override { fs::remove(from); }
    void sync_folder(const std::string&) override {}
    void remove(const std::string&) override {}
    uint32_t created = 0, written = 0;
  } files;
  replace_file(path("m"), std::string("secret"));
  ASSERT_EQ(::chmod(path("m").c_str(), 0600), 0);
  replace_file(path("m"), std::string("secret"), files);
  EXPECT_EQ(files.created, 0600U);
  EXPECT_EQ(files.written, 0600U);
}

TEST_F(ReplacedFile, RootKeepsTheOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  replace_file(path("m"), std::string("old"));
  ASSERT_EQ(::chown(path("m").c_str(), 12345, 23456), 0);
  replace_file(path("m"), std::string("new"));
  struct stat status {};
  ASSERT_EQ(::stat(path("m").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 12345U);
  EXPECT_EQ(status.st_gid, 23456U);
}

// Runs `f` in a child process without root's rights and returns its result.
bool right_as_nobody(const std::function<bool()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    ::_exit(f() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(ReplacedFile, AFileThatMayNotBeWrittenIsNotReplaced) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  EXPECT_TRUE(right_as_nobody([&] {
    replace_file(path("m"), std::string("keep me"));
    ::chmod(path("m").c_str(), 0444);
    const std::string error = error_of([&] { replace_file(path("m"), std::string("new")); });
    return error == path("m") + ": cannot write: Permission denied." &&
           content(path("m")) == "keep me";
  }));
}

TEST_F(ReplacedFile, AFolderThatTakesNoNewFileIsAnErrorThatSaysWhy) {
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path("store").c_str(), 0777), 0);
  EXPECT_TRUE(right_as_nobody([&] {
    const std::string file = path("store/m");
    replace_file(file, std::string("keep me"));
    if (::geteuid() == 0) return false;
    ::chmod(file.c_str(), 0666);
    return true;
  }));
  ASSERT_EQ(::chmod(path("store").c_str(), 0555), 0);
  EXPECT_TRUE(right_as_nobody([&] {
    const std::string error = error_of([&] { replace_file(path("store/m"), std::string("new")); });
    return error.find("store/m: cannot create: Permission denied") != std::string::npos &&
           error.find("which their folder has to allow") != std::string::npos;
  }));
  ASSERT_EQ(::chmod(path("store").c_str(), 0755), 0);
  EXPECT_EQ(content(path("store/m")), "keep me");
}

TEST_F(ReplacedFile, OtherHardLinksKeepTheOldContent) {
  replace_file(path("m"), std::string("old"));
  fs::create_hard_link(path("m"), path("snapshot"));
  replace_file(path("m"), std::string("new"));
  EXPECT_EQ(content(path("m")), "new");
  EXPECT_EQ(content(path("snapshot")), "old");
}

// A large file is freed by another thread, which must come to its end.
TEST_F(ReplacedFile, NoDescriptorOfALargeFileStays) {
  const auto open_files = [] {
    const fs::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = open_files();
  for (const char each : {'a', 'b', 'c'}) {
    replace_file(path("m"), std::string(size_t{17} << 20, each));
    EXPECT_EQ(content(path("m")), std::string(size_t{17} << 20, each));
  }
  for (int i = 0; i < 1000 && open_files() > before; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(open_files(), before);
  EXPECT_EQ(files_in("."), 2U) << "the file and a folder";
}

TEST_F(ReplacedFile, APipeIsWrittenTo) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", path("link"));
  for (const std::string name : {"pipe", "link"}) {
    std::string read;
    std::thread reader([&] { read = content(path("pipe")); });
    replace_file(path(name), std::string(100'000, 'x'));
    reader.join();
    EXPECT_EQ(read, std::string(100'000, 'x'));
    EXPECT_TRUE(fs::is_fifo(path("pipe")));
  }
}

TEST_F(ReplacedFile, APipeWithoutAReaderIsAnError) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread reader([&] {
    char one = 0;
    const int file = ::open(path("pipe").c_str(), O_RDONLY);
    EXPECT_EQ(::read(file, &one, 1), 1);
    ::close(file);
  });
  EXPECT_THAT(error_of([&] { replace_file(path("pipe"), std::string(10'000'000, 'x')); }),
              HasSubstr("pipe: cannot write: Broken pipe"));
  reader.join();
}

TEST_F(ReplacedFile, DevicesAreWrittenTo) {
  // Root could replace those of /dev, so it makes its own.
  std::string null = "/dev/null";
  std::string full = "/dev/full";
  if (::geteuid() == 0) {
    null = path("null");
    full = path("full");
    ::mknod(null.c_str(), S_IFCHR | 0666, makedev(1, 3));
    ::mknod(full.c_str(), S_IFCHR | 0666, makedev(1, 7));
    // Containers refuse to make devices, some mounts to open them.
    if (!std::ofstream(null)) GTEST_SKIP() << "no device can be made here";
  }
  replace_file(null, std::string("gone"));
  EXPECT_TRUE(fs::is_character_file(null));
  EXPECT_THAT(error_of([&] { replace_file(full, std::string("x")); }),
              HasSubstr(full + ": cannot write: No space left"));
}

// As a program does whose output file is /dev/stdout, after it has printed there.
TEST_F(ReplacedFile, AnOpenFileIsWrittenAtItsPosition) {
  const int file = ::open(path("out").c_str(), O_WRONLY | O_CREAT, 0644);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::write(file, "before ", 7), 7);
  for (const char* folder : {"/dev/fd/", "/proc/self/fd/"}) {
    replace_file(folder + std::to_string(file), std::string("here "));
  }
  ASSERT_EQ(::write(file, "after", 5), 5);
  ::close(file);
  EXPECT_EQ(content(path("out")), "before here here after");
}

TEST_F(ReplacedFile, ContentMayBeMadeWhileItIsWritten) {
  const auto written = [this](const std::string& last) {
    replace_file(path("a"), [&](const WriteBytes& write) {
      for (const std::string& piece : {std::string("1,"), std::string("2,"), last}) {
        if (piece.empty()) throw Error({.where = "table", .what = "has no more"});
        write(std::as_bytes(std::span(piece)));
      }
    });
  };
  written("3");
  EXPECT_EQ(content(path("a")), "1,2,3");
  EXPECT_EQ(error_of([&] { written(""); }),
            "table: has no more; the file that was there is unchanged.");
  EXPECT_EQ(content(path("a")), "1,2,3");
  EXPECT_EQ(files_in("."), 2U);
}

}  // namespace replace_file_test
}  // namespace cornu::inline v0
