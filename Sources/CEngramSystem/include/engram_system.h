#ifndef ENGRAM_SYSTEM_H
#define ENGRAM_SYSTEM_H
// System calls that Swift's Glibc module does not show.
#include <stdint.h>

/// Claims disk space; 0 or an errno value.
int engram_allocate(int descriptor, int64_t offset, int64_t length);

#endif
