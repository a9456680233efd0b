#define _GNU_SOURCE
#include "engram_system.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

void engram_raise_descriptor_limit(uint64_t most) {
  struct rlimit now;
  if (getrlimit(RLIMIT_NOFILE, &now)) return;
  rlim_t wanted = now.rlim_max == RLIM_INFINITY || now.rlim_max > most ? most : now.rlim_max;
  if (now.rlim_cur == RLIM_INFINITY || now.rlim_cur >= wanted) return;
  now.rlim_cur = wanted;
  (void)setrlimit(RLIMIT_NOFILE, &now);
}

static int is_limited(rlim_t *bytes) {
  struct rlimit now;
  if (getrlimit(RLIMIT_AS, &now) || now.rlim_cur == RLIM_INFINITY) return 0;
  *bytes = now.rlim_cur;
  return 1;
}

void engram_give_back_large_blocks(void) {
#ifdef __GLIBC__
  // By itself the limit rises to the largest block that was ever freed, and what is freed below it stays with the process.
  (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void engram_save_addresses(void) {
  rlim_t bytes;
  if (!is_limited(&bytes)) return;
  // Each arena of the allocator reserves 64 MiB, each stack 8 MiB: of addresses only, but they count.
#ifdef __GLIBC__
  (void)mallopt(M_ARENA_MAX, 1);
#endif
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes)) return;
  if (!pthread_attr_setstacksize(&attributes, 1 << 20)) (void)pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

static struct sigaction earlier[NSIG];

// Only calls that are safe inside a signal handler.
static void exhausted(int signal_number) {
  rlim_t bytes;
  if (is_limited(&bytes)) {
    void *probe = mmap(NULL, 16 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe == MAP_FAILED) {
      static const char before[] = "error: no memory is left: the address space of this process is limited to ";
      static const char after[] =
          " MiB (ulimit -v, or the h_vmem or vmem of a job). Raise that limit and start again: committed checkpoints are intact.\n";
      char digits[24];
      size_t place = sizeof digits;
      rlim_t rest = bytes >> 20;
      do {
        digits[--place] = (char)('0' + rest % 10);
        rest /= 10;
      } while (rest);
      ssize_t ignored = write(STDERR_FILENO, before, sizeof before - 1);
      ignored = write(STDERR_FILENO, digits + place, sizeof digits - place);
      ignored = write(STDERR_FILENO, after, sizeof after - 1);
      (void)ignored;
      _exit(1);
    }
    munmap(probe, 16 << 20);
  }
  // Something else: as if this had never been here. A faulting instruction is done again when this returns.
  sigaction(signal_number, &earlier[signal_number], NULL);
  if (signal_number == SIGABRT || signal_number == SIGTRAP) raise(signal_number);
}

int engram_explain_exhaustion(void) {
  static const int signals[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP};
  struct sigaction action = {.sa_handler = exhausted, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (size_t place = 0; place < sizeof signals / sizeof *signals; place++)
    if (sigaction(signals[place], &action, &earlier[signals[place]])) return errno;
  return 0;
}
