#ifndef ENGRAM_SYSTEM_H
#define ENGRAM_SYSTEM_H
// System calls that Swift's view of the C library does not show, shows only as variadic functions, or shows differently on each system.
// Every function returns 0 or an errno value, unless its comment says otherwise.
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/// Claims disk space for `length` bytes from `offset`; extends the file where it is shorter.
int engram_allocate(int descriptor, int64_t offset, int64_t length);

/// Gives the disk space behind some bytes back; they read as zeros then.
int engram_discard(int descriptor, int64_t offset, int64_t length);

/// pwrite; many aligned bytes go past the page cache, which would hold them twice and disturb the run with its write-back.
/// The file is synchronised as ever afterwards. Short counts and errno as pwrite.
int64_t engram_write(int descriptor, const void *bytes, size_t count, int64_t offset);

/// Reserves addresses without memory behind them.
int engram_reserve(size_t bytes, void **start);

/// Puts zeroed anonymous memory behind reserved addresses.
int engram_make_writable(void *start, size_t bytes);

enum { ENGRAM_MAP_READ_SHARED = 0, ENGRAM_MAP_WRITE_PRIVATE = 1, ENGRAM_MAP_WRITE_SHARED = 2 };

/// Maps a file. `*start` null: anywhere, and `*start` is set; otherwise exactly there, replacing what was mapped.
int engram_map_file(int descriptor, int64_t offset, size_t bytes, int mode, void **start);

int engram_unmap(void *start, size_t bytes);

/// Says that step `number` begins, before anything that it writes.
static inline void engram_step_begins(int64_t *words, int64_t number) {
  __atomic_store_n(&words[0], number, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_RELEASE);
}

/// Says that it has ended, after everything that it wrote.
static inline void engram_step_ends(int64_t *words, int64_t number) { __atomic_store_n(&words[1], number, __ATOMIC_RELEASE); }

/// What an onlooker has written into the fifth word: a number of its own, or 0.
static inline int64_t engram_step_wish(const int64_t *words) { return __atomic_load_n(&words[4], __ATOMIC_RELAXED); }

/// Says to the onlooker with this number that nothing moves now; with 0, that it does again.
static inline void engram_step_answer(int64_t *words, int64_t wish) { __atomic_store_n(&words[5], wish, __ATOMIC_RELEASE); }

