import Glibc

/// This machine, and this start of it.
package enum HostIdentity {
  package static var name: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Changes with every start of the machine; empty where the system does not tell.
  package static var boot: String {
    (smallFile("/proc/sys/kernel/random/boot_id") ?? "").filter { !$0.isNewline }
  }
}

/// The beginning of a file that the system makes up.
func smallFile(_ path: String) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var buffer = [UInt8](repeating: 0, count: 8192)
  let count = read(file, &buffer, buffer.count)
  return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
}
