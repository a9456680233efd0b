package import EngramModel
package import EngramSimulation

extension CheckpointError {
  package init(_ error: DescriptionError) {
    switch error {
    case .damaged(let what): self = .damaged(what)
    case .unknown(let what): self = .unsupported("\(what); a newer release may have stored it")
    }
  }
}

extension DescriptionValue {
  package init(decoding bytes: [UInt8]) throws(CheckpointError) {
    do throws(DescriptionError) { self = try DescriptionValue(bytes: bytes) } catch { throw CheckpointError(error) }
  }

  func required<T>(_ key: String, _ read: (DescriptionValue) -> T?) throws(CheckpointError) -> T {
    guard let value = self[key].flatMap(read) else { throw .damaged("the description of the network lacks '\(key)'") }
    return value
  }
}

extension Namespace {
  /// - Parameter functions: by name, or by content where the checkpoint holds it; missing ones are listed in the error.
  package init(stored description: NamespaceDescription, functions: [String: Function]) throws(CheckpointError) {
    do throws(MissingFunctionsError) { self = try Namespace(description, functions: functions) } catch { throw .missingFunctions(error.names) }
  }

  /// The same from what a checkpoint stores.
  package init(stored value: DescriptionValue, functions: [String: Function]) throws(CheckpointError) {
    let description: NamespaceDescription
    do throws(DescriptionError) { description = try NamespaceDescription(stored: value) } catch { throw CheckpointError(error) }
    try self.init(stored: description, functions: functions)
  }
}

extension [String: ObjectDescription] {
  /// The objects of a checkpoint by their names.
  init(sections: [String: [UInt8]]) throws(CheckpointError) {
    guard let bytes = sections["model"] else { throw .damaged("the description of the model is missing") }
    do throws(DescriptionError) {
      self = Dictionary(try [ObjectDescription](decoding: bytes).map { ($0.name, $0) }) { $1 }
    } catch { throw CheckpointError(error) }
  }
}
