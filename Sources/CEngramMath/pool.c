// Persistent workers behind a fork-join barrier: a bounded spin, then sleep. A step takes microseconds, waking a sleeper
// about fifty, so workers look for the next step for a while before they park; between runs they cost nothing. Shares are
// taken, not assigned: where a worker is late, because it sleeps or because others use its processor, the caller does them.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engram_math.h"

#define SPINS 20000

#if defined(__x86_64__) || defined(__i386__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ __volatile__("yield")
#else
#define PAUSE() ((void)0)
#endif

/// A counter that can be waited on.
typedef struct {
  _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
#if !defined(__linux__)
  pthread_mutex_t mutex;
  pthread_cond_t condition;
#endif
} engram_gate;

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

static void gate_init(engram_gate *gate) { (void)gate; }
static void gate_free(engram_gate *gate) { (void)gate; }
static void gate_sleep(engram_gate *gate, uint32_t seen) {
  syscall(SYS_futex, &gate->value, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}
static void gate_wake(engram_gate *gate) { syscall(SYS_futex, &gate->value, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0); }
#else
static void gate_init(engram_gate *gate) {
  pthread_mutex_init(&gate->mutex, NULL);
  pthread_cond_init(&gate->condition, NULL);
}
static void gate_free(engram_gate *gate) {
  pthread_cond_destroy(&gate->condition);
  pthread_mutex_destroy(&gate->mutex);
}
static void gate_sleep(engram_gate *gate, uint32_t seen) {
  pthread_mutex_lock(&gate->mutex);
  while (atomic_load(&gate->value) == seen) pthread_cond_wait(&gate->condition, &gate->mutex);
  pthread_mutex_unlock(&gate->mutex);
}
static void gate_wake(engram_gate *gate) {
  pthread_mutex_lock(&gate->mutex);
  pthread_cond_broadcast(&gate->condition);
  pthread_mutex_unlock(&gate->mutex);
}
#endif

/// Returns once the value differs from `seen`.
static void gate_wait(engram_gate *gate, uint32_t seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(&gate->value, memory_order_acquire) != seen) return;
    PAUSE();
  }
  atomic_fetch_add(&gate->sleepers, 1);
  while (atomic_load(&gate->value) == seen) gate_sleep(gate, seen);
  atomic_fetch_sub(&gate->sleepers, 1);
}

static void gate_advance(engram_gate *gate) {
  atomic_fetch_add(&gate->value, 1);
  if (atomic_load(&gate->sleepers) != 0) gate_wake(gate);
}

struct engram_pool {
  _Alignas(64) engram_gate start;
  _Alignas(64) engram_gate finish;
  _Alignas(64) _Atomic uint32_t next;  // share to be taken; `count` or more: none is left
  _Alignas(64) _Atomic uint32_t done;  // shares
  void (*body)(void *context, int32_t worker);
  void *context;
  _Atomic bool closing;  // read by workers that still come from an earlier call
  int32_t count;     // as asked for
  int32_t threads;   // that could be started
  uint32_t lineage;  // forks since the program began, at creation
  pthread_t *handles;
};

// A forked child has the memory of a pool but none of its threads: it runs every share itself.
static _Atomic uint32_t forks;
static pthread_once_t fork_watch = PTHREAD_ONCE_INIT;
static void count_fork(void) { atomic_fetch_add(&forks, 1); }
static void watch_forks(void) { pthread_atfork(NULL, NULL, count_fork); }

static void run_share(engram_pool *pool, uint32_t share) {
  pool->body(pool->context, (int32_t)share);
  if (atomic_fetch_add(&pool->done, 1) + 1 == (uint32_t)pool->count) gate_advance(&pool->finish);
}

static void take_shares(engram_pool *pool) {
  for (;;) {
    // Whoever takes a share sees the call it belongs to: `next` is set last.
    uint32_t share = atomic_fetch_add(&pool->next, 1);
    if (share >= (uint32_t)pool->count) return;
    run_share(pool, share);
  }
}

static void *work(void *argument) {
  engram_pool *pool = argument;
  for (uint32_t seen = 0;;) {
    gate_wait(&pool->start, seen);
    seen = atomic_load(&pool->start.value);
    if (atomic_load(&pool->closing)) return NULL;
    take_shares(pool);
  }
}

engram_pool *engram_pool_create(int32_t count) {
  pthread_once(&fork_watch, watch_forks);
  engram_pool *pool = aligned_alloc(64, (sizeof(engram_pool) + 63) & ~(size_t)63);
  if (pool == NULL) return NULL;
  *pool = (engram_pool){.count = count < 1 ? 1 : count, .lineage = atomic_load(&forks)};
  atomic_store(&pool->next, (uint32_t)pool->count);
  gate_init(&pool->start);
  gate_init(&pool->finish);
  if (pool->count > 1) pool->handles = calloc((size_t)pool->count, sizeof(pthread_t));
  if (pool->handles == NULL) return pool;
  for (int32_t i = 1; i < pool->count; i++) {
    if (pthread_create(&pool->handles[i], NULL, work, pool) != 0) break;
    pool->threads = i;
  }
  return pool;
}

void engram_pool_destroy(engram_pool *pool) {
  if (pool == NULL) return;
  if (pool->lineage == atomic_load(&forks) && pool->threads > 0) {
    atomic_store(&pool->closing, true);
    gate_advance(&pool->start);
    for (int32_t i = 1; i <= pool->threads; i++) pthread_join(pool->handles[i], NULL);
  }
  gate_free(&pool->start);
  gate_free(&pool->finish);
  free(pool->handles);
  free(pool);
}

int32_t engram_pool_count(const engram_pool *pool) { return pool->count; }

void engram_pool_run(engram_pool *pool, void (*body)(void *context, int32_t worker), void *context) {
  bool alone = pool->threads == 0 || pool->lineage != atomic_load_explicit(&forks, memory_order_relaxed);
  if (alone) {
    for (int32_t i = 0; i < pool->count; i++) body(context, i);
    return;
  }
  pool->body = body;
  pool->context = context;
  atomic_store(&pool->done, 0);
  atomic_store(&pool->next, 1);  // the first share is the caller's
  gate_advance(&pool->start);
  run_share(pool, 0);
  take_shares(pool);
  for (;;) {
    uint32_t seen = atomic_load(&pool->finish.value);
    if (atomic_load(&pool->done) == (uint32_t)pool->count) return;
    gate_wait(&pool->finish, seen);
  }
}
