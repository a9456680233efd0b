/// A number with a fixed number of decimals, at a glance; huge ones as they are.
package func fixedText(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale: Int64 = 1
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (abs(value) * Double(scale)).rounded()
  guard scaled < 9e18 else { return "\(value)" }
  let whole = Int64(scaled)
  let sign = value < 0 && whole != 0 ? "-" : ""
  if decimals == 0 { return "\(sign)\(whole)" }
  let fraction = String(whole % scale)
  return "\(sign)\(whole / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// Shortest form of a number of at most `digits` significant digits.
package func shortText(_ value: Double, digits: Int = 6) -> String {
  guard value.isFinite else { return "\(value)" }
  if value == 0 { return value.sign == .minus ? "-0" : "0" }
  let exponent = decimalExponent(abs(value))
  if exponent < -4 || exponent >= digits {
    // In two steps: 1e-324 has no reciprocal, nor has 1e308 one that is exact enough.
    let half = exponent / 2
    let mantissa = value / powerOfTen(half) / powerOfTen(exponent - half)
    let text = withoutTrailingZeros(fixedText(mantissa, decimals: max(0, digits - 1))) + "e\(exponent)"
    // Rounding up must not lead beyond the largest number.
    return Double(text)?.isFinite == true ? text : "\(value)"
  }
  return withoutTrailingZeros(fixedText(value, decimals: max(0, digits - 1 - exponent)))
}

/// Simulated time in the unit that reads best: `50 ms`.
package func simulatedTimeText(_ seconds: Double) -> String {
  let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us")]
  let (scale, name) = units.first { abs(seconds) >= $0.0 } ?? (1, "s")
  return "\(shortText(seconds / scale, digits: 9)) \(name)"
}

/// Wall time: `< 1s`, `59s`, `2m 3s`, `1d 3h 46m 40s` (NET-37).
package func wallTimeText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 1 else { return "< 1s" }
  let total = Int64(min(seconds, 1e15))
  let parts = [(total / 86400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "m"), (total % 60, "s")]
  return parts.drop { $0.0 == 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
}

extension Duration {
  /// The duration as a number of seconds.
  package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

private func withoutTrailingZeros(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var part = Substring(text)
  while part.last == "0" { part.removeLast() }
  if part.last == "." { part.removeLast() }
  return String(part)
}

private func decimalExponent(_ value: Double) -> Int {
  var exponent = 0
  var rest = value
  while rest >= 10 { rest /= 10; exponent += 1 }
  while rest < 1 { rest *= 10; exponent -= 1 }
  return exponent
}

private func powerOfTen(_ exponent: Int) -> Double {
  var value = 1.0
  for _ in 0..<abs(exponent) { value *= 10 }
  return exponent < 0 ? 1 / value : value
}
