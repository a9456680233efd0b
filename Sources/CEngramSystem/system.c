#define _GNU_SOURCE
#include <malloc.h>
#include "engram_system.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdlib.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

int engram_allocate(int descriptor, int64_t offset, int64_t length) {
  if (length <= 0) return 0;
  int result;
  do {
    result = posix_fallocate(descriptor, offset, length);
  } while (result == EINTR);
  return result;
}

int engram_discard(int descriptor, int64_t offset, int64_t length) {
  if (length <= 0) return 0;
  int result;
  do {
    result = fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
  } while (result && errno == EINTR);
  return result ? errno : 0;
}

int64_t engram_write(int descriptor, const void *bytes, size_t count, int64_t offset) {
  enum { block = 4096, worthwhile = 1 << 20 };
  if (count >= worthwhile && ((uintptr_t)bytes | (uint64_t)offset) % block == 0) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_DIRECT) == 0) {
      ssize_t written = pwrite(descriptor, bytes, count / block * block, offset);
      int code = errno;
      (void)fcntl(descriptor, F_SETFL, flags);
      // A device with larger blocks refuses: then by way of the page cache.
      if (written > 0 || (written < 0 && code != EINVAL)) {
        errno = code;
        return written;
      }
    }
  }
  return pwrite(descriptor, bytes, count, offset);
}

int engram_reserve(size_t bytes, void **start) {
  void *found = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return errno;
  *start = found;
  return 0;
}

