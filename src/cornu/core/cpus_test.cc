#include "cornu/core/cpus.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace cornu::inline v0 {
namespace cpus_test {

/// A root folder with files of /proc and /sys.
class Root {
 public:
  Root() {
    path_ = (std::filesystem::temp_directory_path() / "cornu-cpus-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~Root() { std::filesystem::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  Root& write(const std::string& file, const std::string& text) {
    const std::filesystem::path whole = path_ + file;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole) << text;
    return *this;
  }
  Root& cpu(int number, int core, int package = 0) {
    const std::string folder =
        "/sys/devices/system/cpu/cpu" + std::to_string(number) + "/topology/";
    write(folder + "core_id", std::to_string(core) + "\n");
    return write(folder + "physical_package_id", std::to_string(package) + "\n");
  }
  Cpus usable(const std::vector<int>& affinity) const { return usable_cpus(affinity, path_); }

 private:
  std::string path_;
};

TEST(Cpus, HyperThreadsOfOneCoreCountOnce) {
  Root root;
  root.cpu(0, 0).cpu(1, 1).cpu(2, 0).cpu(3, 1);
  EXPECT_EQ(root.usable({0, 1, 2, 3}).cpus, 4);
  EXPECT_EQ(root.usable({0, 1, 2, 3}).cores, 2);
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 2);
  // A process that may use only the two threads of one core has one core.
  EXPECT_EQ(root.usable({0, 2}).threads(), 1);
}

TEST(Cpus, CoresOfTwoPackagesMayHaveTheSameNumber) {
  Root root;
  root.cpu(0, 0, 0).cpu(1, 0, 1);
  EXPECT_EQ(root.usable({0, 1}).cores, 2);
}

TEST(Cpus, ACpuWhoseCoreIsNotKnownCountsAsOne) {
  EXPECT_EQ(Root().usable({0, 1, 5}).cores, 3);
  EXPECT_EQ(Root().usable({}).threads(), 1);
}

TEST(Cpus, TheSmallestQuotaOfACgroupAndThoseAboveItLimits) {
  Root root;
  root.write("/proc/self/cgroup", "0::/service/job\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).quota, 0);
  root.write("/sys/fs/cgroup/service/job/cpu.max", "max 100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 4);
  root.write("/sys/fs/cgroup/service/cpu.max", "250000 100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).quota, 2.5);
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 3);
  root.write("/sys/fs/cgroup/service/job/cpu.max", "50000 100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 1);
}

TEST(Cpus, AContainerSeesItsOwnGroupAtTheTop) {
  Root root;
  root.write("/proc/self/cgroup", "0::/\n").write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 2);
}

TEST(Cpus, TheFirstVersionOfCgroupsIsReadToo) {
  Root root;
  root.write("/proc/self/cgroup", "5:memory:/a\n4:cpu,cpuacct:/a\n");
  root.write("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n");
  root.write("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).quota, 0);
  root.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n");
  root.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(root.usable({0, 1, 2, 3}).threads(), 2);
}

TEST(Cpus, AQuotaThatIsNotANumberIsNoLimit) {
  Root root;
  root.write("/proc/self/cgroup", "0::/\nnonsense\n:\n");
  for (const char* text : {"", "max", "a b", "1e999 1", "-5 100000", "100000 0", "100000"}) {
    root.write("/sys/fs/cgroup/cpu.max", text);
    EXPECT_EQ(root.usable({0, 1}).threads(), 2) << text;
  }
}

TEST(Cpus, OfThisProcessAreConsistent) {
  const Cpus here = usable_cpus();
  EXPECT_GE(here.cpus, here.cores);
  EXPECT_GE(here.threads(), 1);
  EXPECT_LE(here.threads(), here.cores);
}

}  // namespace cpus_test
}  // namespace cornu::inline v0
