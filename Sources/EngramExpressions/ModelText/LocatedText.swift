/// Something with model text in it that the call which takes it gives a place to, so that messages can name the place.
package protocol LocatedText {
  func located(fileID: String, line: Int) -> Self
}

extension LocatedText {
  package func located(_ file: StaticString, _ line: UInt) -> Self { located(fileID: file.description, line: Int(clamping: line)) }
}

extension Optional: LocatedText where Wrapped: LocatedText {
  package func located(fileID: String, line: Int) -> Wrapped? { map { $0.located(fileID: fileID, line: line) } }
}

extension SourceText: LocatedText {}
extension ModelCode: LocatedText {}
extension ModelExpression: LocatedText {}
