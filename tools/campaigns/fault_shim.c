// Preloaded into a program: counts its calls that touch files below a directory and makes the N-th one fail.
//
//   ENGRAM_FAULT_ROOT   only files below this directory count
//   ENGRAM_FAULT_CALL   name of the call, e.g. "fsync"; "any" counts all together
//   ENGRAM_FAULT_WHEN   its number from 1; 0 counts only
//   ENGRAM_FAULT_KIND   kill: SIGKILL instead of the call; after: SIGKILL right behind it; once / on: an error, once or from then on;
//                       half: a write of half the bytes, then the error
//   ENGRAM_FAULT_CODE   errno of the error
//   ENGRAM_FAULT_COUNTS file for the counts, written at exit
//
// Counted over all threads, calls of the loader and of /usr, /proc left out: what strace cannot do.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { OPEN, MKDIR, PREAD, READ, PWRITE, WRITE, FSYNC, FDATASYNC, RENAME, LINK, UNLINK, FTRUNCATE, FALLOCATE, FLOCK, FSTAT, CHMOD,
  READDIR, CLOSE, MMAP, OUTPUT, SYNCRANGE, CALLS };
static const char *const names[CALLS] = {"open", "mkdir", "pread", "read", "pwrite", "write", "fsync", "fdatasync", "rename", "link",
  "unlink", "ftruncate", "fallocate", "flock", "fstat", "chmod", "readdir", "close", "mmap", "output", "sync_file_range"};
static _Atomic long counts[CALLS + 1];
static _Atomic unsigned char tracked[65536];
static char root[4096];
static int chosen = -1, code = EIO;
static long when;
enum { NONE, KILL, AFTER, ONCE, ON, HALF };
static int kind;

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("ENGRAM_FAULT_ROOT");
  snprintf(root, sizeof root, "%s", text ? text : "");
  if ((text = getenv("ENGRAM_FAULT_CALL"))) {
    if (!strcmp(text, "any")) chosen = CALLS;
    for (int call = 0; call < CALLS; call++) if (!strcmp(text, names[call])) chosen = call;
  }
  when = (text = getenv("ENGRAM_FAULT_WHEN")) ? atol(text) : 0;
  code = (text = getenv("ENGRAM_FAULT_CODE")) ? atoi(text) : EIO;
  if ((text = getenv("ENGRAM_FAULT_KIND")))
    kind = !strcmp(text, "kill") ? KILL : !strcmp(text, "after") ? AFTER : !strcmp(text, "once") ? ONCE : !strcmp(text, "on") ? ON : !strcmp(text, "half") ? HALF : NONE;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("ENGRAM_FAULT_COUNTS");
  if (!path) return;
  FILE *file = fopen(path, "w");
  if (!file) return;
  for (int call = 0; call < CALLS; call++) fprintf(file, "%s %ld\n", names[call], (long)counts[call]);
  fclose(file);
}

// 0: go on. 1: fail with `code`. 2: half.  3: die behind the call.
static int fault(int call) {
  long mine = ++counts[call], all = ++counts[CALLS];
  if (!when || (chosen != call && chosen != CALLS)) return 0;
  long number = chosen == CALLS ? all : mine;
  if (number < when || (number > when && kind != ON)) return 0;
  switch (kind) {
    case KILL: kill(getpid(), SIGKILL); for (;;) pause();
    case AFTER: return 3;
    case HALF: return call == PWRITE || call == WRITE ? 2 : 1;
    case ONCE: case ON: return 1;
    default: return 0;
  }
}
static void behind(int what) { if (what == 3) { kill(getpid(), SIGKILL); for (;;) pause(); } }

static int is_tracked(int fd) { return fd >= 0 && fd < 65536 && tracked[fd]; }
static void track(int fd, int yes) { if (fd >= 0 && fd < 65536) tracked[fd] = yes; }

static int counts_path(int directory, const char *path) {
  if (path[0] == '/') return root[0] && !strncmp(path, root, strlen(root));
  if (directory != AT_FDCWD) return is_tracked(directory);
  char here[4096];
  return getcwd(here, sizeof here) && root[0] && !strncmp(here, root, strlen(root));
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define AROUND(applies, call, type, expression) \
  if (!(applies)) return expression; \
  int what = fault(call); \
  if (what == 1 || what == 2) { errno = code; return -1; } \
  type result = expression; behind(what); return result

static int opened(int directory, const char *path, int flags, mode_t mode) {
  static int (*real)(int, const char *, int, ...);
  if (!real) real = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
  if (!counts_path(directory, path)) { int fd = real(directory, path, flags, mode); track(fd, 0); return fd; }
  int what = fault(OPEN);
  if (what == 1 || what == 2) { errno = code; return -1; }
  int fd = real(directory, path, flags, mode);
  track(fd, 1);
  behind(what);
  return fd;
}
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }
int openat(int d, const char *p, int flags, ...) { MODE(flags) return opened(d, p, flags, mode); }
int openat64(int d, const char *p, int flags, ...) { MODE(flags) return opened(d, p, flags, mode); }
int open(const char *p, int flags, ...) { MODE(flags) return opened(AT_FDCWD, p, flags, mode); }
int open64(const char *p, int flags, ...) { MODE(flags) return opened(AT_FDCWD, p, flags, mode); }

