/// Files by their descriptors.
package enum OpenFile {
  /// A path under which this process can open what it has open already, whatever has become of its name.
  package static func path(of descriptor: Int32) -> String {
    textFromC(capacity: 64) { engram_descriptor_path(descriptor, $0, $1) } ?? ""
  }

  /// What the file system is called that an open file lies on.
  package static func fileSystemName(of descriptor: Int32) -> String {
    textFromC(capacity: 64) { engram_file_system_name(descriptor, $0, $1) } ?? "unknown"
  }

  /// A readable name for messages.
  package static func name(of descriptor: Int32) -> String {
    textFromC { engram_descriptor_name(descriptor, $0, $1) } ?? "descriptor \(descriptor)"
  }
}

extension stat {
  package var modifiedNanoseconds: Int64 {
    withUnsafePointer(to: self) { engram_modified_nanoseconds($0) }
  }
}
