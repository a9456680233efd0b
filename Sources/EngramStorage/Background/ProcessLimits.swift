import EngramSystem

/// What a program does about the limits of its process before there are threads: as many files as a model may record, little of a
/// limited address space for what only reserves it, no memory for what is used no more, and words where it is used up. A library leaves
/// all that to its host.
package func prepareForLimits() {
  engram_raise_descriptor_limit(1 << 16)
  engram_save_addresses()
  engram_give_back_large_blocks()
  _ = engram_explain_exhaustion()
}
