/// Bytes that this process can still take without anybody being killed for it: what the system calls available, what the
/// control group leaves, and what the limit of its address space does. `Int.max` where nothing is known.
package func availableMemory() -> Int {
  var least = Int.max
  if let text = systemText("/proc/meminfo"), let kilobytes = number(after: "MemAvailable:", in: text) {
    least = min(least, kilobytes.multipliedReportingOverflow(by: 1024).partialValue)
  }
  for (limit, usage) in [
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
  ] + ownGroups() {
    guard let limit = systemText(limit).flatMap({ number(after: "", in: $0) }) else { continue }
    least = min(least, max(0, limit - (systemText(usage).flatMap { number(after: "", in: $0) } ?? 0)))
  }
  return min(least, AddressSpace.left)
}

/// Where the limit of the process's own control group is to be read.
private func ownGroups() -> [(String, String)] {
  guard let text = systemText("/proc/self/cgroup") else { return [] }
  return text.split(separator: "\n").compactMap { line in
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2] != "/" else { return nil }
    if parts[1].isEmpty { return ("/sys/fs/cgroup\(parts[2])/memory.max", "/sys/fs/cgroup\(parts[2])/memory.current") }
    guard parts[1].split(separator: ",").contains("memory") else { return nil }
    let group = "/sys/fs/cgroup/memory\(parts[2])"
    return ("\(group)/memory.limit_in_bytes", "\(group)/memory.usage_in_bytes")
  }
}

/// The decimal number behind a label; nil where there is none (a limit of `max`) or where it does not fit.
private func number(after label: String, in text: String) -> Int? {
  var rest = text[...]
  if !label.isEmpty {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(label) }) else { return nil }
    rest = line.dropFirst(label.count)
  }
  return Int(rest.drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber })
}
