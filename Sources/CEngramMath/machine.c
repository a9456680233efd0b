// The register machine: runs a program over blocks of elements. Registers are blocks of lanes; a register may also point
// straight into a column. What an instruction does to lanes is in block_loops.h, to columns in columns.c.
#include "machine.h"
#include "native.h"
#include "operations.h"

#include <string.h>

// ------------------------------------------------------------------------------------------------------------ scratch

static uint64_t to_line(uint64_t bytes) { return (bytes + 63) & ~(uint64_t)63; }

/// Arguments of the widest call.
static int32_t widest_call(const engram_program *program) {
  int32_t most = 0;
  for (int32_t i = 0; i < program->instruction_count; i++) {
    const engram_instruction *in = &program->instructions[i];
    if (in->opcode == ENGRAM_CALL && in->c > most) most = in->c;
  }
  return most;
}

uint64_t engram_scratch_bytes(const engram_program *program) {
  uint64_t registers = (uint64_t)(program->register_count > 0 ? program->register_count : 1);
  uint64_t arguments = (uint64_t)widest_call(program);
  return to_line(registers * sizeof(void *)) + to_line((uint64_t)program->instruction_count + 1) +
         (1 + registers + SPARE_BLOCKS + arguments) * REGISTER_BYTES + to_line(arguments * sizeof(void *));
}

static void lay_out(engram_block *b) {
  uint8_t *p = b->frame->scratch;
  int32_t registers = b->program->register_count > 0 ? b->program->register_count : 1;
  b->registers = (void **)p;
  p += to_line((uint64_t)registers * sizeof(void *));
  b->fused = p;
  p += to_line((uint64_t)b->program->instruction_count + 1);
  b->elements = (int64_t *)p;
  p += REGISTER_BYTES;
  b->own = p;
  p += (int64_t)registers * REGISTER_BYTES;
  b->spare = p;  // then room for spread arguments, then the argument list
  for (int32_t r = 0; r < registers; r++) b->registers[r] = own_block(b, r);
}

// ----------------------------------------------------------------------------------------------------------- operands

const int64_t *engram_block_elements(engram_block *b) {
  if (!b->has_elements) {
    if (b->list != NULL) {
      b->blocks->load[ENGRAM_INT32](b->elements, b->list, NULL, NULL, b->lanes);
    } else {
      for (int32_t i = 0; i < b->padded; i++) b->elements[i] = b->first + i;
    }
    b->has_elements = true;
  }
  return b->elements;
}

const void *engram_operand_lanes(engram_block *b, int32_t operand, int32_t spare) {
  if (operand >= 0) return register_lanes(b, operand);
  uint64_t *lanes = spare_block(b, spare);
  b->blocks->fill(lanes, b->frame->scalars[~operand], b->padded);
  return lanes;
}

static inline const void *operand(engram_block *b, int32_t number) {
  return number >= 0 ? register_lanes(b, number) : (const void *)&b->frame->scalars[~number];
}

// --------------------------------------------------------------------------------------------------------- arithmetic

#define ONE(op, ...) [ENGRAM_##op] = 1,
#define TWO(op, ...) [ENGRAM_##op] = 2,
#define THREE(op, ...) [ENGRAM_##op] = 3,
static const uint8_t operand_counts[ENGRAM_OPCODE_COUNT] = {
    UNARY_OPERATIONS(ONE) BINARY_OPERATIONS(TWO) TERNARY_OPERATIONS(THREE) PAIR_OPERATIONS(THREE)
    ONE(SIN) ONE(COS) ONE(TAN) ONE(FLOAT_TO_INT) ONE(INT_TO_FLOAT)
    TWO(FLOOR_DIV) TWO(FLOOR_MOD) TWO(TIMESTEP) TWO(STEP_START)};

