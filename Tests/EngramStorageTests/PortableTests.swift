import EngramScalars
import EngramTestSupport
import Testing

@testable import EngramStorage

@Suite("Portable files") struct PortableTests {
  @Test("CKP-1, CKP-45: several names per file; storing one again leaves the others; every one comes back bit for bit")
  func storing() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/snapshots.h5"
    let state = try SmallState(largeRows: 200_000)
    var images: [String: [String: [UInt8]]] = [:]
    for name in ["a", "b", "c", "b"] {
      try state.advance(2)
      images[name] = try state.image
      try PortableFile.store(state.stored, CommitOptions(name: name), at: path, headers: PlainHeaderWriter())
    }
    let file = try PortableFile(at: path)
    #expect(file.list().map(\.names) == [["a"], ["c"], ["b"]])
    for (name, expected) in images { #expect(try image(of: file.load(name)) == expected) }
    #expect(file.verify().isSound)
    // The large unchanging array is there once.
    #expect(try readFile(path).count < 2 * 1_600_000)
    #expect(try listing(temporary.path) == ["snapshots.h5"])
    #expect(throws: StorageError.self) { try file.load("d") }
  }

  @Test("CKP-45: a run directory packs into a file and unpacks into another one with the same content")
  func packing() throws {
    let temporary = try TemporaryFolder()
    let directory = try open(temporary.path + "/run")
    let state = try SmallState(largeRows: 200_000)
    var images: [[String: [UInt8]]] = []
    for name in ["a", "b"] {
      try state.advance(3)
      images.append(try state.image)
      try directory.commit(state.stored, CommitOptions(name: name)).wait()
    }
    try PortableFile.pack(directory, ["a", "b"], to: temporary.path + "/p.h5")
    let file = try PortableFile(at: temporary.path + "/p.h5")
    #expect(file.verify().isSound)
    #expect(try image(of: file.load("a")) == images[0])
    let other = try open(temporary.path + "/other")
    try file.unpack(into: other)
    #expect(try image(of: other.load("a")) == images[0])
    #expect(try image(of: other.load("b")) == images[1])
    #expect(try other.verify().isSound)
    // A state loaded from a file goes on in a directory: foreign rows are copied, not referred to.
    try state.restore(file.load("a"))
    try state.advance()
    try other.commit(state.stored, CommitOptions(name: "c")).wait()
    #expect(try image(of: other.load("c")) == state.image)
  }

  @Test("CKP-13: an unrelated file is never replaced")
  func unrelated() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path + "/data.h5"
    try writeFile(path, Array("\u{89}HDF".utf8))
    let state = try SmallState()
    #expect(throws: StorageError.exists(path: path)) {
      try PortableFile.store(state.stored, CommitOptions(name: "a"), at: path, headers: PlainHeaderWriter())
    }
    #expect(try readFile(path) == Array("\u{89}HDF".utf8))
  }
}
