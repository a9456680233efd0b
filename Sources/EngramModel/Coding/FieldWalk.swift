internal import EngramScalars

/// A walk over the fields of a description, in the order in which they are stored.
///
/// Each kind of description has one walk: its initialiser from a walk. The same lines write the fields of a description that is there
/// and read those of one that is made, so what is written is what is read. A property that a walk forgets is one that the initialiser
/// does not set, which does not compile; and as descriptions are compared by what their walks write, it cannot be left out of comparisons.
struct FieldWalk<Object, Key: RawRepresentable<String>> {
  private enum Purpose {
    case writing(Object)
    case reading
  }

  private let purpose: Purpose
  /// What has been written, or is still to be read.
  private(set) var fields: [DescriptionField]
  /// The namespace of the object, while it is still to be written.
  private var namespace: NamespaceDescription?

  init(writing object: Object, namespace: NamespaceDescription? = nil) {
    purpose = .writing(object)
    fields = []
    self.namespace = namespace
  }

  init(reading fields: [DescriptionField]) {
    purpose = .reading
    self.fields = fields
  }

  /// A property under a key.
  mutating func callAsFunction<Value>(_ key: Key, _ path: KeyPath<Object, Value>, _ form: StoredForm<Value>) throws(DescriptionError) -> Value {
    switch purpose {
    case .writing(let object):
      let value = object[keyPath: path]
      if let stored = form.write(value) { fields.append(DescriptionField(key.rawValue, stored)) }
      return value
    case .reading:
      if let value = try take(key, form) { return value }
      guard let absent = form.absent else { throw .damaged("'\(key.rawValue)' is missing") }
      return absent
    }
  }

  /// A property that has fields of its own among those of the object.
  mutating func part<Part>(
    _ path: KeyPath<Object, Part>, _ visit: (inout FieldWalk<Part, Key>) throws(DescriptionError) -> Part
  ) throws(DescriptionError) -> Part {
    switch purpose {
    case .writing(let object):
      var inner = FieldWalk<Part, Key>(writing: object[keyPath: path], namespace: namespace)
      let part = try visit(&inner)
      fields += inner.fields
      namespace = inner.namespace
      return part
    case .reading:
      var inner = FieldWalk<Part, Key>(reading: fields)
      let part = try visit(&inner)
      fields = inner.fields
      return part
    }
  }

  /// A property that one of two keys holds, or none of them.
  mutating func either<Value, First, Second>(
    _ path: KeyPath<Object, Value>, _ first: (key: Key, form: StoredForm<First>), _ second: (key: Key, form: StoredForm<Second>),
    write: (Value) -> (First?, Second?), read: (First?, Second?) -> Value
  ) throws(DescriptionError) -> Value {
    switch purpose {
    case .writing(let object):
      let value = object[keyPath: path]
      let (a, b) = write(value)
      if let stored = a.flatMap(first.form.write) { fields.append(DescriptionField(first.key.rawValue, stored)) }
      if let stored = b.flatMap(second.form.write) { fields.append(DescriptionField(second.key.rawValue, stored)) }
      return value
    case .reading: return read(try take(first.key, first.form), try take(second.key, second.form))
    }
  }

  /// Nothing may be left over when all has been read.
  func finish() throws(DescriptionError) {
    if case .reading = purpose, let left = fields.first { throw .unknown("'\(left.key)' is a word that this release does not know here") }
  }

  private mutating func take<Value>(_ key: Key, _ form: StoredForm<Value>) throws(DescriptionError) -> Value? {
    guard let place = fields.firstIndex(where: { $0.key == key.rawValue }) else { return nil }
    let stored = fields.remove(at: place).value
    do throws(DescriptionError) {
      if let value = try form.read(stored) { return value }
    } catch { throw error.inside("'\(key.rawValue)'") }
    throw .damaged("'\(key.rawValue)' cannot be \(stored.readable)")
  }
}

extension FieldWalk where Key == DescriptionKey {
  /// Where the fields of groups have the namespace. Other objects, and an empty one, have it behind all their fields.
  mutating func writeNamespace(evenEmpty: Bool = false) {
    guard case .writing = purpose, let namespace, evenEmpty || !namespace.isEmpty else { return }
    fields.append(DescriptionField(Key.namespace.rawValue, namespace.stored))
    self.namespace = nil
  }

  /// Takes the namespace out of what is still to be read.
  mutating func readNamespace() throws(DescriptionError) -> NamespaceDescription? { try take(.namespace, .namespace) }
}

/// A description with a walk of its own.
protocol WalkedFields {
  associatedtype Key: RawRepresentable<String>
  init(_ walk: inout FieldWalk<Self, Key>) throws(DescriptionError)
}

extension WalkedFields {
  /// What the walk writes.
  func fields(namespace: NamespaceDescription? = nil) -> FieldWalk<Self, Key> {
    var walk = FieldWalk<Self, Key>(writing: self, namespace: namespace)
    do { _ = try Self(&walk) } catch { preconditionFailure("what is written cannot be damaged: \(error)") }
    return walk
  }
}
