internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

/// How a value is stored, and what its absence means.
struct StoredForm<Value> {
  /// nil: it is left out.
  let write: (Value) -> DescriptionValue?
  /// nil: it is no value of this kind.
  let read: (DescriptionValue) throws(DescriptionError) -> Value?
  /// What it means that nothing is stored; nil: something has to be.
  let absent: Value?

  init(write: @escaping (Value) -> DescriptionValue?, read: @escaping (DescriptionValue) throws(DescriptionError) -> Value?, absent: Value? = nil) {
    self.write = write
    self.read = read
    self.absent = absent
  }

  /// A value that need not be there.
  static func maybe<Wrapped>(_ form: StoredForm<Wrapped>) -> StoredForm where Value == Wrapped? {
    StoredForm(
      write: { $0.flatMap(form.write) }, read: { value throws(DescriptionError) in try form.read(value).map(Optional.some) }, absent: .some(nil))
  }
}

extension StoredForm where Value: Equatable {
  /// The same where nothing stored means the usual value, which is never stored.
  func unless(_ usual: Value) -> StoredForm { StoredForm(write: { $0 == usual ? nil : write($0) }, read: read, absent: usual) }
}

// -------------------------------------------------------------------------------------------------------------------- values

extension StoredForm where Value == String {
  static var text: StoredForm { StoredForm(write: { .text($0) }, read: { value throws(DescriptionError) in value.asText }) }
  static var name: StoredForm { StoredForm(write: { .reference($0) }, read: { value throws(DescriptionError) in value.asText }) }
}

extension StoredForm where Value == SourceText {
  static var source: StoredForm { StoredForm(write: { .text($0.text) }, read: { value throws(DescriptionError) in value.asText.map { SourceText($0) } }) }
}

extension StoredForm where Value == ModelExpression {
  static var expression: StoredForm {
    StoredForm(write: { .text($0.text) }, read: { value throws(DescriptionError) in value.asText.map { ModelExpression($0) } })
  }
}

extension StoredForm where Value == ModelCode {
  static var code: StoredForm { StoredForm(write: { .text($0.text) }, read: { value throws(DescriptionError) in value.asText.map { ModelCode($0) } }) }
}

extension StoredForm where Value == Int {
  static var integer: StoredForm {
    StoredForm(write: { .integer(Int64($0)) }, read: { value throws(DescriptionError) in value.asInteger.flatMap { Int(exactly: $0) } })
  }
}

extension StoredForm where Value == Bool {
  static var boolean: StoredForm { StoredForm(write: { .boolean($0) }, read: { value throws(DescriptionError) in value.asBoolean }) }
}

extension StoredForm where Value == Double {
  static var real: StoredForm { StoredForm(write: { .real($0) }, read: { value throws(DescriptionError) in value.asReal }) }
}

extension StoredForm where Value == Quantity {
  static var quantity: StoredForm {
    StoredForm(
      write: { .quantity($0) },
      read: { value throws(DescriptionError) in if case .quantity(let quantity) = value { quantity } else { nil } })
  }
}

extension StoredForm where Value == QuantityArray {
  /// Numbers in SI units, and which unit that is.
  static func numbers(unit: String) -> StoredForm {
    StoredForm(
      write: { .mapping([PartKey.numbers.field(.numbers($0.si)), PartKey.unit.field(.text(unit))]) },
      read: { value throws(DescriptionError) in
        guard case .numbers(let numbers)? = value[PartKey.numbers], let unit = value[PartKey.unit]?.asText, let parsed = try? parseUnit(unit) else {
          return nil
        }
        return QuantityArray(si: numbers, dimension: parsed.dimension)
      })
  }
}

extension StoredForm where Value == [Double] {
  static var series: StoredForm {
    StoredForm(
      write: { .numbers($0) },
      read: { value throws(DescriptionError) in if case .numbers(let numbers) = value { numbers } else { nil } })
  }
}

extension StoredForm where Value == [Int] {
  /// Numbers of elements, of which there may be many.
  static var elements: StoredForm {
    StoredForm(
      write: { .numbers($0.map(Double.init)) },
      read: { value throws(DescriptionError) in
        guard case .numbers(let numbers) = value else { return nil }
        let elements = numbers.compactMap { Int(exactly: $0) }
        return elements.count == numbers.count ? elements : nil
      })
  }
}

// --------------------------------------------------------------------------------------------------------------------- words

extension StoredForm where Value: RawRepresentable<String> {
  static var word: StoredForm {
    StoredForm(write: { .text($0.rawValue) }, read: { value throws(DescriptionError) in value.asText.flatMap(Value.init(rawValue:)) })
  }
}

extension StoredForm where Value == GroupReference {
  static var group: StoredForm {
    StoredForm(write: { .reference($0.description) }, read: { value throws(DescriptionError) in value.asText.flatMap { GroupReference(text: $0) } })
  }
}

extension StoredForm where Value == VariableReference {
  static var variable: StoredForm {
    StoredForm(write: { .reference($0.description) }, read: { value throws(DescriptionError) in value.asText.flatMap { VariableReference(text: $0) } })
  }
}

// --------------------------------------------------------------------------------------------------------------------- several

extension StoredForm {
  /// Names with values, in their order; none of them is stored as nothing.
  static func named<Item>(_ form: StoredForm<Item>) -> StoredForm where Value == [Named<Item>] {
    StoredForm(
      write: { items in items.isEmpty ? nil : .mapping(items.compactMap { item in form.write(item.value).map { DescriptionField(item.name, $0) } }) },
      read: { value throws(DescriptionError) in
        guard let fields = value.asFields else { return nil }
        var items: [Named<Item>] = []
        for field in fields {
          guard let item = try form.read(field.value) else { throw .damaged("'\(field.key)' cannot be \(field.value.readable)") }
          items.append(Named(field.key, item))
        }
        return items
      },
      absent: [])
  }

  static func list<Item>(_ form: StoredForm<Item>) -> StoredForm where Value == [Item] {
    StoredForm(
      write: { items in items.isEmpty ? nil : .list(items.compactMap(form.write)) },
      read: { value throws(DescriptionError) in
        guard let list = value.asList else { return nil }
        var items: [Item] = []
        for stored in list {
          guard let item = try form.read(stored) else { throw .damaged("one of the list cannot be \(stored.readable)") }
          items.append(item)
        }
        return items
      },
      absent: [])
  }
}

extension StoredForm where Value: WalkedFields {
  /// A description inside of another one.
  static var fields: StoredForm {
    StoredForm(
      write: { .mapping($0.fields().fields) },
      read: { value throws(DescriptionError) in
        guard let fields = value.asFields else { return nil }
        var walk = FieldWalk<Value, Value.Key>(reading: fields)
        let found = try Value(&walk)
        try walk.finish()
        return found
      })
  }
}
