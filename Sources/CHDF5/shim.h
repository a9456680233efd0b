// What Swift cannot import from HDF5: class and type ids, which are macros around globals, and the error stack, which is
// walked with a callback. The macros call H5open() first; that is why Swift never reads the globals itself.
#ifndef ENGRAM_CHDF5_SHIM_H
#define ENGRAM_CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

static inline hid_t engram_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t engram_h5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t engram_h5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t engram_h5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t engram_h5_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t engram_h5_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t engram_h5_attribute_create(void) { return H5P_ATTRIBUTE_CREATE; }

static inline unsigned engram_h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned engram_h5_exclusive(void) { return H5F_ACC_EXCL; }
static inline unsigned engram_h5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned engram_h5_read_only(void) { return H5F_ACC_RDONLY; }

static inline hid_t engram_h5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t engram_h5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t engram_h5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t engram_h5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t engram_h5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t engram_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t engram_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t engram_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t engram_h5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t engram_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t engram_h5_c_string(void) { return H5T_C_S1; }

static inline haddr_t engram_h5_undefined_address(void) { return HADDR_UNDEF; }

struct engram_h5_text {
  char *bytes;
  size_t capacity, count;
};

static inline herr_t engram_h5_append_error(unsigned n, const H5E_error2_t *error, void *data) {
  struct engram_h5_text *text = (struct engram_h5_text *)data;
  (void)n;
  if (text->count + 1 >= text->capacity) return 0;
  int written = snprintf(text->bytes + text->count, text->capacity - text->count, "%s: %s\n",
                         error->func_name ? error->func_name : "?", error->desc ? error->desc : "?");
  if (written > 0) text->count += (size_t)written;
  if (text->count >= text->capacity) text->count = text->capacity - 1;
  return 0;
}

// Writes the calling thread's error stack into `bytes`, innermost last, empties it, and returns the length.
static inline size_t engram_h5_take_errors(char *bytes, size_t capacity) {
  struct engram_h5_text text = {bytes, capacity, 0};
  if (capacity == 0) return 0;
  bytes[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, engram_h5_append_error, &text);
  H5Eclear2(H5E_DEFAULT);
  return text.count;
}

// Stops the library from printing errors of the calling thread itself.
static inline void engram_h5_silence_errors(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

struct engram_h5_names {
  char *bytes;
  size_t capacity, count;
};

static inline herr_t engram_h5_append_name(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  struct engram_h5_names *names = (struct engram_h5_names *)data;
  size_t length = strlen(name) + 1;
  (void)group;
  (void)info;
  if (names->count + length <= names->capacity) memcpy(names->bytes + names->count, name, length);
  names->count += length;
  return 0;
}

enum { ENGRAM_H5_NOTHING, ENGRAM_H5_HARD, ENGRAM_H5_SOFT, ENGRAM_H5_OUTSIDE };

// What kind of link a name in a group is. A soft link's target, ended by a zero byte, is put into `target` if it fits;
// otherwise the link counts as one that leads outside.
static inline int engram_h5_link(hid_t group, const char *name, char *target, size_t capacity) {
  H5L_info_t info;
  if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return ENGRAM_H5_NOTHING;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
  if (info.type == H5L_TYPE_HARD) return ENGRAM_H5_HARD;
  if (info.type != H5L_TYPE_SOFT || info.u.val_size >= capacity) return ENGRAM_H5_OUTSIDE;
  if (H5Lget_val(group, name, target, capacity - 1, H5P_DEFAULT) < 0) return -1;
  target[info.u.val_size] = 0;
  return ENGRAM_H5_SOFT;
}

// Filters of other people's libraries are never looked for.
static inline herr_t engram_h5_forbid_plugins(void) { return H5PLset_loading_state(0); }

// Whether the library brings the filter itself.
static inline int engram_h5_is_own_filter(H5Z_filter_t filter) {
  return filter >= H5Z_FILTER_DEFLATE && filter <= H5Z_FILTER_SCALEOFFSET && H5Zfilter_avail(filter) > 0;
}

// The members of a group in order of their names, each ended by a zero byte. Returns the bytes needed, or −1.
static inline long engram_h5_member_names(hid_t group, char *bytes, size_t capacity) {
  struct engram_h5_names names = {bytes, capacity, 0};
  hsize_t start = 0;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &start, engram_h5_append_name, &names) < 0) return -1;
  return (long)names.count;
}

#endif
