#ifndef ENGRAM_CHDF5_SHIM_H
#define ENGRAM_CHDF5_SHIM_H
#include <hdf5.h>
#endif
