/// This machine, and this start of it.
package enum HostIdentity {
  package static var name: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Changes with every start of the machine; empty where the system does not tell.
  package static var boot: String {
    (systemText("/proc/sys/kernel/random/boot_id") ?? "").filter { !$0.isNewline }
  }
}
