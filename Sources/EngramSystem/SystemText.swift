/// Text that the system makes up when it is read; nil where it has none of that kind.
func systemText(_ path: String) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var buffer = [UInt8](repeating: 0, count: 8192)
  let count = read(file, &buffer, buffer.count)
  return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
}

/// The text that a function of C leaves in a buffer; nil where it fails.
func textFromC(capacity: Int = 4096, _ fill: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
    guard let start = buffer.baseAddress, fill(start, capacity) == 0 else { return nil }
    return String(cString: start)
  }
}
