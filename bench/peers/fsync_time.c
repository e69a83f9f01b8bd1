/* Preloaded into a process, it adds up the seconds spent in fsync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

double fsync_seconds;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  const double begin = now();
  const int result = real(file);
  fsync_seconds += now() - begin;
  return result;
}