static void run_arithmetic(engram_block *b, const engram_instruction *in) {
  engram_kernel *const *variants = b->blocks->arithmetic[in->opcode];
  int32_t count = operand_counts[in->opcode];
  int32_t uniform = in->a < 0 ? UNIFORM_A : 0;
  if (count > 1 && in->b < 0) uniform |= UNIFORM_B;
  if (count > 2 && in->c < 0) uniform |= UNIFORM_C;
  void *d = own_block(b, in->dst);
  if (b->fused[b->instruction] != 0 && b->list == NULL && b->lanes == b->padded) {
    const engram_column *column = &b->frame->columns[in[1].dst];
    if (b->first >= 0 && b->first <= column->count - b->lanes) d = (uint64_t *)column->base + b->first;
  }
  const void *x = operand(b, in->a);
  const void *y = count > 1 ? operand(b, in->b) : x;
  const void *z = count > 2 ? operand(b, in->c) : x;
  if (uniform == (1 << count) - 1) {
    // Nothing varies: one lane, then spread out.
    uint64_t lane;
    variants[0](&lane, x, y, z, 1);
    b->blocks->fill(d, lane, b->padded);
  } else {
    engram_kernel *kernel = variants[uniform];
    if (kernel == NULL) {
      kernel = variants[0];
      if ((uniform & UNIFORM_A) != 0) x = engram_operand_lanes(b, in->a, 0);
      if ((uniform & UNIFORM_B) != 0) y = engram_operand_lanes(b, in->b, 1);
      if ((uniform & UNIFORM_C) != 0) z = engram_operand_lanes(b, in->c, 2);
    }
    kernel(d, x, y, z, b->padded);
  }
  b->registers[in->dst] = d;
}

static bool run_call(engram_block *b, const engram_instruction *in) {
  const int32_t *list = b->program->extra + in->a;
  const void **arguments = (const void **)(b->spare + (int64_t)(SPARE_BLOCKS + widest_call(b->program)) * REGISTER_BYTES);
  for (int32_t k = 0; k < in->c; k++) arguments[k] = engram_operand_lanes(b, list[k], SPARE_BLOCKS + k);
  // The result may not overwrite an argument that lives in the same register.
  void *d = spare_block(b, 0);
  if (!b->frame->callback(b->frame->context, in->b, arguments, in->c, engram_block_elements(b), b->lanes, d))
    return engram_block_fault(b, -1, 0, 0);
  memcpy(own_block(b, in->dst), d, (size_t)b->lanes * 8);
  b->registers[in->dst] = own_block(b, in->dst);
  return true;
}

// -------------------------------------------------------------------------------------------------------------- blocks

/// A whole block of eight-byte elements is used where it lies.
static inline bool point_into_column(engram_block *b, const engram_instruction *in) {
  const engram_column *column = &b->frame->columns[in->a];
  if (column->type != ENGRAM_FLOAT64 && column->type != ENGRAM_INT64) return false;
  if (b->list != NULL || b->lanes != b->padded || b->first < 0 || b->first > column->count - b->lanes) return false;
  b->registers[in->dst] = (uint64_t *)column->base + b->first;
  return true;
}

