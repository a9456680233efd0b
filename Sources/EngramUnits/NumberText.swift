import EngramSystem

// Numbers as the reference prints them: up to `decimals` digits behind the point, trailing zeros dropped, the point kept
// (`1.`, `0.33333333`, `1.e-06`), columns of an array aligned, and powers of ten for all elements once one needs them.

/// Formats each number so that all have the same width.
func alignedTexts(_ numbers: [Double], decimals: Int) -> [String] {
  let decimals = min(max(decimals, 0), 17)
  let sizes = numbers.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
  let smallest = sizes.min() ?? 1
  let largest = sizes.max() ?? 1
  let usesPowers = largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000
  var parts = numbers.map { usesPowers ? scientificParts($0, decimals: decimals) : positionalParts($0, decimals: decimals) }
  let fractionWidth = parts.map(\.fraction.count).max() ?? 0
  let exponentWidth = parts.map(\.exponentDigits.count).max() ?? 0
  for index in parts.indices where numbers[index].isFinite {
    let missing = fractionWidth - parts[index].fraction.count
    parts[index].fraction += String(repeating: usesPowers ? "0" : " ", count: missing)
    let digits = parts[index].exponentDigits
    parts[index].exponentDigits = String(repeating: "0", count: exponentWidth - digits.count) + digits
  }
  let texts = parts.map(\.text)
  let width = texts.map(\.count).max() ?? 0
  return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
}

func numberText(_ number: Double, decimals: Int) -> String { alignedTexts([number], decimals: decimals).first ?? "" }

private struct NumberParts {
  var whole: String
  var fraction = ""
  var exponentSign = ""
  var exponentDigits = ""
  var hasPoint = true

  var text: String {
    guard hasPoint else { return whole }
    return whole + "." + fraction + (exponentDigits.isEmpty ? "" : "e" + exponentSign + exponentDigits)
  }
}

private func positionalParts(_ number: Double, decimals: Int) -> NumberParts {
  guard number.isFinite else { return NumberParts(whole: number.isNaN ? "nan" : number < 0 ? "-inf" : "inf", hasPoint: false) }
  return split(fixedText(number, decimals: decimals))
}

private func scientificParts(_ number: Double, decimals: Int) -> NumberParts {
  guard number.isFinite else { return positionalParts(number, decimals: decimals) }
  let shortest = shortestScientific(number)
  let text = shortest.decimals <= decimals ? shortest.text : printed("%.*e", decimals, number)
  let pieces = text.split(separator: "e", maxSplits: 1)
  var parts = split(String(pieces[0]))
  let exponent = pieces.count > 1 ? Int(pieces[1]) ?? 0 : 0
  parts.exponentSign = exponent < 0 ? "-" : "+"
  let digits = "\(exponent.magnitude)"
  parts.exponentDigits = digits.count < 2 ? "0" + digits : digits
  return parts
}

private func split(_ text: String) -> NumberParts {
  let pieces = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  var fraction = pieces.count > 1 ? String(pieces[1]) : ""
  while fraction.hasSuffix("0") { fraction.removeLast() }
  return NumberParts(whole: String(pieces[0]), fraction: fraction)
}

/// Without power of ten; the shortest digits that identify the number, if these are few enough.
private func fixedText(_ number: Double, decimals: Int) -> String {
  let (text, digits) = shortestScientific(number)
  let exponent = text.split(separator: "e").last.flatMap { Int($0) } ?? 0
  return printed("%.*f", min(decimals, max(0, digits - exponent)), number)
}

/// The shortest text that identifies the number, as mantissa and power of ten, and its digits behind the point.
private func shortestScientific(_ number: Double) -> (text: String, decimals: Int) {
  for decimals in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] {
    let text = printed("%.*e", decimals, number)
    if Double(text) == number { return (text, decimals) }
  }
  return (printed("%.*e", 16, number), 16)
}

private func printed(_ format: String, _ decimals: Int, _ number: Double) -> String {
  var bytes = [CChar](repeating: 0, count: 512)
  let length = withVaList([Int32(clamping: decimals), number]) { vsnprintf(&bytes, bytes.count, format, $0) }
  return String(decoding: bytes.prefix(max(0, min(Int(length), bytes.count - 1))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