int engram_make_writable(void *start, size_t bytes) {
  if (bytes == 0) return 0;
  void *found = mmap(start, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return found == MAP_FAILED ? errno : 0;
}

int engram_map_file(int descriptor, int64_t offset, size_t bytes, int mode, void **start) {
  int protection = mode == ENGRAM_MAP_READ_SHARED ? PROT_READ : PROT_READ | PROT_WRITE;
  int flags = mode == ENGRAM_MAP_WRITE_PRIVATE ? MAP_PRIVATE : MAP_SHARED;
  if (*start) flags |= MAP_FIXED;
  void *found = mmap(*start, bytes, protection, flags, descriptor, offset);
  if (found == MAP_FAILED) return errno;
  *start = found;
  return 0;
}

int engram_unmap(void *start, size_t bytes) { return munmap(start, bytes) ? errno : 0; }

void engram_let_go(void *start, size_t bytes) { madvise(start, bytes, MADV_DONTNEED); }

int engram_touch(void *start, size_t bytes) {
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
  int result;
  do {
    result = madvise(start, bytes, MADV_POPULATE_WRITE);
  } while (result && errno == EINTR);
  return result ? errno : 0;
}

void engram_yield_to_others(void) { (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10); }

void engram_give_back_free_memory(void) {
#ifdef __GLIBC__
  (void)malloc_trim(0);
#endif
}

void engram_prefer_large_pages(void *start, size_t bytes) { (void)madvise(start, bytes, MADV_HUGEPAGE); }

int engram_open_beneath(int directory, const char *name, int flags, unsigned mode) {
  int result;
  do {
    result = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
  } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : result;
}

int engram_rename(int from_directory, const char *from, int to_directory, const char *to, int replace) {
  if (replace) return renameat(from_directory, from, to_directory, to) ? errno : 0;
  // By its number: not every C library has a function for it.
  if (syscall(SYS_renameat2, from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Older file systems: a hard link refuses an existing name just as well.
  if (linkat(from_directory, from, to_directory, to, 0)) return errno;
  return unlinkat(from_directory, from, 0) ? errno : 0;
}

int engram_clone(int target, int source) { return ioctl(target, FICLONE, source) ? errno : 0; }

int engram_lock(int descriptor) {
  int result;
  do {
    result = flock(descriptor, LOCK_EX | LOCK_NB);
  } while (result && errno == EINTR);
  return result ? errno : 0;
}

int engram_unlock(int descriptor) { return flock(descriptor, LOCK_UN) ? errno : 0; }

uint64_t engram_free_bytes(int descriptor) {
  struct statvfs information;
  if (fstatvfs(descriptor, &information)) return UINT64_MAX;
  uint64_t bytes;
  if (__builtin_mul_overflow((uint64_t)information.f_bavail, (uint64_t)information.f_frsize, &bytes)) return UINT64_MAX;
  return bytes;
}

int engram_keep_rewrites_in_place(int folder) {
  struct statfs information;
  if (fstatfs(folder, &information)) return 1;
  switch ((uint32_t)information.f_type) {
    case 0x9123683Eu: {  // btrfs: files that are made in a folder with this flag have it too.
      int flags = 0;
      if (ioctl(folder, FS_IOC_GETFLAGS, &flags)) return 0;
      flags |= FS_NOCOW_FL;
      return ioctl(folder, FS_IOC_SETFLAGS, &flags) == 0;
    }
    case 0x2FC12FC1u:  // ZFS
    case 0xCA451A4Eu:  // bcachefs
    case 0x00003434u:  // NILFS2
      return 0;
    default:
      return 1;
  }
}

int engram_is_memory_file_system(int descriptor) {
  struct statfs information;
  if (fstatfs(descriptor, &information)) return 0;
  return information.f_type == 0x01021994 || (uint32_t)information.f_type == 0x858458F6u;
}

int engram_file_system_name(int descriptor, char *name, size_t capacity) {
  static const struct {
    uint32_t type;
    const char *name;
  } known[] = {
      {0xEF53u, "ext4"},       {0x58465342u, "XFS"},     {0x9123683Eu, "btrfs"},     {0x01021994u, "tmpfs"},    {0x858458F6u, "ramfs"},
      {0x794C7630u, "overlay"}, {0x2FC12FC1u, "ZFS"},     {0xF2F52010u, "F2FS"},      {0xCA451A4Eu, "bcachefs"}, {0x6969u, "NFS"},
      {0xFF534D42u, "CIFS"},   {0xFE534D42u, "SMB"},     {0x0BD00BD0u, "Lustre"},    {0x47504653u, "GPFS"},    {0x19830326u, "BeeGFS"},
      {0x00C36400u, "Ceph"},   {0x5346414Fu, "AFS"},     {0x01021997u, "9P"},        {0x786F4256u, "vboxsf"},  {0x65735546u, "FUSE"},
      {0x4D44u, "FAT"},        {0x2011BAB0u, "exFAT"},   {0x5346544Eu, "NTFS"},      {0x7366746Eu, "NTFS"},    {0x00003434u, "NILFS2"},
  };
  struct statfs information;
  if (fstatfs(descriptor, &information)) return errno;
  uint32_t type = (uint32_t)information.f_type;
  for (size_t place = 0; place < sizeof known / sizeof *known; place++)
    if (known[place].type == type) return snprintf(name, capacity, "%s", known[place].name) < 0 ? EINVAL : 0;
  return snprintf(name, capacity, "0x%X", (unsigned)type) < 0 ? EINVAL : 0;
}

int engram_is_network_file_system(int descriptor) {
  struct statfs information;
  if (fstatfs(descriptor, &information)) return 0;
  switch ((uint32_t)information.f_type) {
    case 0x6969u:      // NFS
    case 0xFF534D42u:  // CIFS
    case 0xFE534D42u:  // SMB2
    case 0x0BD00BD0u:  // Lustre
    case 0x47504653u:  // GPFS
    case 0x19830326u:  // BeeGFS
    case 0x00C36400u:  // Ceph
    case 0x5346414Fu:  // AFS
    case 0x01021997u:  // 9P
    case 0x786F4256u:  // VirtualBox's shared folders
      return 1;
    default:
      return 0;
  }
}

// Only calls that are safe inside a signal handler: write and _exit.
static void lost_mapping(int signal_number) {
  static const char message[] =
      "engram: a file of the run directory was shortened or lost while it was in use (bus error).\n"
      "The committed checkpoints that do not need it are intact; start again from the newest one that `engram verify` accepts.\n";
  (void)signal_number;
  ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
  (void)ignored;
  _exit(74);
}

int engram_explain_lost_mappings(void) {
  static char alternate[65536];
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate, .ss_flags = 0};
  if (sigaltstack(&stack, NULL)) return errno;
  struct sigaction action = {.sa_handler = lost_mapping, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  return sigaction(SIGBUS, &action, NULL) ? errno : 0;
}
