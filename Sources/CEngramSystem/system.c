#define _GNU_SOURCE
#include "engram_system.h"
#include <fcntl.h>

int engram_allocate(int descriptor, int64_t offset, int64_t length) {
  return posix_fallocate(descriptor, offset, length);
}
