internal import EngramScalars
internal import EngramUnits

// The binary form of descriptions: one byte of kind, then the value. Deterministic: equal values are equal bytes, and
// numbers keep their bit patterns. Numbers of kinds are never given again.

extension DescriptionValue {
  private static let depthLimit = 64

  package var encoded: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  package init(bytes: [UInt8]) throws(DescriptionError) {
    do throws(FormatProblem) {
      var reader = ByteReader(bytes)
      self = try DescriptionValue(from: &reader, depth: 0)
      try reader.end()
    } catch {
      throw .damaged("a description cannot be read at byte \(error.offset): \(error.what)")
    }
  }

  private func write(to writer: inout ByteWriter) {
    switch self {
    case .text(let text):
      writer.append(UInt8(1))
      writer.append(text, countedBy: UInt64.self)
    case .integer(let value):
      writer.append(UInt8(2))
      writer.append(value)
    case .real(let value):
      writer.append(UInt8(3))
      writer.append(value)
    case .quantity(let quantity):
      writer.append(UInt8(4))
      writer.append(quantity.si)
      for exponent in quantity.dimension.exponents { writer.append(exponent) }
    case .boolean(let value):
      writer.append(UInt8(5))
      writer.append(UInt8(value ? 1 : 0))
    case .list(let items):
      writer.append(UInt8(6))
      writer.append(UInt64(items.count))
      for item in items { item.write(to: &writer) }
    case .mapping(let fields):
      writer.append(UInt8(7))
      writer.append(UInt64(fields.count))
      for field in fields {
        writer.append(field.key, countedBy: UInt64.self)
        field.value.write(to: &writer)
      }
    case .reference(let name):
      writer.append(UInt8(8))
      writer.append(name, countedBy: UInt64.self)
    case .numbers(let numbers):
      writer.append(UInt8(9))
      writer.append(UInt64(numbers.count))
      for number in numbers { writer.append(number) }
    }
  }

  private init(from reader: inout ByteReader, depth: Int) throws(FormatProblem) {
    guard depth < DescriptionValue.depthLimit else { throw reader.problem("nested too deeply") }
    switch try reader.number(UInt8.self) {
    case 1: self = .text(try reader.text(countedBy: UInt64.self))
    case 2: self = .integer(try reader.number())
    case 3: self = .real(try reader.double())
    case 4:
      let si = try reader.double()
      var exponents: [Double] = []
      for _ in 0..<7 { exponents.append(try reader.double()) }
      guard let dimension = Dimension(exponents: exponents) else { throw reader.problem("an impossible unit") }
      self = .quantity(Quantity(si: si, dimension: dimension))
    case 5: self = .boolean(try reader.number(UInt8.self) != 0)
    case 6:
      let count = try reader.count(ofAtLeast: 2, countedBy: UInt64.self)
      var items: [DescriptionValue] = []
      for _ in 0..<count { items.append(try DescriptionValue(from: &reader, depth: depth + 1)) }
      self = .list(items)
    case 7:
      let count = try reader.count(ofAtLeast: 10, countedBy: UInt64.self)
      var fields: [DescriptionField] = []
      for _ in 0..<count {
        let key = try reader.text(countedBy: UInt64.self)
        fields.append(DescriptionField(key, try DescriptionValue(from: &reader, depth: depth + 1)))
      }
      self = .mapping(fields)
    case 8: self = .reference(try reader.text(countedBy: UInt64.self))
    case 9:
      let count = try reader.count(ofAtLeast: 8, countedBy: UInt64.self)
      var numbers: [Double] = []
      for _ in 0..<count { numbers.append(try reader.double()) }
      self = .numbers(numbers)
    case let kind: throw reader.problem("an unknown kind of value (\(kind))")
    }
  }
}
