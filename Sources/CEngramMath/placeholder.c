#include "engram_math.h"
