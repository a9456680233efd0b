/// Addresses of this process. Where they are limited (`ulimit -v`, `h_vmem`), each that is reserved counts as if it were memory.
package enum AddressSpace {
  /// Addresses that this process may have; nil where there is no limit.
  package static var limit: UInt64? { ResourceLimit.addressBytes.value }

  /// Bytes of addresses that this process may still take; `Int.max` where there is no limit.
  package static var left: Int { limit.map { max(0, Int(clamping: $0) - used) } ?? .max }

  private static var used: Int {
    (systemText("/proc/self/statm").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) } ?? 0) * MachineMemory.pageByteCount
  }

  /// Where the limit is, and how much of it is used, for whoever has met it; empty where there is none.
  package static var explanation: String {
    guard let limit else { return "" }
    return "; the address space of this process is limited to \(limit >> 20) MiB (ulimit -v, or the h_vmem or vmem of a job), "
      + "\(used >> 20) MiB of it are in use"
  }
}
