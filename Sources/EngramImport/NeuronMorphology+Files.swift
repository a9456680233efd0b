internal import EngramModelFiles
public import EngramMorphology
public import Foundation

extension NeuronMorphology {
  /// The shape in an SWC file (MOR-5), Brian 2's `Morphology.from_file`.
  ///
  /// ```swift
  /// let shape = try NeuronMorphology(swcFile: URL(filePath: "neuron.swc"))
  /// print(shape.sectionCount, shape.childNames)
  /// ```
  ///
  /// Sections are called after their types (`soma`, `axon`, `dend`, `apic`), with a number where several branches of a section have the same.
  ///
  /// - Parameters:
  ///   - file: the file, which is not trusted.
  ///   - sphericalSoma: whether a soma of one point, or of three as NeuroMorpho.Org has them, becomes a sphere.
  /// - Throws: `MorphologyError` with the line that is wrong, ``FileReadingError`` where there is no such file.
  public init(swcFile file: URL, sphericalSoma: Bool = true) throws {
    guard let numbers = try FileRequest.Content.swc.readSafely(from: file.path).first?.values else { throw FileReadingError.incomplete }
    try self.init(points: SWCText.points(numbers), sphericalSoma: sphericalSoma)
  }
}