static ssize_t written(int fd, const void *bytes, size_t count, off_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (!real) real = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
  if (!is_tracked(fd)) return real(fd, bytes, count, offset);
  int what = fault(PWRITE);
  if (what == 1 || what == 2) {
    // Half of it reaches the file; the rest meets the error.
    if (what == 2 && count > 1 && real(fd, bytes, count / 2, offset) < 0) {}
    errno = code;
    return -1;
  }
  ssize_t result = real(fd, bytes, count, offset);
  behind(what);
  return result;
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return written(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t o) { return written(fd, b, n, o); }
ssize_t write(int fd, const void *b, size_t n) {
  REAL(write);
  AROUND(is_tracked(fd) || fd == 1, fd == 1 ? OUTPUT : WRITE, ssize_t, real(fd, b, n));
}
static ssize_t taken(int fd, void *b, size_t n, off_t o) {
  static ssize_t (*real)(int, void *, size_t, off_t);
  if (!real) real = (ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64");
  AROUND(is_tracked(fd), PREAD, ssize_t, real(fd, b, n, o));
}
ssize_t pread(int fd, void *b, size_t n, off_t o) { return taken(fd, b, n, o); }
ssize_t pread64(int fd, void *b, size_t n, off_t o) { return taken(fd, b, n, o); }
ssize_t read(int fd, void *b, size_t n) { REAL(read); AROUND(is_tracked(fd), READ, ssize_t, real(fd, b, n)); }
int fsync(int fd) { REAL(fsync); AROUND(is_tracked(fd), FSYNC, int, real(fd)); }
int fdatasync(int fd) { REAL(fdatasync); AROUND(is_tracked(fd), FDATASYNC, int, real(fd)); }
int sync_file_range(int fd, off_t o, off_t n, unsigned f) { REAL(sync_file_range); AROUND(is_tracked(fd), SYNCRANGE, int, real(fd, o, n, f)); }
int renameat(int d, const char *a, int e, const char *b) { REAL(renameat); AROUND(is_tracked(d), RENAME, int, real(d, a, e, b)); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { REAL(renameat2); AROUND(is_tracked(d) || counts_path(d, a), RENAME, int, real(d, a, e, b, f)); }
int rename(const char *a, const char *b) { REAL(rename); AROUND(counts_path(AT_FDCWD, a), RENAME, int, real(a, b)); }
int linkat(int d, const char *a, int e, const char *b, int f) { REAL(linkat); AROUND(is_tracked(d), LINK, int, real(d, a, e, b, f)); }
int unlinkat(int d, const char *a, int f) { REAL(unlinkat); AROUND(counts_path(d, a), UNLINK, int, real(d, a, f)); }
int unlink(const char *a) { REAL(unlink); AROUND(counts_path(AT_FDCWD, a), UNLINK, int, real(a)); }
int mkdirat(int d, const char *a, mode_t m) { REAL(mkdirat); AROUND(counts_path(d, a), MKDIR, int, real(d, a, m)); }
int mkdir(const char *a, mode_t m) { REAL(mkdir); AROUND(counts_path(AT_FDCWD, a), MKDIR, int, real(a, m)); }
int fchmod(int fd, mode_t m) { REAL(fchmod); AROUND(is_tracked(fd), CHMOD, int, real(fd, m)); }
int fchmodat(int d, const char *a, mode_t m, int f) { REAL(fchmodat); AROUND(counts_path(d, a), CHMOD, int, real(d, a, m, f)); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); AROUND(is_tracked(fd), FTRUNCATE, int, real(fd, n)); }
int ftruncate64(int fd, off_t n) { REAL(ftruncate64); AROUND(is_tracked(fd), FTRUNCATE, int, real(fd, n)); }
int posix_fallocate(int fd, off_t o, off_t n) {
  REAL(posix_fallocate);
  if (!is_tracked(fd)) return real(fd, o, n);
  int what = fault(FALLOCATE);
  if (what == 1 || what == 2) return code;
  int result = real(fd, o, n);
  behind(what);
  return result;
}
int posix_fallocate64(int fd, off_t o, off_t n) { return posix_fallocate(fd, o, n); }
int flock(int fd, int f) { REAL(flock); AROUND(is_tracked(fd), FLOCK, int, real(fd, f)); }
int fstat(int fd, struct stat *s) { REAL(fstat); AROUND(is_tracked(fd), FSTAT, int, real(fd, s)); }
int fstat64(int fd, struct stat64 *s) { REAL(fstat64); AROUND(is_tracked(fd), FSTAT, int, real(fd, s)); }
int close(int fd) {
  REAL(close);
  if (!is_tracked(fd)) return real(fd);
  int what = fault(CLOSE);
  track(fd, 0);
  int result = real(fd);
  behind(what);
  if (what) { errno = code; return -1; }
  return result;
}
struct dirent *readdir(DIR *stream) {
  REAL(readdir);
  if (!is_tracked(dirfd(stream))) return real(stream);
  int what = fault(READDIR);
  if (what == 1 || what == 2) { errno = code; return NULL; }
  struct dirent *result = real(stream);
  behind(what);
  return result;
}
struct dirent64 *readdir64(DIR *stream) { return (struct dirent64 *)readdir(stream); }
void *mmap(void *a, size_t n, int p, int f, int fd, off_t o) {
  REAL(mmap);
  if (fd < 0 || !is_tracked(fd)) return real(a, n, p, f, fd, o);
  int what = fault(MMAP);
  if (what == 1 || what == 2) { errno = code; return MAP_FAILED; }
  void *result = real(a, n, p, f, fd, o);
  behind(what);
  return result;
}
void *mmap64(void *a, size_t n, int p, int f, int fd, off_t o) { return mmap(a, n, p, f, fd, o); }
