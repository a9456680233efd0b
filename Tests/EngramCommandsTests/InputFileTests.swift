import EngramCheckpoints
import EngramTestSupport
import Foundation
import Testing

/// A model that takes values, a stimulus, connections and spikes from files; some only in a later step.
private struct ModelWithFiles {
  let folder: TemporaryFolder
  static let inputs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/inputs").standardized
  static let files = ["arrays.h5", "spikes.h5", "spikes_single.h5", "cube.h5", "list.npy", "named.csv"]
  var model: String { folder.path("model.yaml") }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
    for name in Self.files { try FileManager.default.copyItem(at: Self.inputs.appending(path: name), to: folder.url.appending(path: "data/\(name)")) }
    try """
    name: fed
    seed: 3
    objects:
      - {kind: TimedArray, name: drive, values: {hdf5: data/arrays.h5, dataset: /in/current}, dt: 1 ms}
      - {kind: SpikeGeneratorGroup, name: In, N: 4, spikes: {sonata: data/spikes.h5, population: thalamus}}
      - {kind: PoissonGroup, name: Noise, N: 4, rates: {hdf5: data/arrays.h5, dataset: /in/rate}}
      - kind: NeuronGroup
        name: G
        N: 4
        model: |
          dv/dt = (drive(t, i % 2)*Mohm/mV - v)/(10*ms) : 1
          f : Hz
        method: exact
        threshold: v > 0.4
        reset: v = 0
        initial: {f: {hdf5: data/arrays.h5, dataset: here}}
      - {kind: Synapses, name: S, source: In, target: G, model: "w : 1", on_pre: v_post += 0.1, connect: {i: {hdf5: data/arrays.h5, dataset: in/plain}, j: [0, 1, 2]},
         initial: {w: {hdf5: data/arrays.h5, dataset: in/plain}}}
      - {kind: Synapses, name: R, source: Noise, target: G, on_pre: v_post += 0.1, connect: {j: i}}
      - {kind: NeuronGroup, name: H, N: 4, model: ["u : volt", "w : 1"], initial: {"w[0:2]": {npy: data/list.npy, select: "0:2"}}}
      - {kind: SpikeMonitor, name: spikes, source: G}
      - {kind: StateMonitor, name: trace, source: G, variables: [v], record: true}
    run:
      - run: 3 ms
      - set_spikes: {In: {spikes: {sonata: data/spikes_single.h5}, period: 4 ms}}
      - set: {G.f: {hdf5: data/arrays.h5, dataset: in/rate, unit: kHz}}
      - run: 5 ms
      - repeat:
          count: 2
          as: k
          steps:
            - set: {H.u: {hdf5: data/cube.h5, dataset: "/trials[k, 2, :]"}, "H.w[2:4]": {csv: data/named.csv, column: weight}}
            - run: 1 ms

    """.write(toFile: model, atomically: true, encoding: .utf8)
  }

  func removeFiles() throws { try FileManager.default.removeItem(atPath: folder.path("data")) }

  /// Changes one number of a dataset, as another program would: 25.5 Hz become 99 Hz.
  func changeRate() throws {
    let path = folder.path("data/arrays.h5")
    var bytes = try Data(contentsOf: URL(filePath: path))
    let old = withUnsafeBytes(of: 25.5) { Data($0) }
    let place = try #require(bytes.range(of: old))
    bytes.replaceSubrange(place, with: withUnsafeBytes(of: 99.0) { Data($0) })
    try bytes.write(to: URL(filePath: path))
  }

  func run(until time: String? = nil, in name: String) throws -> Program.Outcome {
    let directory = folder.path(name)
    return try time.map { try Program.engram.run("run", model, "--in", directory, "--until", $0) } ?? Program.engram.run("run", model, "--in", directory)
  }

  func digest(_ name: String) throws -> String { try Program.engram.run("digest", folder.path(name)).output }
}

