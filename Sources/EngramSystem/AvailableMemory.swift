/// Bytes that this process can still take without anybody being killed for it: what the system calls available, what the
/// control groups leave, and what the limit of its address space does. `Int.max` where nothing is known.
package func availableMemory() -> Int { min(availableMemory(root: ""), AddressSpace.left) }

/// What the files of the system say of memory.
///
/// - Parameter root: the folder in which `/proc` and `/sys` are; empty for the system's own.
func availableMemory(root: String) -> Int {
  var least = Int.max
  if let text = systemText("\(root)/proc/meminfo"), let kilobytes = number(after: "MemAvailable:", in: text) {
    least = min(least, kilobytes.multipliedReportingOverflow(by: 1024).partialValue)
  }
  for group in ownGroups(root) { least = min(least, group.left) }
  return least
}

/// A control group that limits memory.
private struct MemoryGroup {
  let folder: String
  let names: (limit: String, usage: String, caches: [String])

  /// What it leaves of its limit. Files that it keeps in memory count as used, and make room as soon as somebody needs it.
  var left: Int {
    guard let limit = value(names.limit) else { return .max }
    let statistics = systemText("\(folder)/memory.stat") ?? ""
    let caches = names.caches.reduce(0) { $0 + (number(after: "\($1) ", in: statistics) ?? 0) }
    return max(0, limit - max(0, (value(names.usage) ?? 0) - caches))
  }

  private func value(_ name: String) -> Int? { systemText("\(folder)/\(name)").flatMap { number(after: "", in: $0) } }
}

/// The groups of the process, and all above them: each of them may have a limit.
private func ownGroups(_ root: String) -> [MemoryGroup] {
  guard let text = systemText("\(root)/proc/self/cgroup") else { return [] }
  return text.split(separator: "\n").flatMap { line -> [MemoryGroup] in
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return [] }
    let isUnified = parts[1].isEmpty
    guard isUnified || parts[1].split(separator: ",").contains("memory") else { return [] }
    let top = isUnified ? "\(root)/sys/fs/cgroup" : "\(root)/sys/fs/cgroup/memory"
    let folders = parts[2].split(separator: "/").reduce(into: [top]) { $0.append("\($0[$0.count - 1])/\($1)") }
    return folders.map { folder in
      MemoryGroup(
        folder: folder,
        names: isUnified
          ? ("memory.max", "memory.current", ["active_file", "inactive_file"])
          : ("memory.limit_in_bytes", "memory.usage_in_bytes", ["total_active_file", "total_inactive_file"]))
    }
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