static bool run_block(engram_block *b) {
  const engram_program *program = b->program;
  for (int32_t i = 0; i < program->instruction_count; i++) {
    const engram_instruction *in = &program->instructions[i];
    b->instruction = i;
    switch (in->opcode) {
    case ENGRAM_LOAD_ALIAS:
      if (point_into_column(b, in)) break;
      // Otherwise the lanes are copied.
      __attribute__((fallthrough));
    case ENGRAM_LOAD:
    case ENGRAM_LOAD_SCALAR:
      if (!engram_run_load(b, in)) return false;
      break;
    case ENGRAM_GATHER:
      if (!engram_run_gather(b, in)) return false;
      break;
    case ENGRAM_STORE:
      if (!engram_run_store(b, in)) return false;
      break;
    case ENGRAM_STORE_SCALAR:
      if (!engram_run_store_scalar(b, in)) return false;
      break;
    case ENGRAM_SCATTER:
    case ENGRAM_SCATTER_ADD:
    case ENGRAM_SCATTER_SUB:
    case ENGRAM_SCATTER_MUL:
    case ENGRAM_SCATTER_DIV:
      if (!engram_run_scatter(b, in)) return false;
      break;
    case ENGRAM_ELEMENT:
      memcpy(own_block(b, in->dst), engram_block_elements(b), (size_t)b->lanes * 8);
      b->registers[in->dst] = own_block(b, in->dst);
      break;
    case ENGRAM_RANDOM_UNIFORM:
    case ENGRAM_RANDOM_NORMAL:
    case ENGRAM_RANDOM_POISSON:
    case ENGRAM_RANDOM_BINOMIAL: engram_run_random(b, in); break;
    case ENGRAM_CALL:
      if (!run_call(b, in)) return false;
      break;
    default: run_arithmetic(b, in); break;
    }
  }
  return true;
}

static bool writes_column(const engram_instruction *in) {
  return in->opcode >= ENGRAM_STORE && in->opcode <= ENGRAM_SCATTER_DIV;
}

/// Marks results that may be computed in the very column they are stored to next: the store is unconditional, and no
/// later instruction changes that column while the register still stands for it.
static void find_fused(engram_block *b, int64_t count) {
  const engram_program *program = b->program;
  memset(b->fused, 0, (size_t)program->instruction_count + 1);
  if (count < ENGRAM_BLOCK) return;
  for (int32_t i = 0; i + 1 < program->instruction_count; i++) {
    const engram_instruction *in = &program->instructions[i], *next = in + 1;
    if (in->opcode < ENGRAM_COPY || in->opcode >= ENGRAM_RANDOM_UNIFORM) continue;
    if (next->opcode != ENGRAM_STORE || next->a != in->dst || next->c != EVERYWHERE) continue;
    int32_t type = b->frame->columns[next->dst].type;
    if (type != ENGRAM_FLOAT64 && type != ENGRAM_INT64) continue;
    bool changed = false;
    for (int32_t k = i + 2; k < program->instruction_count; k++)
      changed |= writes_column(&program->instructions[k]) && program->instructions[k].dst == next->dst;
    b->fused[i] = !changed;
  }
}

/// What to do with a block when its program has run.
typedef struct {
  enum { RUN, SELECT, EVALUATE } purpose;
  int32_t result;  // mask or value: a register or uniform operand
  int32_t *selected;
  int64_t found;
  uint64_t *values;
} engram_harvest;

static void select_lanes(const engram_block *b, const int64_t *mask, engram_harvest *harvest) {
  if (b->blocks->any((const uint64_t *)mask, b->lanes) == 0) return;
  uint8_t bytes[ENGRAM_BLOCK + 8];
  b->blocks->store[ENGRAM_BOOL](bytes, mask, NULL, NULL, b->lanes);
  harvest->found += pick_elements(bytes, b->first, b->list, b->lanes, harvest->selected + harvest->found);
}

static void harvest_block(engram_block *b, engram_harvest *harvest, int64_t done) {
  if (harvest->purpose == RUN) return;
  const void *lanes = engram_operand_lanes(b, harvest->result, 0);
  if (harvest->purpose == SELECT) {
    select_lanes(b, lanes, harvest);
  } else {
    memcpy(harvest->values + done, lanes, (size_t)b->lanes * 8);
  }
}

/// Makes a block that is ready for elements: `size` of them at most, `count` in all.
static engram_block begin(const engram_program *program, engram_frame *frame, int64_t count, int32_t size, engram_fault *fault) {
  engram_block b = {.program = program, .frame = frame, .blocks = engram_current_blocks(), .fault = fault};
  if (fault != NULL) *fault = (engram_fault){.instruction = -1, .column = -1, .index = 0, .element = -1};
  lay_out(&b);
  find_fused(&b, size == 1 ? 0 : count);
  return b;
}

