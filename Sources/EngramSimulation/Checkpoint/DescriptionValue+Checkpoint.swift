import EngramModel

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

extension [String: ObjectDescription] {
  /// The objects of a checkpoint by their names.
  init(sections: [String: [UInt8]]) throws(CheckpointError) {
    guard let bytes = sections["model"] else { throw .damaged("the description of the model is missing") }
    do throws(DescriptionError) {
      self = Dictionary(try [ObjectDescription](decoding: bytes).map { ($0.name, $0) }) { $1 }
    } catch { throw CheckpointError(error) }
  }
}
