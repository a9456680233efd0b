#define _GNU_SOURCE
#include "engram_system.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int engram_sync_data(int descriptor) { return fdatasync(descriptor) ? errno : 0; }

int64_t engram_modified_nanoseconds(const struct stat *status) {
  return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

int64_t engram_coarse_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec;
}

int engram_start_thread(void *(*body)(void *), void *argument) {
  pthread_t thread;
  int result = pthread_create(&thread, NULL, body, argument);
  if (!result) (void)pthread_detach(thread);
  return result;
}

uintptr_t engram_thread_number(void) { return (uintptr_t)pthread_self(); }

int engram_is_main_thread(void) { return syscall(SYS_gettid) == getpid(); }

int32_t engram_processor_count(void) {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  // A machine with more processors than the set has room for gives an error.
  if (sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) > 0) return CPU_COUNT(&mine);
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int32_t)count : 1;
}

uint64_t engram_limit(int kind) {
  struct rlimit now;
  int result = kind == ENGRAM_LIMIT_OPEN_FILES     ? getrlimit(RLIMIT_NOFILE, &now)
               : kind == ENGRAM_LIMIT_FILE_BYTES   ? getrlimit(RLIMIT_FSIZE, &now)
               : kind == ENGRAM_LIMIT_SECONDS      ? getrlimit(RLIMIT_CPU, &now)
               : kind == ENGRAM_LIMIT_LOCKED_BYTES ? getrlimit(RLIMIT_MEMLOCK, &now)
                                                   : getrlimit(RLIMIT_AS, &now);
  return result || now.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)now.rlim_cur;
}

uint64_t engram_peak_memory(void) {
  // What getrusage tells counts the memory of whoever started the program, up to the moment at which the program took its place.
  FILE *status = fopen("/proc/self/status", "re");
  if (status) {
    char line[256];
    unsigned long long kibibytes = 0;
    while (fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %llu", &kibibytes) != 1) {}
    fclose(status);
    if (kibibytes) return (uint64_t)kibibytes * 1024;
  }
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? 0 : (uint64_t)usage.ru_maxrss * 1024;
}

int engram_terminal_width(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

int engram_power_failure_signal(void) { return SIGPWR; }

int engram_ignores_signal(int number) {
  struct sigaction now;
  return sigaction(number, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_IGN;
}

static void fill(sigset_t *set, const int *numbers, size_t count) {
  sigemptyset(set);
  for (size_t place = 0; place < count; place++) sigaddset(set, numbers[place]);
}

int engram_handle_signal(int number, void (*handler)(int), const int *blocked, size_t count) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  fill(&action.sa_mask, blocked, count);
  return sigaction(number, &action, NULL) ? errno : 0;
}

int engram_unblock_signals(const int *numbers, size_t count) {
  sigset_t set;
  fill(&set, numbers, count);
  return pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int engram_descriptor_path(int descriptor, char *path, size_t capacity) {
  int length = snprintf(path, capacity, "/proc/self/fd/%d", descriptor);
  return length < 0 || (size_t)length >= capacity ? ENAMETOOLONG : 0;
}

static int follow(const char *link, char *target, size_t capacity) {
  ssize_t length = readlink(link, target, capacity);
  if (length < 0) return errno;
  if ((size_t)length >= capacity) return ENAMETOOLONG;
  target[length] = 0;
  return 0;
}

int engram_descriptor_name(int descriptor, char *name, size_t capacity) {
  char link[32];
  int result = engram_descriptor_path(descriptor, link, sizeof link);
  return result ? result : follow(link, name, capacity);
}

int engram_program_path(char *path, size_t capacity) { return follow("/proc/self/exe", path, capacity); }
