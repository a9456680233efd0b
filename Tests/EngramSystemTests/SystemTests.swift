import Foundation
import Synchronization
import Testing

@testable import EngramSystem

@Suite("The system") struct SystemTests {
  @Test("Limits are those that the shell shows", arguments: [(ResourceLimit.openFiles, "-n"), (.addressBytes, "-v")])
  func limits(_ limit: ResourceLimit, _ option: String) throws {
    let shell = Process()
    let output = Pipe()
    (shell.executableURL, shell.arguments, shell.standardOutput) = (URL(filePath: "/bin/sh"), ["-c", "ulimit -S \(option)"], output)
    try shell.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self).filter { !$0.isWhitespace }
    shell.waitUntilExit()
    let unit: UInt64 = limit == .addressBytes ? 1024 : 1
    #expect(limit.value == UInt64(text).map { $0 * unit })
  }

  @Test("An open file is named, and can be opened again after its name is gone") func openFiles() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "engram-system-\(UUID().uuidString)").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    defer { close(descriptor) }
    #expect(OpenFile.name(of: descriptor) == URL(filePath: path).resolvingSymlinksInPath().path)
    #expect(write(descriptor, "text", 4) == 4)
    unlink(path)
    let again = open(OpenFile.path(of: descriptor), O_RDONLY)
    defer { close(again) }
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(again, &bytes, 8) == 4)
    #expect(OpenFile.name(of: 1 << 20) == "descriptor 1048576")
  }

  @Test("This process runs, and one of its number that began at another time does not") func processes() {
    let current = ProcessIdentity.current
    #expect(current.number == getpid() && current.runsHere)
    var other = current
    other.started += 1
    #expect(other.runsHere == (current.started == 0))
    #expect(ProcessFacts.program.map { FileManager.default.isExecutableFile(atPath: $0) } != false)
  }

  @Test("A thread of its own has another number, and is not the first one") func threads() async {
    let mine = SystemThread.current
    let (theirs, isMain): (UInt, Bool) = await withCheckedContinuation { continuation in
      if !SystemThread.start({ continuation.resume(returning: (SystemThread.current, SystemThread.isMain)) }) {
        continuation.resume(returning: (mine, true))
      }
    }
    #expect(theirs != mine && !isMain)
  }

  private static let heard = Atomic<Int32>(0)

  @Test("CPR-1: a handler hears its signal, and a signal that is ignored is known to be") func signals() {
    // Nobody else in this process asks for these two.
    signal(SIGWINCH, SIG_IGN)
    #expect(Signals.isIgnored(SIGWINCH))
    signal(SIGWINCH, SIG_DFL)
    #expect(!Signals.isIgnored(SIGWINCH))
    Signals.handle(SIGURG, blocking: [SIGURG]) { SystemTests.heard.store($0, ordering: .relaxed) }
    Signals.unblock([SIGURG])
    raise(SIGURG)
    #expect(Self.heard.load(ordering: .relaxed) == SIGURG)
    signal(SIGURG, SIG_DFL)
  }

  @Test("Memory is counted in bytes") func memory() {
    #expect(MachineMemory.byteCount > 0 && MachineMemory.byteCount % MachineMemory.pageByteCount == 0)
    #expect(ProcessFacts.peakMemory > 1 << 20 && ProcessFacts.peakMemory < UInt64(MachineMemory.byteCount))
    #expect(availableMemory() > 0)
  }

  @Test("Memory that is left: of the machine, of the own control group and of those above it, where files that are kept in memory count as room")
  func groups() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "engram-memory-\(getpid())")
    defer { try? FileManager.default.removeItem(at: root) }
    func write(_ path: String, _ text: String) throws {
      let url = root.appending(path: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    var left: Int { availableMemory(root: root.path) }
    #expect(left == .max)
    try write("proc/meminfo", "MemTotal:  100 kB\nMemAvailable:      50 kB\n")
    #expect(left == 50 << 10)
    try write("proc/self/cgroup", "0::/job/step\n")
    #expect(left == 50 << 10)
    let group = "sys/fs/cgroup/job"
    try write("\(group)/step/memory.max", "max\n")
    try write("\(group)/memory.max", "40000\n")
    try write("\(group)/memory.current", "30000\n")
    #expect(left == 10_000)
    try write("\(group)/memory.stat", "anon 9000\nactive_file 5000\ninactive_file 15000\n")
    #expect(left == 30_000)
    try write("\(group)/step/memory.max", "8000\n")
    try write("\(group)/step/memory.current", "9000\n")
    #expect(left == 0)
    // The older kind of groups.
    try write("proc/self/cgroup", "5:cpu:/x\n4:memory:/slurm\n0::/\n")
    try write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    try write("sys/fs/cgroup/memory/slurm/memory.limit_in_bytes", "20000\n")
    try write("sys/fs/cgroup/memory/slurm/memory.usage_in_bytes", "19000\n")
    try write("sys/fs/cgroup/memory/slurm/memory.stat", "cache 4000\ntotal_inactive_file 3000\ntotal_active_file 1000\n")
    #expect(left == 5000)
  }
}
