/// A number that an element of some type cannot hold as it is.
///
/// Values that come from outside (assignments, files, arrays) are refused rather than cut: nobody who writes 2.7 or
/// 3000000000 for an integer means what would be left of it.
package struct Misfit: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case fraction, outOfRange, notANumber
  }

  package let type: ScalarType
  package let value: String
  package let reason: Reason

  package init(type: ScalarType, value: String, reason: Reason) {
    self.type = type
    self.value = value
    self.reason = reason
  }
}

extension Misfit: CustomStringConvertible {
  /// What follows the name of a variable.
  package var description: String {
    switch (type, reason) {
    case (.bool, _): "is boolean, and \(value) is neither true nor false"
    case (.int32, .outOfRange): "is an integer of 32 bits (\(Int32.min) to \(Int32.max)) and cannot hold \(value)"
    case (.int64, .outOfRange): "is an integer of 64 bits (\(Int64.min) to \(Int64.max)) and cannot hold \(value)"
    case (.int32, .fraction), (.int64, .fraction):
      "is an integer and cannot hold \(value): give a whole number, or cut the fraction with int(…) in an expression"
    case (.int32, .notANumber), (.int64, .notANumber): "is an integer and cannot hold \(value)"
    case (.float32, _): "is a float of 32 bits (up to \(Float.greatestFiniteMagnitude)) and cannot hold \(value)"
    case (.float64, _): "is a float and cannot hold \(value)"
    }
  }
}

extension ScalarType {
  /// Why an element of this type cannot hold a number; `nil`: it can, up to rounding of floats.
  package func misfit(_ value: Double) -> Misfit? {
    func misfit(_ reason: Misfit.Reason) -> Misfit {
      Misfit(type: self, value: Int64(exactly: value).map { "\($0)" } ?? "\(value)", reason: reason)
    }
    switch self {
    case .float64: return nil
    case .float32: return value.isFinite && Float(value).isInfinite ? misfit(.outOfRange) : nil
    case .bool: return value.isNaN ? misfit(.notANumber) : nil
    case .int32, .int64:
      if value.isNaN { return misfit(.notANumber) }
      let whole = value.rounded(.towardZero)
      let fits = self == .int32 ? Int32(exactly: whole) != nil : Int64(exactly: whole) != nil
      return !fits ? misfit(.outOfRange) : whole != value ? misfit(.fraction) : nil
    }
  }

  package func misfit(_ value: Int64) -> Misfit? {
    self == .int32 && Int32(exactly: value) == nil ? Misfit(type: self, value: "\(value)", reason: .outOfRange) : nil
  }
}
