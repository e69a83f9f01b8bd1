#include "cornu/mpi/load_module.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

namespace fs = std::filesystem;

std::string file_name(const std::string& mpi) {
  return "libcornu_mpi_" + mpi + ".so";
}

// The folder of the file in which this function is: the shared library, or a program that is linked
// to the static one.
fs::path own_folder() {
  Dl_info file;
  std::error_code none;
  fs::path path;
  if (dladdr(reinterpret_cast<void*>(&own_folder), &file) != 0 && file.dli_fname != nullptr) {
    path = fs::canonical(file.dli_fname, none);
  }
  // The loader knows a program by the word that it was called by.
  if (path.empty()) path = fs::canonical("/proc/self/exe", none);
  return path.parent_path();
}

std::vector<std::string> places(const std::string& mpi) {
  const fs::path folder = own_folder();
  std::vector<std::string> paths;
  for (const char* const beside : {"", "../lib", "../" CORNU_FOLDER_OF_LIBRARIES}) {
    const std::string path = (folder / beside / file_name(mpi)).lexically_normal().string();
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

// Open MPI makes its functions global for its plugins by itself.
void* open(const std::string& path) {
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

const MpiModule& opened(const std::string& path) {
  void* const library = open(path);
  if (library == nullptr) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = "MPI",
                 .field = "library",
                 .what = "the module cannot be loaded: " + std::string(dlerror()),
                 .hint = "is the MPI installed with which Cornu was built?"});
  }
  const auto find = reinterpret_cast<FindMpiModule*>(dlsym(library, "cornu_mpi_module"));
  if (find == nullptr) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = "MPI",
                 .field = "library",
                 .expected = "libcornu_mpi_openmpi.so or libcornu_mpi_mpich.so",
                 .found = path});
  }
  const MpiModule& module = *find();
  if (std::string(module.text) != CORNU_MPI_MODULE) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = "MPI",
                 .field = "library",
                 .what = path + " belongs to another Cornu",
                 .expected = CORNU_MPI_MODULE,
                 .found = module.text,
                 .hint = "install the library and its modules from one build"});
  }
  return module;
}

std::string started(const Launch& launch) {
  const char* const value = std::getenv(launch.variable.c_str());
  return launch.by + " started this process (" + launch.variable + "=" +
         (value == nullptr ? "" : value) + ")";
}

std::string package_of(const std::string& mpi) {
  return mpi == "openmpi" ? "libopenmpi-dev" : "libmpich-dev";
}

// The other MPI, if its module is there.
std::string present_other(const std::vector<std::string>& mpis) {
  for (const char* const mpi : {"openmpi", "mpich"}) {
    if (std::find(mpis.begin(), mpis.end(), mpi) != mpis.end()) continue;
    for (const std::string& path : places(mpi)) {
      if (fs::exists(path)) return mpi;
    }
  }
  return {};
}

Error missing(const std::optional<Launch>& launch, const std::vector<std::string>& mpis) {
  std::string files, hint;
  for (const std::string& mpi : mpis) {
    files += (files.empty() ? "" : " and ") + file_name(mpi);
    hint += (hint.empty() ? "" : " or ") + name_of_mpi(mpi) + " (Debian: " + package_of(mpi) + ")";
  }
  const std::string is = mpis.size() > 1 ? " are missing" : " is missing";
  hint = "build Cornu where " + hint + " is, or give the path in CORNU_MPI_LIBRARY";
  const std::string other = present_other(mpis);
  if (launch && !other.empty()) hint += "; or use mpirun of " + name_of_mpi(other);
  return Error({.kind = ErrorKind::not_found,
                .where = "MPI",
                .what = launch ? started(*launch) + ", but " + files + is : files + is,
                .expected = places(mpis[0]).front(),
                .hint = hint});
}

}  // namespace

std::string name_of_mpi(const std::string& mpi) {
  return mpi == "openmpi" ? "Open MPI" : "MPICH";
}

const MpiModule& load_mpi_module(const std::optional<Launch>& launch, const std::string& library) {
  if (launch && launch->mpis.empty()) {
    throw Error({.where = "MPI",
                 .what = started(*launch) + " and " + std::to_string(launch->size - 1) +
                         " more, which cannot find each other",
                 .hint = "srun --mpi=pmix for Open MPI, --mpi=pmi2 for MPICH"});
  }
  const char* const named = std::getenv("CORNU_MPI_LIBRARY");
  std::string path = library;
  if (path.empty() && named != nullptr) path = named;
  if (!path.empty()) {
    const MpiModule& module = opened(path);
    if (launch &&
        std::find(launch->mpis.begin(), launch->mpis.end(), module.mpi) == launch->mpis.end()) {
      const std::string mpi = name_of_mpi(module.mpi);
      throw Error({.where = "MPI",
                   .field = "library",
                   .what = started(*launch) + ", and with " + mpi +
                           " each would be alone in a world of one",
                   .expected = file_name(launch->mpis[0]),
                   .found = path,
                   .hint = "mpirun of " + mpi + ", or the other module"});
    }
    return module;
  }
  const std::vector<std::string> mpis =
      launch ? launch->mpis : std::vector<std::string>{"openmpi", "mpich"};
  for (const std::string& mpi : mpis) {
    for (const std::string& place : places(mpi)) {
      if (fs::exists(place)) return opened(place);
    }
  }
  for (const std::string& mpi : mpis) {
    if (open(file_name(mpi)) != nullptr) return opened(file_name(mpi));
  }
  throw missing(launch, mpis);
}

}  // namespace cornu::inline v0
