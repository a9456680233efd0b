/// What is known of the running process.
package enum ProcessFacts {
  /// Where its program lies; nil where the system does not tell.
  package static var program: String? { textFromC { engram_program_path($0, $1) } }

  /// The most memory that it has had [bytes].
  package static var peakMemory: UInt64 { engram_peak_memory() }

  /// Processors that it may use: a part of the machine's where somebody has given it a part, as SLURM and `taskset` do.
  package static var processorCount: Int { Int(max(1, engram_processor_count())) }
}

/// The machine's memory.
package enum MachineMemory {
  package static let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
  package static var byteCount: Int { Int(sysconf(Int32(_SC_PHYS_PAGES))) * pageByteCount }
}

/// What the machine's processor can do, in the system's words; empty where it does not tell.
package func processorFeatures() -> String {
  guard let file = fopen("/proc/cpuinfo", "r") else { return "" }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 8192)
  while fgets(&line, Int32(line.count), file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix("flags") || text.hasPrefix("Features") { return text }
  }
  return ""
}
