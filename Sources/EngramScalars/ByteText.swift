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
