import EngramHDF5
import EngramScalars
import EngramTestSupport
import Foundation
import Testing

/// Files with preferences that every process of a user reads.
@Suite("Standard files") struct StandardFilesTests {
  @Test("PRF-8: the preferences of the folder count more than those of the user, which count where the folder has none")
  func order() throws {
    let folder = try TemporaryFolder()
    func write(_ name: String, _ text: String) throws {
      let file = folder.url.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    /// Runs a model in the folder; the logs that there are afterwards.
    func logs(_ round: Int) throws -> [String] {
      let outcome = try Program.engram.run(["run", "model.yaml", "--in", "run\(round).engram"], in: folder.url, environment: ["HOME": folder.path("home")])
      #expect(outcome.status == 0)
      return try FileManager.default.contentsOfDirectory(atPath: folder.path("")).filter { $0.hasSuffix(".log") }.sorted()
    }
    // Which method was chosen is worth a message.
    try write("model.yaml", "objects:\n  - {kind: NeuronGroup, name: G, N: 1, model: 'dv/dt = -v/(10*ms) : 1'}\nrun: 1 ms\n")
    #expect(try logs(0) == [])
    for (round, (user, ofFolder)) in [(".brian/user_preferences", "brian_preferences"), (".config/engram/preferences", "engram_preferences")].enumerated() {
      // The files of the first round are there still, and count no longer.
      try write("home/\(user)", "[logging]\nfile_log = '\(folder.path("user\(round).log"))'\n")
      if round == 1 { try FileManager.default.removeItem(atPath: folder.path("brian_preferences")) }
      #expect(try logs(2 * round + 1) == ["user\(round).log"])
      let log = try String(contentsOfFile: folder.path("user\(round).log"), encoding: .utf8)
      #expect(log.contains("a place of Brian 2") == (round == 0))
      try FileManager.default.removeItem(atPath: folder.path("user\(round).log"))
      try write("brian_preferences", "logging.file_log = '\(folder.path("former.log"))'\n")
      try write(ofFolder, "logging.file_log = '\(folder.path("folder\(round).log"))'\n")
      #expect(try logs(2 * round + 2) == ["folder\(round).log"])
      try FileManager.default.removeItem(atPath: folder.path("folder\(round).log"))
    }
  }

  @Test("PRF-8: preferences are read from the user's folder for settings, wherever the environment says that it is") func places() throws {
    let folder = try TemporaryFolder()
    func logs(_ environment: [String: String], _ name: String) throws -> Bool {
      let file = folder.path("\(name)/engram/preferences")
      try FileManager.default.createDirectory(atPath: folder.path("\(name)/engram"), withIntermediateDirectories: true)
      try "logging.file_log = '\(folder.path("\(name).log"))'\n".write(toFile: file, atomically: true, encoding: .utf8)
      let outcome = try Program.engram.run(
        ["run", "model.yaml", "--in", "\(name).engram"], in: folder.url, environment: ["HOME": folder.path("home")].merging(environment) { $1 })
      #expect(outcome.status == 0)
      return FileManager.default.fileExists(atPath: folder.path("\(name).log"))
    }
    try "objects:\n  - {kind: NeuronGroup, name: G, N: 1, model: 'dv/dt = -v/(10*ms) : 1'}\nrun: 1 ms\n"
      .write(toFile: folder.path("model.yaml"), atomically: true, encoding: .utf8)
    #expect(try logs(["XDG_CONFIG_HOME": folder.path("settings")], "settings"))
    // The convention has paths that are not absolute ignored.
    #expect(try !logs(["XDG_CONFIG_HOME": "relative"], "relative"))
  }

  @Test("CPR-5: a default of float32 makes new state variables float32; times stay float64") func storageType() throws {
    let folder = try TemporaryFolder()
    try "core.default_float_dtype = float32\n".write(toFile: folder.path("engram_preferences"), atomically: true, encoding: .utf8)
    try """
    objects:
      - {kind: NeuronGroup, name: G, N: 2, model: 'dv/dt = 1/ms : 1 (unless refractory)', threshold: v > 3, reset: v = 0, refractory: 1 ms, method: euler}
      - {kind: Synapses, name: S, source: G, model: 'w : 1', on_pre: v_post += w, connect: true, initial: {w: 0.1}}
    run: 5 ms
    """.write(toFile: folder.path("model.yaml"), atomically: true, encoding: .utf8)
    func launch(_ arguments: [String]) throws -> Int32 { try Program.engram.run(arguments, in: folder.url).status }
    #expect(try launch(["run", "model.yaml", "--in", "run.engram"]) == 0)
    #expect(try launch(["export", "run.engram", "-o", "run.h5"]) == 0)
    let root = try HDF5File.open(at: folder.path("run.h5")).root
    for (name, type) in [
      ("objects/G/v", ScalarType.float32), ("objects/S/w", .float32), ("objects/G/lastspike", .float64),
      ("clocks/defaultclock/t", .float64), ("clocks/defaultclock/dt", .float64),
    ] {
      #expect(try #require(try root.dataset(name), "\(name)").kind.scalarType == type, "\(name)")
    }
  }
}
