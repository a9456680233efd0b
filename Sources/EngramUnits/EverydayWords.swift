/// Words for units that people and other programs write, and the names that the catalogue has for them.
let everydayWords: [String: String] = [
  "sec": "second", "secs": "second", "seconds": "second", "msec": "ms", "msecs": "ms", "millisec": "ms", "millisecond": "ms",
  "milliseconds": "ms", "usec": "us", "microsec": "us", "microsecond": "us", "microseconds": "us", "nsec": "nsecond",
  "nanosecond": "nsecond", "nanoseconds": "nsecond", "volts": "volt", "millivolt": "mV", "millivolts": "mV", "microvolt": "uV",
  "microvolts": "uV", "amps": "amp", "amperes": "amp", "nanoamp": "nA", "nanoamps": "nA", "nanoampere": "nA", "picoamp": "pA",
  "picoamps": "pA", "picoampere": "pA", "microamp": "uA", "microamps": "uA", "milliamp": "mA", "milliamps": "mA", "nanosiemens": "nS",
  "microsiemens": "uS", "millisiemens": "mS", "picofarad": "pF", "microfarad": "uF", "nanofarad": "nF", "kilohertz": "kHz",
  "megahertz": "MHz", "megaohm": "Mohm", "megohm": "Mohm", "kiloohm": "kohm", "ohms": "ohm", "meters": "metre", "metres": "metre",
  "micron": "um", "microns": "um", "micrometer": "um", "micrometre": "um", "millimeter": "mm", "millimetre": "mm", "centimeter": "cm",
  "centimetre": "cm", "millimolar": "mM", "micromolar": "uM", "nanomolar": "nM", "moles": "mole",
]

extension UnitCatalogue {
  /// The unit that a word behind a number is likely to mean: `ms` for `msec`, `mV` for `mv`; nil for units of the catalogue, and where nothing
  /// is likely.
  package static func meantUnit(_ word: String) -> String? {
    guard word.count > 1, complete.lookup(word) == nil else { return nil }
    let folded = word.lowercased()
    if let meant = everydayWords[folded] { return meant }
    // Of 'mV' and 'MV' the one with more letters as they were written.
    func equalLetters(_ name: String) -> Int { zip(name, word).count { $0 == $1 } }
    return complete.names.filter { $0.lowercased() == folded }.sorted().max { equalLetters($0) < equalLetters($1) }
  }

  /// The unit that a file of another program means by a word such as `milliseconds`; nil for units of the catalogue and other words.
  public static func foreignUnit(_ word: String) -> Quantity? {
    everydayWords[word.lowercased()].flatMap { UnitCatalogue.complete.lookup($0) }
  }
}
