#define _GNU_SOURCE
#include "engram_system.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int engram_memory_file(const char *name) {
  int descriptor = memfd_create(name, MFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Waits until the process has ended or the time is over; then `killed`, as kill takes it, has been.
static int wait_for(pid_t process, pid_t killed, int timeout, int *status) {
  int64_t end = milliseconds() + timeout;
  int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
  int result = 0;
  for (;;) {
    pid_t found = waitpid(process, status, WNOHANG);
    if (found == process) break;
    if (found < 0 && errno != EINTR) {
      result = errno;
      break;
    }
    int64_t left = end - milliseconds();
    if (left <= 0) {
      kill(killed, SIGKILL);
      while (waitpid(process, status, 0) < 0 && errno == EINTR) {}
      result = ETIMEDOUT;
      break;
    }
    // Without a descriptor for the process: look every few milliseconds.
    struct pollfd ended = {.fd = descriptor, .events = POLLIN};
    (void)poll(descriptor < 0 ? NULL : &ended, descriptor < 0 ? 0 : 1, descriptor < 0 ? 5 : (int)left);
  }
  if (descriptor >= 0) close(descriptor);
  return result;
}

int engram_run_program(const char *program, char *const arguments[], int output, int own_group, int timeout, int *status) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int result = posix_spawn_file_actions_init(&actions);
  if (result) return result;
  result = posix_spawnattr_init(&attributes);
  if (result) {
    posix_spawn_file_actions_destroy(&actions);
    return result;
  }
  sigset_t none;
  sigemptyset(&none);
  pid_t process = 0;
  if (!(result = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) &&
      !(result = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)) &&
      !(result = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)) &&
      !(result = posix_spawnattr_setsigmask(&attributes, &none)) && !(result = posix_spawnattr_setpgroup(&attributes, 0)) &&
      !(result = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | (own_group ? POSIX_SPAWN_SETPGROUP : 0))))
    result = posix_spawn(&process, program, &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result ? result : wait_for(process, own_group ? -process : process, timeout, status);
}

static int limit(int resource, uint64_t value) {
  struct rlimit now;
  if (getrlimit(resource, &now)) return errno;
  if (now.rlim_max != RLIM_INFINITY && now.rlim_max < value) value = now.rlim_max;
  struct rlimit wanted = {.rlim_cur = value, .rlim_max = value};
  return setrlimit(resource, &wanted) ? errno : 0;
}

// The shadow memory of a sanitizer takes terabytes of addresses.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ENGRAM_SANITIZED 1
#endif
#endif

int engram_confine_process(uint64_t address_bytes, uint64_t file_bytes, uint64_t seconds) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return errno;
  int result = limit(RLIMIT_CORE, 0);
#ifndef ENGRAM_SANITIZED
  if (!result) result = limit(RLIMIT_AS, address_bytes);
#else
  (void)address_bytes;
#endif
  if (!result) result = limit(RLIMIT_FSIZE, file_bytes);
  if (!result) result = limit(RLIMIT_CPU, seconds);
  return result;
}