/// Forgets a wish that nobody takes back.
static inline void engram_step_forget(int64_t *words, int64_t wish) {
  (void)__atomic_compare_exchange_n(&words[4], &wish, 0, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/// Puts pages behind addresses as writing there would, without changing a byte; EINVAL where the system cannot (before Linux 5.14).
int engram_touch(void *start, size_t bytes);

/// Takes pages of a file that is mapped there, shared, out of this process; what they hold stays in the file.
void engram_let_go(void *start, size_t bytes);

/// From now on the calling thread gets a tenth of a processor that somebody else wants, and all of one that nobody wants.
void engram_yield_to_others(void);

/// Gives memory that was freed, and that the allocator keeps, back to the system.
void engram_give_back_free_memory(void);

/// Asks for large pages where they exist.
void engram_prefer_large_pages(void *start, size_t bytes);

/// Opens below a directory descriptor; never follows a link in the last place. Returns a descriptor or a negated errno value.
int engram_open_beneath(int directory, const char *name, int flags, unsigned mode);

/// Renames, and refuses to replace an existing entry unless `replace` is not 0.
int engram_rename(int from_directory, const char *from, int to_directory, const char *to, int replace);

/// Shares the blocks of `source` with `target` where the file system can.
int engram_clone(int target, int source);

/// Takes the exclusive lock of an open file without waiting; EWOULDBLOCK where somebody else holds it.
int engram_lock(int descriptor);

/// Gives the lock up although other descriptors of the same opening may be left, such as those of a child that has been forked and
/// has not begun its program yet. Returns 0 or an error number.
int engram_unlock(int descriptor);

/// Free bytes for this user on the file system of an open file; UINT64_MAX where unknown.
uint64_t engram_free_bytes(int descriptor);

/// Has files that are made in a folder from now on rewritten where they are, as far as the file system needs to be asked. Returns 0 where
/// a rewrite may need new blocks nevertheless.
int engram_keep_rewrites_in_place(int folder);

/// Whether the file system is one over a network, where locks and mappings promise less.
int engram_is_network_file_system(int descriptor);

/// What the file system of an open file is called, such as "ext4"; its number where it has no name here.
int engram_file_system_name(int descriptor, char *name, size_t capacity);

/// Whether what is stored there is gone when the machine starts again.
int engram_is_memory_file_system(int descriptor);

/// Explains a lost mapped file on standard error and ends the process with status 74, instead of a bare bus error.
int engram_explain_lost_mappings(void);

/// Raises the limit of open files towards what the system allows; to at most so many.
void engram_raise_descriptor_limit(uint64_t most);

/// From now on a block of a mebibyte and more goes back to the system as soon as it is freed.
void engram_give_back_large_blocks(void);

/// Where the address space is limited: has the allocator and threads reserve little of it. To be called before there are threads.
void engram_save_addresses(void);

/// Where the address space is limited and used up, the runtime and libraries end the process by a signal: then it ends with
/// status 1 and a sentence that names the limit. Any other fault goes its way as before.
int engram_explain_exhaustion(void);

/// An anonymous file in memory, not inherited by programs that are started. Returns a descriptor or a negated errno value.
int engram_memory_file(const char *name);

/// Runs a program with `output` as its standard output, no input and no error output, and waits for its end.
/// `*status` is as from waitpid. ETIMEDOUT: it was killed after that time, with all of its group where that is its own. Keys of the terminal do
/// not reach such a group.
int engram_run_program(const char *program, char *const arguments[], int output, int own_group, int timeout_milliseconds, int *status);

/// Bounds of this process: bytes of addresses, bytes of a file it writes, seconds of computing; no core file. It also ends
/// when the process that started it does.
int engram_confine_process(uint64_t address_bytes, uint64_t file_bytes, uint64_t seconds);

/// Flushes the bytes of a file, and its length, but not the times of its entry where the system can tell them apart.
int engram_sync_data(int descriptor);

/// When a file was modified [ns].
int64_t engram_modified_nanoseconds(const struct stat *status);

/// Whole seconds of a clock that only goes forward; as cheap as the system has one.
int64_t engram_coarse_seconds(void);

/// Runs `body` on a thread of its own that nobody waits for.
int engram_start_thread(void *(*body)(void *), void *argument);

/// A number that no other thread has that is there at the same time.
uintptr_t engram_thread_number(void);

/// Whether the calling thread is the first one of the process; 0 where the system does not tell.
int engram_is_main_thread(void);

enum { ENGRAM_LIMIT_OPEN_FILES = 0, ENGRAM_LIMIT_FILE_BYTES = 1, ENGRAM_LIMIT_ADDRESS_BYTES = 2, ENGRAM_LIMIT_SECONDS = 3, ENGRAM_LIMIT_LOCKED_BYTES = 4 };

/// Processors that this process may run on.
int32_t engram_processor_count(void);
/// What this process may have of something; UINT64_MAX where there is no limit.
uint64_t engram_limit(int kind);

/// The most memory that this process has had [bytes].
uint64_t engram_peak_memory(void);

/// Columns of a terminal; 0 where it is none.
int engram_terminal_width(int descriptor);

/// The signal of a failing power supply; 0 where there is none.
int engram_power_failure_signal(void);

/// Whether a signal is ignored.
int engram_ignores_signal(int number);

/// Calls `handler` at a signal; meanwhile `count` signals of `blocked` wait, and calls that were interrupted go on.
int engram_handle_signal(int number, void (*handler)(int), const int *blocked, size_t count);

/// Lets signals through that whoever started this process may have blocked.
int engram_unblock_signals(const int *numbers, size_t count);

/// A path under which this process can open what it has open already, whatever has become of its name.
int engram_descriptor_path(int descriptor, char *path, size_t capacity);

/// Where an open file lies.
int engram_descriptor_name(int descriptor, char *name, size_t capacity);

/// Where the running program lies.
int engram_program_path(char *path, size_t capacity);

#endif
