/// A number of bytes as people read it, in powers of 1000: `812 B`, `8.00 MB`, `63.2 GB`.
package func byteText(_ count: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
  var value = Double(count)
  var unit = 0
  while value >= 1000, unit < units.count - 1 {
    value /= 1000
    unit += 1
  }
  if unit == 0 { return "\(count) B" }
  let decimals = value < 10 ? 100 : 10
  let scaled = Int((value * Double(decimals)).rounded())
  let fraction = String(scaled % decimals)
  let zeros = String(repeating: "0", count: (decimals == 100 ? 2 : 1) - fraction.count)
  return "\(scaled / decimals).\(zeros)\(fraction) \(units[unit])"
}

/// The number of bytes that a text such as `5 GB`, `200MB` or `1.5 GiB` means; nil for anything else, and for no bytes at all.
package func byteCount(_ text: String) -> Int? {
  let words =
    [("KiB", 1024.0), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776)]
    + [("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("PB", 1e15), ("B", 1)]
  let text = text.trimmingWhitespace()
  let unit = words.first { text.hasSuffix($0.0) }
  guard let count = Double(text.dropLast(unit?.0.count ?? 0).filter { $0 != " " }), count > 0 else { return nil }
  return Int(exactly: (count * (unit?.1 ?? 1)).rounded(.up))
}