static int32_t block_size(int32_t block) { return block < 1 ? 1 : block > ENGRAM_BLOCK ? ENGRAM_BLOCK : block; }

/// Has compiled code do what it can; returns how many elements it did. It stops before a block that has an index out of bounds,
/// which is told here.
static int64_t run_native(engram_block *b, int64_t first, const int32_t *list, int64_t count, int32_t size, engram_harvest *harvest) {
  const engram_frame *frame = b->frame;
  if (frame->native == NULL || size != ENGRAM_BLOCK || harvest->purpose == EVALUATE) return 0;
  int32_t *out = harvest->purpose == SELECT ? harvest->selected + harvest->found : NULL;
  int64_t found = 0;
  int64_t done = frame->native(frame->columns, frame->scalars, frame->step, first, list, count, out, &found);
  harvest->found += found;
  return done;
}

/// The elements first ..< first + count, or those of the list.
static bool run_elements(engram_block *b, int64_t first, const int32_t *list, int64_t count, int32_t size, engram_harvest *harvest) {
  for (int64_t done = 0; done < count; done += size) {
    done += run_native(b, first + done, list != NULL ? list + done : NULL, count - done, size, harvest);
    if (done >= count) break;
    b->lanes = (int32_t)(count - done < size ? count - done : size);
    b->padded = b->lanes < 3 ? b->lanes : (b->lanes + b->blocks->padding - 1) & -b->blocks->padding;
    b->list = list != NULL ? list + done : NULL;
    b->first = first + done;
    if (b->list != NULL && is_run(b->list, b->lanes)) {
      b->first = b->list[0];
      b->list = NULL;
    }
    b->has_elements = false;
    if (!run_block(b)) return false;
    harvest_block(b, harvest, done);
  }
  return true;
}

static bool run(const engram_program *program, engram_frame *frame, int64_t first, const int32_t *list, int64_t count,
                int32_t block, engram_harvest *harvest, engram_fault *fault) {
  int32_t size = block_size(block);
  engram_block b = begin(program, frame, count, size, fault);
  return run_elements(&b, first, list, count, size, harvest);
}

bool engram_run_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t block,
                      engram_fault *fault) {
  engram_harvest harvest = {.purpose = RUN};
  return run(program, frame, first, NULL, count, block, &harvest, fault);
}

bool engram_run_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                        int32_t block, engram_fault *fault) {
  engram_harvest harvest = {.purpose = RUN};
  return run(program, frame, 0, elements, count, block, &harvest, fault);
}

/// Asks for the beginning of the elements start ..< end of each column that is read in place: pieces lie anywhere in memory,
/// and the processor sees by itself that a piece goes on, but not where the next one begins.
static void fetch_ahead(const engram_block *b, int64_t start, int64_t end) {
  for (int32_t i = 0; i < b->program->instruction_count; i++) {
    if (b->program->instructions[i].opcode != ENGRAM_LOAD_ALIAS) continue;
    const engram_column *column = &b->frame->columns[b->program->instructions[i].a];
    bool is_brief = b->frame->native != NULL && column->brief != NULL;
    const char *base = is_brief ? (const char *)column->brief : column->base;
    int64_t bytes = is_brief ? 2 : column->type == ENGRAM_INT32 || column->type == ENGRAM_FLOAT32 ? 4 : 8;
    int64_t length = (end - start) * bytes < 2048 ? (end - start) * bytes : 2048;
    for (int64_t offset = 0; offset < length; offset += 64)
      __builtin_prefetch(base + start * bytes + offset);
  }
}

/// Pieces of at most this length share a block: to begin one costs as much as some dozens of elements.
#define SHORT_PIECE 32

/// Short pieces, one after the other, until they are a block.
typedef struct {
  int32_t elements[ENGRAM_BLOCK];
  int32_t count;
  int32_t last;  // the last piece of them: higher ones have other elements
} engram_short_pieces;

