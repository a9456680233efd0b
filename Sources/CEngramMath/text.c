// The headers of this room as text: what printed kernels are compiled with.
#include <stddef.h>

#include "native.h"

// Compilers that cannot embed files make a program without native kernels.
#if defined(__has_embed)
#if __has_embed("native.h")
#define HAS_TEXTS 1
#endif
#endif

#if defined(HAS_TEXTS)
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif
static const char texts[] = {
#embed "include/engram_math.h"
    , '\n',
#embed "ieee.h"
    , '\n',
#embed "exponential.h"
    , '\n',
#embed "logarithm.h"
    , '\n',
#embed "trigonometric.h"
    , '\n',
#embed "arcs.h"
    , '\n',
#embed "hyperbolic.h"
    , '\n',
#embed "power.h"
    , '\n',
#embed "division.h"
    , '\n',
#embed "philox.h"
    , '\n',
#embed "operations.h"
    , '\n',
#embed "native.h"
    , '\n', 0};
const char *engram_native_text(void) { return texts; }
#else
const char *engram_native_text(void) { return NULL; }
#endif
