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
  /// The unit that a file of another program means by a word such as `milliseconds`; nil for units of the catalogue and other words.
  public static func foreignUnit(_ word: String) -> Quantity? {
    everydayWords[word.lowercased()].flatMap { UnitCatalogue.complete.lookup($0) }
  }
}