@Suite("Input files of models", .slow) struct InputFileTests {
  @Test("MDL-22: a run goes on without the files it was made from, by its model file or from its directory alone, with the same numbers")
  func withoutFiles() throws {
    let fed = try ModelWithFiles()
    #expect(try fed.run(in: "whole.engram").status == 0)
    let expected = try fed.digest("whole.engram")
    for (name, cut) in [("early.engram", "1.3 ms"), ("late.engram", "5 ms")] { #expect(try fed.run(until: cut, in: name).status == 0) }
    #expect(try fed.run(until: "2 ms", in: "resumed.engram").status == 0)
    try fed.removeFiles()
    for name in ["early.engram", "late.engram"] {
      let outcome = try fed.run(in: name)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(try fed.digest(name) == expected)
    }
    let resumed = try Program.engram.run("resume", fed.folder.path("resumed.engram"))
    #expect(resumed.status == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
    #expect(try fed.digest("resumed.engram") == expected)
    #expect(try Program.engram.run("show", fed.folder.path("resumed.engram"), "S.w").output.contains("[0]  3\n[1]  1\n[2]  2"))
    // Each round of a repetition reads its own part of a dataset, which was taken along as well.
    #expect(try Program.engram.run("show", fed.folder.path("resumed.engram"), "H.u").output.contains("in mV:\n[0]  20\n[1]  21\n[2]  22\n[3]  23"))
    #expect(try Program.engram.run("show", fed.folder.path("resumed.engram"), "H.w").output.contains("[0]  0.5\n[1]  -1.25\n[2]  0.5\n[3]  0.25"))
    // The later step used its own file, in the unit it was asked for.
    #expect(try Program.engram.run("show", fed.folder.path("resumed.engram"), "G.f").output.contains("in kHz:\n[0]  0\n[1]  10\n[2]  25.5\n[3]  1000"))
    #expect(try Program.engram.run("verify", "--replay", fed.folder.path("resumed.engram")).status == 0)
    #expect(try fed.run(in: "new.engram").errors.contains("there is no file"))
  }

  @Test("MDL-22: a file that changed since gives a warning, and never different numbers")
  func changedFiles() throws {
    let fed = try ModelWithFiles()
    #expect(try fed.run(in: "whole.engram").status == 0)
    let expected = try fed.digest("whole.engram")
    #expect(try fed.run(until: "1 ms", in: "a.engram").status == 0)
    #expect(try fed.run(until: "1 ms", in: "b.engram").status == 0)
    // Written again with the same content: nothing has changed.
    let path = fed.folder.path("data/spikes.h5")
    try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: path))
    try fed.changeRate()
    for outcome in [try fed.run(in: "a.engram"), try Program.engram.run("resume", fed.folder.path("b.engram"))] {
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("data/arrays.h5, dataset /in/rate has other values now"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("spikes.h5") && !outcome.errors.contains("/in/current"))
    }
    #expect(try fed.digest("a.engram") == expected && fed.digest("b.engram") == expected)
    #expect(try fed.run(in: "new.engram").status == 0)
    #expect(try fed.digest("new.engram") != expected)
    try Data("no HDF5".utf8).write(to: URL(filePath: fed.folder.path("data/arrays.h5")))
    #expect(try fed.run(until: "1 ms", in: "a.engram").errors.contains("cannot be read any more"))
  }

  @Test("MDL-21, MDL-24, MDL-40: what is wrong with a file is told with its place before anything runs, also for a later step")
  func problems() throws {
    let fed = try ModelWithFiles()
    func check(_ old: String, _ new: String, _ expected: String) throws {
      let text = try String(contentsOfFile: fed.model, encoding: .utf8)
      #expect(text.contains(old))
      let path = fed.folder.path("changed.yaml")
      try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      let outcome = try Program.engram.run("run", path, "--in", fed.folder.path("changed.engram"))
      #expect(outcome.status == 1 && outcome.errors.contains(expected), "\(outcome.errors)")
    }
    try check("data/spikes_single.h5", "data/none.h5", "there is no file '\(fed.folder.path("data/none.h5"))'")
    try check("population: thalamus", "population: thalamos", "populations: cortex, thalamus")
    try check("unit: kHz", "unit: mV", "'unit' says")
    try check("in/rate, unit: kHz", "in/plain, unit: mV", "'G.f' should have the unit 'hertz'")
    try check("dataset: here", "dataset: in/gap", "which is not a finite number")
    try check("N: 4, spikes", "N: 2, spikes", "index 2")
    try check("N: 4, spikes", "N: 4, times: [1 ms], spikes", "'times' is given beside 'spikes'")
  }
}
