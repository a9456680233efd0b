import Glibc

/// Seconds that a piece of work takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  var start = timespec(), end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &start)
  try body()
  clock_gettime(CLOCK_MONOTONIC, &end)
  return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) * 1e-9
}

/// Seconds of processor time of this thread.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

/// Bytes that this process has sent to block devices.
func deviceBytes() -> Int { number(after: "\nwrite_bytes: ", in: "/proc/self/io") }
/// Calls that read or write, made by this process.
func systemCalls() -> Int { number(after: "\nsyscr: ", in: "/proc/self/io") + number(after: "\nsyscw: ", in: "/proc/self/io") }
/// Kilobytes of memory that is not backed by files.
func anonymousKilobytes() -> Int { number(after: "\nRssAnon:", in: "/proc/self/status") }

private func number(after label: String, in path: String) -> Int {
  guard let file = fopen(path, "r") else { return 0 }
  defer { fclose(file) }
  var buffer = [UInt8](repeating: 0, count: 16384)
  let count = fread(&buffer, 1, buffer.count, file)
  let text = String(decoding: buffer.prefix(count), as: UTF8.self)
  guard let start = text.split(separator: label, maxSplits: 1).last, text.contains(label) else { return 0 }
  return Int(start.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 0
}

/// Disk space that belongs to this directory alone: files with one name.
func ownByteCount(_ path: String) -> Int {
  var status = stat()
  guard lstat(path, &status) == 0 else { return 0 }
  guard status.st_mode & S_IFMT == S_IFDIR else { return status.st_nlink == 1 ? Int(status.st_blocks) * 512 : 0 }
  guard let stream = opendir(path) else { return 0 }
  defer { closedir(stream) }
  var sum = Int(status.st_blocks) * 512
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != ".", name != ".." { sum += ownByteCount(path + "/" + name) }
  }
  return sum
}

/// Memory whose pages have been touched.
func warmMemory(_ byteCount: Int) -> UnsafeMutableRawPointer {
  guard let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED else {
    fatalError("no memory")
  }
  madvise(start, byteCount, 14)
  memset(start, 1, byteCount)
  return start
}

/// Seconds to write so many bytes to a new file and flush it.
func rawWrite(_ source: UnsafeMutableRawPointer, _ byteCount: Int, to path: String, direct: Bool, keeps: Bool = false) -> Double {
  unlink(path)
  // O_DIRECT on Linux, x86-64.
  let file = open(path, O_RDWR | O_CREAT | O_EXCL | (direct ? 0o40000 : 0), 0o600)
  guard file >= 0 else { return .nan }
  defer {
    close(file)
    if !keeps { unlink(path) }
  }
  return seconds {
    posix_fallocate(file, 0, off_t(byteCount))
    var done = 0
    while done < byteCount {
      let count = pwrite(file, source + done, min(4 << 20, byteCount - done), off_t(done))
      guard count > 0 else { return }
      done += count
    }
    fsync(file)
  }
}

struct Line {
  let what: String
  let measured: String
  let limit: String
  let target: String
  let met: Bool?
}

func ms(_ seconds: Double) -> String { fixed(seconds * 1000, 2) + " ms" }
func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 2) + " MB" }
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return "–" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}
