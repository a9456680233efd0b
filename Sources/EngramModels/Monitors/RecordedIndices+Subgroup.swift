public import EngramModel

extension RecordedIndices {
  /// The elements of a part of the source.
  public static func subgroup(_ part: Subgroup) -> RecordedIndices { .indices(Array(part.start..<part.stop)) }
}
