// Processes that MPI has started together. One thread of each process calls these, and all processes in the same order.
#ifndef ENGRAM_MPI_H
#define ENGRAM_MPI_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this was built with MPI.
bool engram_mpi_is_built(void);

/// Joins the processes that were started together, once.
///
/// @return false where this was built without MPI, or MPI cannot be used as it is here.
bool engram_mpi_begin(int32_t *rank, int32_t *size);

/// Hands over `byte_count` bytes, as many as every process, and gets those of all, by rank.
void engram_mpi_gather(const void *own, int64_t byte_count, void *all);

/// The same with parts of different lengths, which every process knows: its own lies at its place already.
void engram_mpi_gather_in_place(void *all, const int64_t *byte_counts);

/// Hands over bytes to the first process alone, where they come to lie one part behind the other.
///
/// @param byte_counts of each process, the same everywhere.
/// @param all on the first process: room for all of them.
void engram_mpi_collect(const void *own, const int64_t *byte_counts, void *all);

/// Hands over bytes to the next process, and gets those of the one before; the last one hands over none, the first one gets none.
///
/// @param expected how many bytes come; less than 2^31, as those that go.
void engram_mpi_pass_on(const void *own, int64_t byte_count, void *received, int64_t expected);

/// Tells the others that this process is at its end, and waits for them.
///
/// @param statuses gets the exit status of each process.
/// @return false where they have not come in time: they may be waiting for this one somewhere else.
bool engram_mpi_farewell(int32_t status, double patience_seconds, int32_t *statuses);

/// Leaves, after a farewell.
void engram_mpi_end(void);

/// Ends all processes.
_Noreturn void engram_mpi_abort(int32_t status);

#endif
