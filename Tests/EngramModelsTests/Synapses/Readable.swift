import EngramExpressions
@testable import EngramModels

extension SynapseRuns {
  /// All numbers, one by one.
  var numbers: [Int32] { list.flatMap { $0.first..<$0.end } }
}

extension GeneratorText {
  init(_ text: String) throws(SynapseError) { try self.init(SourceText(text)) }
}