static bool run_short_pieces(engram_block *b, engram_short_pieces *short_pieces, engram_harvest *harvest) {
  int32_t count = short_pieces->count;
  short_pieces->count = 0;
  short_pieces->last = -1;
  return count == 0 || run_elements(b, 0, short_pieces->elements, count, ENGRAM_BLOCK, harvest);
}

bool engram_run_pieces(const engram_program *program, engram_frame *frame, const int32_t *pieces, int64_t piece_count,
                       const int32_t *starts, const int32_t *ends, const int32_t *elements, int32_t block, engram_fault *fault) {
  int32_t size = block_size(block);
  engram_block b = begin(program, frame, piece_count > 0 ? ENGRAM_BLOCK : 0, size, fault);
  engram_harvest harvest = {.purpose = RUN};
  engram_short_pieces together;
  together.count = 0;
  together.last = -1;
  for (int64_t k = 0; k < piece_count; k++) {
    int32_t start = starts[pieces[k]], count = ends[pieces[k]] - start;
    if (count <= SHORT_PIECE && size == ENGRAM_BLOCK) {
      bool fits = together.count + count <= ENGRAM_BLOCK && pieces[k] > together.last;
      if (!fits && !run_short_pieces(&b, &together, &harvest)) return false;
      for (int32_t i = 0; i < count; i++) together.elements[together.count++] = elements != NULL ? elements[start + i] : start + i;
      together.last = pieces[k];
      continue;
    }
    if (!run_short_pieces(&b, &together, &harvest)) return false;
    if (k + 1 < piece_count && elements == NULL) fetch_ahead(&b, starts[pieces[k + 1]], ends[pieces[k + 1]]);
    if (!run_elements(&b, start, elements != NULL ? elements + start : NULL, count, size, &harvest)) return false;
  }
  return run_short_pieces(&b, &together, &harvest);
}

bool engram_select_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t mask,
                         int32_t *out, int64_t *found, engram_fault *fault) {
  engram_harvest harvest = {.purpose = SELECT, .result = mask, .selected = out};
  bool ok = run(program, frame, first, NULL, count, ENGRAM_BLOCK, &harvest, fault);
  *found = harvest.found;
  return ok;
}

bool engram_select_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                           int32_t mask, int32_t *out, int64_t *found, engram_fault *fault) {
  engram_harvest harvest = {.purpose = SELECT, .result = mask, .selected = out};
  bool ok = run(program, frame, 0, elements, count, ENGRAM_BLOCK, &harvest, fault);
  *found = harvest.found;
  return ok;
}

bool engram_evaluate_range(const engram_program *program, engram_frame *frame, int64_t first, int64_t count, int32_t value,
                           void *out, engram_fault *fault) {
  engram_harvest harvest = {.purpose = EVALUATE, .result = value, .values = out};
  return run(program, frame, first, NULL, count, ENGRAM_BLOCK, &harvest, fault);
}

bool engram_evaluate_indices(const engram_program *program, engram_frame *frame, const int32_t *elements, int64_t count,
                             int32_t value, void *out, engram_fault *fault) {
  engram_harvest harvest = {.purpose = EVALUATE, .result = value, .values = out};
  return run(program, frame, 0, elements, count, ENGRAM_BLOCK, &harvest, fault);
}

bool engram_run_uniform(const engram_program *program, engram_frame *frame, int32_t offset) {
  engram_block b = {.program = program, .frame = frame, .blocks = engram_current_blocks(), .lanes = 1, .padded = 1, .is_uniform = true};
  lay_out(&b);
  memset(b.fused, 0, (size_t)program->instruction_count + 1);
  for (int32_t r = 0; r < program->register_count; r++) *(uint64_t *)own_block(&b, r) = 0;
  if (!run_block(&b)) return false;
  for (int32_t r = 0; r < program->register_count; r++) frame->scalars[offset + r] = *(const uint64_t *)register_lanes(&b, r);
  return true;
}
