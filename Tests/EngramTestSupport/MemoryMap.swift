import EngramSystem

/// The parts of this process's address space, a line each, as the system lists them.
///
/// Foundation reads such a file, which does not say how long it is, only in part.
public func memoryMap() -> [Substring] { String(decoding: systemFile("/proc/self/maps"), as: UTF8.self).split(separator: "\n") }

/// What the system says of the memory at an address: how it is mapped, and which file it shows; empty texts: it is not mapped.
public func mapping(at address: UnsafeRawPointer) -> (permissions: String, file: String) {
  let place = UInt(bitPattern: address)
  for line in memoryMap() {
    let parts = line.split(separator: " ", omittingEmptySubsequences: true)
    let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    if ends.count == 2, ends[0] <= place, place < ends[1] { return (String(parts[1]), parts.count > 5 ? String(parts[5]) : "") }
  }
  return ("", "")
}

private func systemFile(_ path: String) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return [] }
  defer { close(file) }
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = read(file, &buffer, buffer.count), count > 0 { all += buffer[..<count] }
  return all
}
