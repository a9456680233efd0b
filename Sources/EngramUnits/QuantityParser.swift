public import EngramScalars
import EngramSystem

/// Text that is no quantity or no unit.
public struct UnitParseError: ExplainedError, Hashable, Sendable {
  /// The whole text.
  public let text: String
  /// Characters in front of the place the message is about.
  public let position: Int
  /// What is wrong, in one sentence.
  public let message: String
  /// The word that was probably meant.
  public let suggestion: String?
  /// The word that is no unit, where that is the problem.
  public let unknownUnit: String?

  init(text: String, position: Int, message: String, suggestion: String? = nil, unknownUnit: String? = nil) {
    self.text = text
    self.position = position
    self.message = message
    self.suggestion = suggestion
    self.unknownUnit = unknownUnit
  }

  public var description: String {
    let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    return "\(message)\(hint) (in '\(text)', at character \(position + 1))"
  }
}

extension Quantity {
  /// Reads a number with a unit as files and command lines write it: `-60 mV`, `10ms`, `1.5 nA/mm**2`, `1. * mvolt`, `3`.
  ///
  /// - Throws: for text that is no quantity, and for numbers that are not finite.
  public static func parse(_ text: String) throws(UnitParseError) -> Quantity {
    var parser = QuantityParser(text)
    let value = try parser.quantity()
    try parser.end()
    return value
  }
}

extension QuantityArray {
  /// Reads `[1, 2] mV` and `array([1., 2.]) * mvolt`.
  ///
  /// - Throws: for text that is no list of quantities.
  public static func parse(_ text: String) throws(UnitParseError) -> QuantityArray {
    var parser = QuantityParser(text)
    let value = try parser.array()
    try parser.end()
    return value
  }
}

/// Reads a product of units, such as `nA/mm**2`; its value is the size of that unit.
public func parseUnit(_ text: String, in catalogue: UnitCatalogue = .complete) throws(UnitParseError) -> Quantity {
  var parser = QuantityParser(text, catalogue: catalogue)
  let unit = try parser.unit()
  try parser.end()
  return try parser.size(of: unit, at: 0)
}

/// A reader for one line; `position` never goes back except where a choice is made.
struct QuantityParser {
  /// A product of units: all catalogued units are powers of ten, so their product is computed without rounding.
  struct Product { var powerOfTen = 0.0, dimension = Dimension.dimensionless }

  private let text: String
  private let letters: [Character]
  private let catalogue: UnitCatalogue
  private var position = 0
  private var depth = 0
  /// Storage may read what users may not write: infinities and NaN.
  var allowsNonFinite = false

  init(_ text: String, catalogue: UnitCatalogue = .complete) {
    self.text = text
    self.catalogue = catalogue
    letters = Array(text)
  }

  mutating func quantity() throws(UnitParseError) -> Quantity {
    let number = try number()
    let unit = try unitBehindNumber()
    let value = number * unit.si
    guard value.isFinite || allowsNonFinite else { throw failure("the value is too large for a number of 64 bits", at: 0) }
    return Quantity(si: value, dimension: unit.dimension)
  }

  mutating func array() throws(UnitParseError) -> QuantityArray {
    let hasCall = take("array(")
    guard take("[") else { throw failure("a list such as '[1, 2] mV' is expected here") }
    var numbers: [Double] = []
    if !take("]") {
      repeat { numbers.append(try number()) } while take(",")
      guard take("]") else { throw failure("',' or ']' is expected here") }
    }
    if hasCall, !take(")") { throw failure("')' is expected here") }
    let unit = try unitBehindNumber()
    let values = numbers.map { $0 * unit.si }
    guard allowsNonFinite || values.allSatisfy(\.isFinite) else { throw failure("a value is too large", at: 0) }
    return QuantityArray(si: values, dimension: unit.dimension)
  }

  mutating func end() throws(UnitParseError) {
    skipSpaces()
    if position < letters.count { throw failure("'\(String(letters[position]))' is not expected here") }
  }

  func size(of unit: Product, at place: Int) throws(UnitParseError) -> Quantity {
    guard unit.powerOfTen.isFinite, unit.dimension.exponents.allSatisfy(\.isFinite) else {
      throw failure("the power of the unit is too large", at: place)
    }
    let whole = unit.powerOfTen.rounded() == unit.powerOfTen && unit.powerOfTen.magnitude < 400
    let size = whole ? EngramUnits.powerOfTen(Int(unit.powerOfTen)) : pow(10, unit.powerOfTen)
    guard size.isFinite, size > 0 else { throw failure("the power of the unit is too large", at: place) }
    return Quantity(si: size, dimension: unit.dimension)
  }

  private mutating func unitBehindNumber() throws(UnitParseError) -> Quantity {
    skipSpaces()
    let start = position
    if position == letters.count { return Quantity(1) }
    if peek("/") {
      // `1/second`: the number is the numerator.
      return try size(of: try factors(of: Product()), at: start)
    }
    if peek("**") || peek("^") { throw failure("a power belongs to a unit, not to a number") }
    if take("*") { skipSpaces() }
    guard position < letters.count else { throw failure("a unit is expected behind '*'") }
    return try size(of: try unit(), at: start)
  }

  /// A product of units.
  mutating func unit() throws(UnitParseError) -> Product { try factors(of: try factor()) }

