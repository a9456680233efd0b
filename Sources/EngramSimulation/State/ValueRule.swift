package import EngramScalars

/// What the values of a stored variable can be, said where the variable is made.
///
/// Most variables may hold whatever their type holds: they are the state of a model. Others are taken by loops for places, counts,
/// steps or times. A checkpoint comes from a file, and a file may say anything; so its values are compared with these rules before
/// anything uses them, in one place (``RestoredValueRules``).
package struct ValueRule {
  package enum Bounds {
    case none
    /// There is nothing that a value could mean.
    case nothing
    case integers(ClosedRange<Int64>)
    /// No NaN.
    case reals(ClosedRange<Double>)
    /// The same, each greater than the one before.
    case ascending(ClosedRange<Double>)
  }

  private let meaning: String
  /// Asked when values are compared: a group may have got its elements since.
  private let currentBounds: () -> Bounds

  package var bounds: Bounds { currentBounds() }

  private init(_ meaning: String, _ bounds: @escaping () -> Bounds) { (self.meaning, currentBounds) = (meaning, bounds) }

  /// In words, for messages: `an element of 'G', 0 … 9`.
  package var allowed: String {
    switch bounds {
    case .nothing: "\(meaning), which has none"
    case .integers(let range) where range.upperBound <= Int64(Int32.max): "\(meaning), \(range.lowerBound) … \(range.upperBound)"
    case .none, .integers, .reals, .ascending: meaning
    }
  }
}

extension ValueRule {
  /// Whatever the type holds.
  package static var anything: ValueRule { ValueRule("anything") { .none } }
  /// Of booleans: a byte holds more than two values.
  package static var flag: ValueRule { ValueRule("false or true") { .integers(0...1) } }
  package static var count: ValueRule { ValueRule("a count") { .integers(0...Int64(Int32.max)) } }
  /// Steps of a clock. Nothing that counts on from here can run over.
  package static var steps: ValueRule { ValueRule("a number of steps, at most 2^62") { .integers(0...1 << 62) } }
  package static var finite: ValueRule { ValueRule("a finite number") { .reals(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude) } }
  package static var notNegative: ValueRule { ValueRule("a finite number of at least 0") { .reals(0 ... .greatestFiniteMagnitude) } }
  package static var positive: ValueRule { ValueRule("a positive finite number") { .reals(.leastNonzeroMagnitude ... .greatestFiniteMagnitude) } }
  package static var number: ValueRule { ValueRule("a number") { .reals(-.infinity ... .infinity) } }
  /// Times of events; the last one may be infinite: it stands for none.
  package static var ascendingTimes: ValueRule { ValueRule("a time of at least 0, later than the one before") { .ascending(0 ... .infinity) } }

  /// The number of an element of a group or of one of its parts, counted in it.
  package static func element(of owner: String, count: @escaping () -> Int) -> ValueRule {
    ValueRule("an element of '\(owner)'") { count() > 0 ? .integers(0...Int64(count() - 1)) : .nothing }
  }
}

extension ValueRule {
  /// The rule, where equal values meet it exactly if one of them does.
  package var ofEqualValues: ValueRule? { if case .ascending = bounds { nil } else { self } }

  /// The same for all values of an array.
  package func violation(in bytes: UnsafeRawBufferPointer, of type: ScalarType) -> (place: Int, value: String)? {
    var previous: Double?
    return violation(in: bytes, of: type, after: &previous)
  }

  /// The first value in `bytes` that the rule does not allow: its place, and itself in words.
  ///
  /// - Parameters:
  ///   - bytes: whole elements of `type`, at any address.
  ///   - previous: the last value of what went before, where values ascend.
  /// - Complexity: O(elements); a pass at the speed of memory.
  package func violation(in bytes: UnsafeRawBufferPointer, of type: ScalarType, after previous: inout Double?) -> (place: Int, value: String)? {
    switch (bounds, type) {
    case (.none, _): return nil
    case (.nothing, _): return bytes.isEmpty ? nil : (0, "its first value")
    case (.integers(let range), .bool): return Self.outside(range, bytes, UInt8.self)
    case (.integers(let range), .int32): return Self.outside(range, bytes, Int32.self)
    case (.integers(let range), .int64): return Self.outside(range, bytes, Int64.self)
    // Counts and places are integers of their own type; others are converted before they are looked at.
    case (.integers, .float64), (.integers, .float32): return nil
    case (.reals(let range), .float64): return Self.outside(range, bytes, Double.self) { $0 }
    case (.reals(let range), .float32): return Self.outside(range, bytes, Float.self) { Double($0) }
    // Integers are finite numbers; that they are not negative is asked of none.
    case (.reals, .bool), (.reals, .int32), (.reals, .int64): return nil
    case (.ascending(let range), .float64): return Self.notAscending(range, bytes, after: &previous)
    case (.ascending, .float32), (.ascending, .bool), (.ascending, .int32), (.ascending, .int64): return nil
    }
  }

  /// Values looked at before anything is decided: no branch per value.
  private static let slice = 4096

  private static func outside<T: FixedWidthInteger>(
    _ range: ClosedRange<Int64>, _ bytes: UnsafeRawBufferPointer, _ type: T.Type
  ) -> (place: Int, value: String)? where T: BitwiseCopyable {
    let (low, high) = (T(clamping: range.lowerBound), T(clamping: range.upperBound))
    return first(bytes, type, isBad: { $0 < low || $0 > high }).map { ($0.place, "\($0.value)") }
  }

  private static func outside<T: BinaryFloatingPoint>(
    _ range: ClosedRange<Double>, _ bytes: UnsafeRawBufferPointer, _ type: T.Type, _ wide: (T) -> Double
  ) -> (place: Int, value: String)? where T: BitwiseCopyable {
    let (low, high) = (range.lowerBound, range.upperBound)
    return first(bytes, type, isBad: { !(wide($0) >= low && wide($0) <= high) }).map { ($0.place, "\($0.value)") }
  }

  private static func first<T: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: T.Type, isBad: (T) -> Bool
  ) -> (place: Int, value: T)? {
    let (count, size) = (bytes.count / MemoryLayout<T>.size, MemoryLayout<T>.size)
    var start = 0
    while start < count {
      let end = min(start + slice, count)
      var found = false
      for place in start..<end { found = isBad(bytes.loadUnaligned(fromByteOffset: place * size, as: T.self)) || found }
      if found {
        for place in start..<end {
          let value = bytes.loadUnaligned(fromByteOffset: place * size, as: T.self)
          if isBad(value) { return (place, value) }
        }
      }
      start = end
    }
    return nil
  }

  private static func notAscending(
    _ range: ClosedRange<Double>, _ bytes: UnsafeRawBufferPointer, after previous: inout Double?
  ) -> (place: Int, value: String)? {
    for place in 0..<bytes.count / 8 {
      let value = bytes.loadUnaligned(fromByteOffset: place * 8, as: Double.self)
      guard value >= range.lowerBound, value <= range.upperBound, previous.map({ $0 < value }) ?? true else { return (place, "\(value)") }
      previous = value
    }
    return nil
  }
}
