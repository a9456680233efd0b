#include "engram_mpi.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef ENGRAM_MPI
#include <mpi.h>
#include <time.h>
#include <unistd.h>

/// For what goes on in a run, and for the end: whoever fails is at its end while others still wait for it in the run.
static MPI_Comm in_run, at_end;
static int own_rank, process_count;

bool engram_mpi_is_built(void) { return true; }

bool engram_mpi_begin(int32_t *rank, int32_t *size) {
  int provided = MPI_THREAD_SINGLE;
  // Threads of the process write files meanwhile; they never call MPI.
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS || provided < MPI_THREAD_FUNNELED) return false;
  MPI_Comm_dup(MPI_COMM_WORLD, &in_run);
  MPI_Comm_dup(MPI_COMM_WORLD, &at_end);
  MPI_Comm_rank(in_run, &own_rank);
  MPI_Comm_size(in_run, &process_count);
  *rank = own_rank;
  *size = process_count;
  return true;
}

void engram_mpi_gather(const void *own, int64_t byte_count, void *all) {
  MPI_Allgather(own, (int)byte_count, MPI_BYTE, all, (int)byte_count, MPI_BYTE, in_run);
}

/// MPI counts in int: what is longer goes process by process, in parts.
static void gather_in_parts(char *all, const int64_t *byte_counts) {
  const int64_t longest = 1 << 30;
  for (int process = 0; process < process_count; process++) {
    for (int64_t done = 0; done < byte_counts[process]; done += longest) {
      int64_t left = byte_counts[process] - done;
      MPI_Bcast(all + done, (int)(left < longest ? left : longest), MPI_BYTE, process, in_run);
    }
    all += byte_counts[process];
  }
}

void engram_mpi_gather_in_place(void *all, const int64_t *byte_counts) {
  int64_t total = 0;
  for (int process = 0; process < process_count; process++) total += byte_counts[process];
  if (total > INT_MAX) {
    gather_in_parts(all, byte_counts);
    return;
  }
  int *counts = malloc(2 * (size_t)process_count * sizeof(int));
  if (counts == NULL) engram_mpi_abort(1);
  int *places = counts + process_count, place = 0;
  for (int process = 0; process < process_count; process++) {
    counts[process] = (int)byte_counts[process];
    places[process] = place;
    place += counts[process];
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, counts, places, MPI_BYTE, in_run);
  free(counts);
}

void engram_mpi_collect(const void *own, const int64_t *byte_counts, void *all) {
  const int64_t longest = 1 << 30;
  const int tag = 1;
  char *place = all;
  for (int process = 0; process < process_count; process++) {
    bool is_own = process == own_rank;
    if (own_rank == 0 && is_own && byte_counts[process] > 0) memcpy(place, own, (size_t)byte_counts[process]);
    for (int64_t done = 0; done < byte_counts[process] && process > 0; done += longest) {
      int64_t left = byte_counts[process] - done;
      int count = (int)(left < longest ? left : longest);
      if (own_rank == 0) MPI_Recv(place + done, count, MPI_BYTE, process, tag, in_run, MPI_STATUS_IGNORE);
      if (is_own) MPI_Send((const char *)own + done, count, MPI_BYTE, 0, tag, in_run);
    }
    if (own_rank == 0) place += byte_counts[process];
  }
}

/// What is under way to the next process: it need not have come before this one goes on.
#define PASSED_COUNT 16
static struct {
  MPI_Request request;
  void *bytes;
} passed[PASSED_COUNT];
static int passed_next;

static void await_passed(int slot) {
  if (passed[slot].bytes == NULL) return;
  MPI_Wait(&passed[slot].request, MPI_STATUS_IGNORE);
  free(passed[slot].bytes);
  passed[slot].bytes = NULL;
}

void engram_mpi_pass_on(const void *own, int64_t byte_count, void *received, int64_t expected) {
  const int tag = 2;
  if (own_rank + 1 < process_count) {
    int slot = passed_next;
    passed_next = (slot + 1) % PASSED_COUNT;
    await_passed(slot);
    passed[slot].bytes = malloc((size_t)byte_count + 1);
    if (passed[slot].bytes == NULL) engram_mpi_abort(1);
    if (byte_count > 0) memcpy(passed[slot].bytes, own, (size_t)byte_count);
    MPI_Isend(passed[slot].bytes, (int)byte_count, MPI_BYTE, own_rank + 1, tag, in_run, &passed[slot].request);
  }
  if (own_rank > 0) MPI_Recv(received, (int)expected, MPI_BYTE, own_rank - 1, tag, in_run, MPI_STATUS_IGNORE);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool engram_mpi_farewell(int32_t status, double patience_seconds, int32_t *statuses) {
  MPI_Request request;
  MPI_Iallgather(&status, 1, MPI_INT32_T, statuses, 1, MPI_INT32_T, at_end, &request);
  double end = seconds_now() + patience_seconds;
  while (true) {
    int is_done = 0;
    MPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
    if (is_done) return true;
    if (seconds_now() > end) return false;
    usleep(500);
  }
}

void engram_mpi_end(void) {
  for (int slot = 0; slot < PASSED_COUNT; slot++) await_passed(slot);
  MPI_Finalize();
}

_Noreturn void engram_mpi_abort(int32_t status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  _exit(status);
}

#else

bool engram_mpi_is_built(void) { return false; }
bool engram_mpi_begin(int32_t *rank, int32_t *size) {
  (void)rank, (void)size;
  return false;
}
void engram_mpi_gather(const void *own, int64_t byte_count, void *all) { (void)own, (void)byte_count, (void)all, abort(); }
void engram_mpi_gather_in_place(void *all, const int64_t *byte_counts) { (void)all, (void)byte_counts, abort(); }
void engram_mpi_collect(const void *own, const int64_t *byte_counts, void *all) { (void)own, (void)byte_counts, (void)all, abort(); }
void engram_mpi_pass_on(const void *own, int64_t byte_count, void *received, int64_t expected) {
  (void)own, (void)byte_count, (void)received, (void)expected, abort();
}
bool engram_mpi_farewell(int32_t status, double patience_seconds, int32_t *statuses) {
  (void)status, (void)patience_seconds, (void)statuses;
  return false;
}
void engram_mpi_end(void) {}
_Noreturn void engram_mpi_abort(int32_t status) { exit(status); }

#endif