  private mutating func factors(of first: Product) throws(UnitParseError) -> Product {
    var product = first
    while true {
      skipSpaces()
      if peek("**") || peek("^") { throw failure("a power may follow a unit only once; use parentheses") }
      let divides = take("/")
      // A space between two names is a product, as in `m^2 kg`.
      guard divides || take("*") || (position < letters.count && isLetter(letters[position])) else { return product }
      let next = try factor()
      product.powerOfTen += divides ? -next.powerOfTen : next.powerOfTen
      product.dimension = divides ? product.dimension / next.dimension : product.dimension * next.dimension
    }
  }

  private mutating func factor() throws(UnitParseError) -> Product {
    var base = try atom()
    skipSpaces()
    guard take("**") || take("^") else { return base }
    let hasParenthesis = take("(")
    let power = try number()
    if hasParenthesis, !take(")") { throw failure("')' is expected here") }
    base.powerOfTen *= power
    base.dimension = base.dimension.raised(to: power)
    return base
  }

  private mutating func atom() throws(UnitParseError) -> Product {
    skipSpaces()
    let start = position
    guard position < letters.count else { throw failure("a unit is expected here") }
    if take("(") {
      depth += 1
      defer { depth -= 1 }
      guard depth <= 200 else { throw failure("too many parentheses inside each other", at: start) }
      let inner = try unit()
      guard take(")") else { throw failure("')' is expected here") }
      return inner
    }
    if letters[position].isNumber || letters[position] == "." {
      guard try number() == 1 else { throw failure("a number is not a unit", at: start) }
      return Product()
    }
    return try named(name(), at: start)
  }

  private func named(_ name: String, at start: Int) throws(UnitParseError) -> Product {
    guard !name.isEmpty else { throw failure("a unit is expected here", at: start) }
    guard let found = catalogue.lookup(name) else {
      let suggestion = everydayWords[name.lowercased()] ?? nearest(name, in: catalogue.names)
      throw UnitParseError(text: text, position: start, message: "'\(name)' is not a known unit", suggestion: suggestion, unknownUnit: name)
    }
    return Product(powerOfTen: exactLogarithm(found.si), dimension: found.dimension)
  }

  private mutating func name() -> String {
    var name = ""
    while position < letters.count, isLetter(letters[position]) || letters[position].isNumber && !name.isEmpty {
      // Both Unicode characters that look like a small mu.
      name.append(letters[position] == "µ" || letters[position] == "μ" ? "u" : letters[position])
      position += 1
    }
    return name
  }

  private mutating func number() throws(UnitParseError) -> Double {
    skipSpaces()
    let start = position
    var digits = ""
    if position < letters.count, letters[position] == "-" || letters[position] == "+" { advance(into: &digits) }
    if let special = try nonFiniteNumber(negative: digits == "-", at: start) { return special }
    while position < letters.count, isDigit(letters[position]) || letters[position] == "." { advance(into: &digits) }
    if position < letters.count, letters[position] == "e" || letters[position] == "E" {
      let signLength = position + 1 < letters.count && (letters[position + 1] == "-" || letters[position + 1] == "+") ? 1 : 0
      if position + 1 + signLength < letters.count, isDigit(letters[position + 1 + signLength]) {
        for _ in 0...signLength { advance(into: &digits) }
        while position < letters.count, isDigit(letters[position]) { advance(into: &digits) }
      }
    }
    guard let value = Double(digits.hasSuffix(".") ? digits + "0" : digits) else {
      throw failure(digits.isEmpty ? "a number is expected here" : "'\(digits)' is not a number", at: start)
    }
    guard value.isFinite else { throw failure("the number is too large for 64 bits", at: start) }
    return value
  }

  private mutating func nonFiniteNumber(negative: Bool, at start: Int) throws(UnitParseError) -> Double? {
    for word in ["infinity", "inf", "nan"] where letters[position...].prefix(word.count).map({ $0.lowercased() }).joined() == word {
      let next = position + word.count
      if next < letters.count, isLetter(letters[next]) { continue }
      guard allowsNonFinite else { throw failure("the number must be finite", at: start) }
      position = next
      if word == "nan" { return nanWithBits() ?? .nan }
      return negative ? -.infinity : .infinity
    }
    return nil
  }

  private mutating func nanWithBits() -> Double? {
    let start = position
    guard take("(0x"), let close = letters[position...].firstIndex(of: ")"),
      let bits = UInt64(String(letters[position..<close]), radix: 16)
    else {
      position = start
      return nil
    }
    position = close + 1
    return Double(bitPattern: bits)
  }

  private func exactLogarithm(_ size: Double) -> Double { log10(size).rounded() }

  private mutating func advance(into digits: inout String) {
    digits.append(letters[position])
    position += 1
  }

  private mutating func skipSpaces() {
    while position < letters.count, letters[position] == " " || letters[position] == "\t" { position += 1 }
  }

  private func peek(_ word: String) -> Bool {
    letters.count - position >= word.count && zip(letters[position...], word).allSatisfy { $0 == $1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpaces()
    guard peek(word) else { return false }
    position += word.count
    return true
  }

  private func isLetter(_ letter: Character) -> Bool { letter.isLetter || letter == "_" || letter == "µ" }
  private func isDigit(_ letter: Character) -> Bool { letter >= "0" && letter <= "9" }

  private func failure(_ message: String, at place: Int? = nil) -> UnitParseError {
    UnitParseError(text: text, position: place ?? position, message: message)
  }
}
