/// What the system says of bytes that are changed in memory and not yet on the disk.
package enum WriteBack {
  /// How many of so many available bytes may be so before the system begins to write without a pause.
  package static func backgroundByteCount(available: () -> Int) -> Int {
    func number(_ name: String) -> Int? { systemText("/proc/sys/vm/\(name)").flatMap { Int($0.filter(\.isNumber)) } }
    if let bytes = number("dirty_background_bytes"), bytes > 0 { return bytes }
    return available() / 100 * (number("dirty_background_ratio") ?? 10)
  }
}
