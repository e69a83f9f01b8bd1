/* Prints the seconds that ISA-L takes for the CRC-32 of a file, in the pieces in which Cornu
   computes it: each while it is in the cache, just read. The time of reading does not count. */
#include <fcntl.h>
#include <isa-l/crc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { kPiece = 256 << 10, kUnit = 64 << 10 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char** argv) {
  const int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  unsigned char* piece = malloc(kPiece);
  if (file < 0 || piece == NULL) return 2;
  double seconds = 0;
  volatile unsigned crc = 0;
  for (ssize_t size = 0; (size = read(file, piece, kPiece)) > 0;) {
    const double begin = now();
    for (ssize_t at = 0; at < size; at += kUnit) {
      const ssize_t rest = size - at;
      crc = crc32_gzip_refl(0, piece + at, (uint64_t)(rest < kUnit ? rest : kUnit));
    }
    seconds += now() - begin;
  }
  printf("%.9f\n", seconds);
  return 0;
}
