import EngramImport
import EngramModelFiles
import EngramSystem
import EngramTestSupport
import Foundation
import Testing

@Suite("Files that mean harm") struct HostileFileTests {
  @Test(
    "MDL-24: nothing outside of the file is read, no plug-in is looked for, and no memory is taken for what the file cannot hold",
    arguments: [
      ("link_out", "link to another file"), ("soft_to_link_out", "link to another file"), ("group_out/rate", "link to another file"),
      ("circle", "lead in circles"), ("dangling", "no dataset 'dangling'"), ("external", "its numbers lie in other files"),
      ("view", "it is a view onto other datasets"), ("huge_chunked", "it claims 1073741824 bytes"), ("huge_packed", "it claims 4294967296 bytes"),
      ("huge_contiguous", "it claims 1073741824 bytes"), ("beyond_limit", "elements"), ("huge_chunk", "it claims 2147483648 bytes"),
      ("plugin", "a filter that HDF5 does not bring along (32001)"), ("type", "it is no dataset"),
    ])
  func refused(_ dataset: String, _ reason: String) throws {
    #expect(refusal("hostile.h5", .dataset(dataset)).contains(reason))
    #expect(try read("hostile.h5", .dataset("good"))[0].values == [1, 2])
  }

  @Test(
    "MDL-24: a file with more numbers than are of use is refused by its length, before one of them is read",
    arguments: [
      (FileRequest.Content.dataset("in/rate"), "it has 4 elements (shape [4]), at most 3 are expected"),
      (.dataset("in/current"), "it has 6 elements (shape [3, 2]), at most 3 are expected"),
    ])
  func needs(_ content: FileRequest.Content, _ words: String) throws {
    let path = inputs.appending(path: "arrays.h5").path
    let reads: [() throws -> [FileArray]] = [{ try content.readSafely(from: path, atMost: 3) }, { try content.read(from: path, atMost: 3) }]
    for read in reads {
      let error = #expect(throws: (any Error).self) { try read() }
      #expect(error.map { "\($0)" }?.contains(words) == true, "\(error.map { "\($0)" } ?? "")")
    }
    #expect(try content.readSafely(from: path, atMost: 6) == content.read(from: path))
    let spikes = inputs.appending(path: "spikes.h5").path
    #expect(throws: (any Error).self) { try FileRequest.Content.sonataSpikes(population: "thalamus").readSafely(from: spikes, atMost: 1) }
  }

  @Test("MDL-24: what is no ordinary file is refused instead of waited for")
  func pipes() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.url.appending(path: "pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, folder.url.path, "/dev/zero"] {
      let error = #expect(throws: FileReadingError.self) { try FileRequest.Content.dataset("x").readSafely(from: path) }
      #expect(error.map { "\($0)".contains("no ordinary file") } == true)
    }
  }

  @Test("MDL-24: a reader that crashes, hangs, fails, or hands over nonsense is an error of the call")
  func brokenReaders() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("data.h5", [])
    func outcome(_ script: String, seconds: Int = 20) throws -> FileReadingError? {
      let program = try folder.write("engram-\(UUID().uuidString)", Array("#!/bin/sh\n\(script)\n".utf8), executable: true)
      func read() -> FileReadingError? {
        #expect(throws: FileReadingError.self) { try ReadingProcess.read(.dataset("x"), from: file, with: program, seconds: seconds) }
      }
      // Another test may start a process at this moment, which has the script open for writing until it is a program of its own.
      for _ in 0..<100 {
        guard case .notStarted(_, let reason)? = read(), reason.contains("busy") else { break }
        usleep(10_000)
      }
      return read()
    }
    #expect(try outcome("kill -SEGV $$") == .ended(signal: SIGSEGV))
    #expect(try outcome("exec sleep 100", seconds: 1) == .tookTooLong(seconds: 1))
    #expect(try outcome("kill -XCPU $$") == .tookTooLong(seconds: 10))
    #expect(try outcome("exit 3") == .endedWithStatus(3))
    #expect(try outcome("echo nonsense") == .incomplete)
    #expect(try outcome("") == .incomplete)
    // An array that is announced and does not come; a claim of 2^60 numbers.
    #expect(try outcome("printf 'ENGRAM1A\\001\\000\\000\\000\\000\\000\\000\\000'") == .incomplete)
    let nothing = String(repeating: "\\000", count: 8)
    let none = String(repeating: "\\377", count: 8)
    let claim = String(repeating: "\\000", count: 7) + "\\020"
    #expect(try outcome("printf 'ENGRAM1A\\001\\000\\000\\000\\000\\000\\000\\000\(nothing)\(none)\(claim)'") == .incomplete)
    let error = #expect(throws: FileReadingError.self) { try ReadingProcess.read(.dataset("x"), from: file, with: "/nowhere/engram") }
    #expect(error.map { "\($0)".contains("could not be started") } == true)
  }

  @Test("MDL-24: damaged files are errors or are read, but never end or stop this process", arguments: ["arrays.h5", "spikes.h5"])
  func mutations(_ name: String) throws {
    let folder = try TemporaryFolder()
    let whole = Array(try Data(contentsOf: inputs.appending(path: name)))
    let content: FileRequest.Content = name == "spikes.h5" ? .sonataSpikes(population: "thalamus") : .dataset("in/packed")
    var state: UInt64 = 20_260_101
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let rounds = ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1" ? 2000 : 20
    for round in 0..<rounds {
      var bytes = whole
      if round % 5 == 0 { bytes.removeLast(random(bytes.count)) }
      for _ in 0..<(1 + random(20)) where !bytes.isEmpty {
        let place = random(bytes.count)
        // Often a length or an address becomes enormous.
        let value = random(2) == 0 ? 0xff : UInt8(random(256))
        for place in place..<min(place + 1 + random(4), bytes.count) { bytes[place] = value }
      }
      let path = try folder.write("\(round).h5", bytes)
      do {
        let found = try ReadingProcess.read(content, from: path, with: readingProgram(), seconds: 20)
        #expect(found.count == (name == "spikes.h5" ? 2 : 1))
      } catch let error as FileReadingError {
        if case .tookTooLong = error { Issue.record("round \(round): \(error)") }
        if case .notStarted = error { Issue.record("round \(round): \(error)") }
      }
    }
  }
}
