import EngramTestSupport
import Foundation
import Testing

@Suite("Neurons with a shape from the command line") struct SpatialCommandTests {
  private func folder(_ text: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let shape = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/inputs/neuron.swc")
    try FileManager.default.copyItem(at: shape, to: folder.url.appending(path: "neuron.swc"))
    try text.write(to: folder.url.appending(path: "cell.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  /// A traced neuron with channels, synapses at chosen places and spikes at the soma.
  private static let traced = """
    seed: 1
    dt: 0.05 ms
    constants: {gL: 1e-4 siemens/cm**2, EL: -65 mV, far: 60 um}
    objects:
      - kind: SpatialNeuron
        name: cell
        morphology: {swc: neuron.swc}
        model: |
          Im = gL*(EL - v) + gx*m*(50*mV - v) : amp/metre**2
          Is = gs*(0*mV - v) : amp (point current)
          dgs/dt = -gs/(3*ms) : siemens
          dm/dt = (1/(1 + exp(-(v + 45*mV)/(5*mV))) - m)/(2*ms) : 1
          gx : siemens/metre**2 (constant)
        threshold: v > -40*mV
        threshold_location: main[0]
        refractory: v > -50*mV
        method: exponential_euler
        initial: {v: EL, axon.gx: 2e-4 siemens/cm**2, "dend[20 um:far].gx": "1e-4*siemens/cm**2*exp(-distance/(100*um))"}
      - {kind: PoissonGroup, name: P, N: 50, rates: 80 Hz}
      - {kind: Synapses, name: S, source: P, target: cell.dend, on_pre: gs_post += 2*nS, connect: {j: (7*i) % N_post}}
      - {kind: SpikeMonitor, name: spikes, source: cell}
      - {kind: StateMonitor, name: trace, source: cell, variables: v, record: "cell.axon", dt: 1 ms}
    run: 60 ms
    """

  @Test("SPA-8, MOR-5: a neuron of an SWC file that is stopped and started again ends with the same bits as one that was not, file or no file")
  func continued() throws {
    let folder = try folder(Self.traced)
    let (whole, parts) = (folder.path("whole.engram"), folder.path("parts.engram"))
    let file = folder.path("cell.yaml")
    #expect(try Program.engram.run("run", file, "--in", whole).status == 0)
    #expect(try Program.engram.run("run", file, "--in", parts, "--until", "23.4ms").status == 0)
    // What was read from the file is in every checkpoint.
    try FileManager.default.removeItem(at: folder.url.appending(path: "neuron.swc"))
    #expect(try Program.engram.run("run", file, "--in", parts, "--until", "41ms").status == 0)
    #expect(try Program.engram.run("run", file, "--in", parts).status == 0)
    let digest = try Program.engram.run("digest", whole).output
    #expect(try Program.engram.run("digest", parts).output == digest && !digest.isEmpty)
    #expect(try Program.engram.run("diff", whole, parts).status == 0)
    let spikes = try Program.engram.run("show", "--json", whole, "spikes.i").item()
    #expect(((spikes["values"] as? [Int]) ?? []).allSatisfy { $0 == 0 })
  }

  @Test("SPA-8: threads and compiled code change no bit of a neuron with a shape")
  func same() throws {
    let folder = try folder(
      """
      seed: 1
      constants: {gL: 1e-4 siemens/cm**2, EL: -65 mV}
      objects:
        - kind: SpatialNeuron
          name: cell
          morphology:
            - {shape: soma, diameter: 30 um}
            - {shape: cylinder, name: a, diameter: 1 um, length: 3 mm, n: 3000}
            - {shape: cylinder, name: L, parent: a, diameter: 1 um, length: 2 mm, n: 2000}
            - {shape: cylinder, name: R, parent: a, diameter: 0.5 um, length: 1 mm, n: 1500}
          model: |
            Im = gL*(EL - v) + 10*gL*m**3*(50*mV - v) : amp/metre**2
            dm/dt = (1/(1 + exp(-(v + 45*mV)/(5*mV))) - m)/(2*ms) : 1
          method: exponential_euler
          initial: {v: "EL + 30*mV*rand()", m: rand()}
      run: 5 ms
      """)
    let file = folder.path("cell.yaml")
    var digests: Set<String> = []
    for (name, words) in [
      ("one", ["--threads", "1", "--kernels", "interpreted"]), ("two", ["--threads", "2", "--kernels", "interpreted"]),
      ("native", ["--threads", "1", "--kernels", "native"]), ("both", ["--threads", "2", "--kernels", "native"]),
    ] {
      let place = folder.path("\(name).engram")
      #expect(try Program.engram.run(["run", file, "--in", place] + words).status == 0)
      digests.insert(try Program.engram.run("digest", place).output)
    }
    #expect(digests.count == 1)
  }

  @Test(
    "MDL-51: a part of a shape that there is not is told where it stands, with what there is",
    arguments: [
      ("source: cell.axom", "did you mean 'axon'?"), ("source: \"cell.axon[900 um]\"", "lies outside of the section"),
      ("source: \"cell.axon[0:3]\", variables: v, record: \"cell.dend.dend\"", "no branch 'dend'"),
      ("source: cell.dend, variables: v, record: \"cell.axon[0]\"", "is not among what the monitor looks at"),
    ])
  func wrongParts(text: String, message: String) throws {
    let rest = text.contains("record") ? text : "\(text), variables: v, record: true"
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          name: cell
          morphology: [{shape: soma, diameter: 20 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 100 um, n: 5}, {shape: cylinder, name: dend, diameter: 1 um, length: 9 um}]
          model: "Im = 0*amp/metre**2 : amp/metre**2"
        - {kind: StateMonitor, name: M, \(rest)}
      run: 1 ms
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"))
    #expect(outcome.status == 1 && outcome.errors.contains(message) && outcome.errors.contains("cell.yaml:6:"), "\(outcome.errors)")
  }

  @Test("SPA-8, CKP-10: a neuron of an SWC file that is killed while it runs ends with the bits of one that was not") func killed() throws {
    let folder = try folder(Self.traced.replacing("run: 60 ms", with: "run: 400 ms"))
    let (whole, parts, file) = (folder.path("whole.engram"), folder.path("parts.engram"), folder.path("cell.yaml"))
    #expect(try Program.engram.run("run", file, "--in", whole, "-q").status == 0)
    let process = try Program.engram.start(["run", file, "--in", parts, "-q", "--checkpoint-every", "10ms"])
    let checkpoints = folder.url.appending(path: "parts.engram/checkpoints").path
    while process.isRunning, ((try? FileManager.default.contentsOfDirectory(atPath: checkpoints))?.count ?? 0) < 3 { usleep(5000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try FileManager.default.removeItem(at: folder.url.appending(path: "neuron.swc"))
    #expect(try Program.engram.run("resume", parts, "-q").status == 0)
    #expect(try Program.engram.run("digest", parts).output == Program.engram.run("digest", whole).output)
  }

  @Test(
    "SPA-3: a measure that no cable has is told at the key that gives it",
    arguments: ["Cm: 0 uF/cm**2", "Ri: 0 ohm*cm", "initial: {area: 0 metre**2}", "threshold_location: axon[0]"])
  func wrongMeasures(key: String) throws {
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          model: "Im = 0*amp/metre**2 : amp/metre**2"
          morphology: [{shape: soma, diameter: 3 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 3 um}]
          \(key)
      run: 1 ms
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"))
    #expect(outcome.status == 1 && outcome.errors.contains("cell.yaml:5:"), "\(outcome.errors)")
  }

  @Test(
    "SPA-5: the threshold is looked at at one place of a section, also of one that has a number for its name",
    arguments: ["1[0]": 1, "1.2[0]": 3, "1.2[15 um]": 4, "1.2.main[-1]": 4, "2": 2, "-1": 4, "2*n": 2, "[3]": 3])
  func thresholdAtNumberedSection(place: String, compartment: Int) throws {
    let folder = try folder(
      """
      constants: {n: 1}
      objects:
        - kind: SpatialNeuron
          name: cell
          model: "Im = 0*amp/metre**2 : amp/metre**2"
          morphology:
            - {shape: soma, diameter: 3 um}
            - {shape: cylinder, diameter: 1 um, length: 3 um}
            - {shape: cylinder, parent: "1", diameter: 1 um, length: 3 um}
            - {shape: cylinder, parent: "1", diameter: 1 um, length: 20 um, n: 2}
          threshold: v > -1*mV
          threshold_location: "\(place)"
        - {kind: SpikeMonitor, name: spikes, source: cell}
      run: 0.1 ms
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"), "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    guard outcome.status == 0 else { return }
    let shown = try Program.engram.run("show", "--json", folder.path("r.engram"), "spikes.i").item()
    #expect("\(shown["values"] ?? "")".contains("\(compartment)"), "\(shown)")
  }

  @Test("MDL-50: what is wrong with a shape is told at its section, all of it at once")
  func wrongShapes() throws {
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          name: cell
          model: "Im = 0*amp/metre**2 : amp/metre**2"
          threshold_location: axon
          morphology:
            - {shape: soma, diameter: 0 um}
            - {shape: cube, diameter: 1 um}
            - {shape: cylinder, name: a, parent: b, diameter: 1 um, length: 1 um, n: 0}
            - {shape: soma, diameter: 1 um, n: 3}
            - {shape: cylinder, diameter: 1 um, length: 3 um, x: [0 um, 1 um]}
            - {shape: section, diameter: [1 um, 2 um], length: [1 um, 2 um]}
      run: 1 ms
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"))
    #expect(outcome.status == 1)
    for (line, text) in [
      (7, "positive length"), (8, "'shape' is soma, cylinder or section"), (9, "at least 1 compartment"), (10, "only a cylinder has 'n'"),
      (11, "a length or coordinates"), (12, "'length' has 1 values here, found 2"),
    ] { #expect(outcome.errors.contains("cell.yaml:\(line):") && outcome.errors.contains(text), "\(text): \(outcome.errors)") }
  }

  @Test("MDL-51: parts of a neuron that something is wrong with are no problems of their own")
  func partsOfWrongNeuron() throws {
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          name: cell
          model: "Im = 0*amp/metre**2 : amp/metre**2"
          morphology: [{shape: soma, diameter: 0 um}]
        - {kind: NeuronGroup, name: P, N: 3, model: "x : 1"}
        - {kind: Synapses, name: S, source: P, target: cell.1.main, connect: true}
        - {kind: Synapses, name: T, source: "cell[5 um:10 um]", target: P, connect: true}
        - {kind: StateMonitor, name: M, source: cell.axon, variables: v, record: true}
      run:
        - run: 1 ms
        - set: {"cell[0:2].v": 1 mV, cell.1.v: 1 mV, "cell.axon[3 um].v": 1 mV}
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"))
    #expect(outcome.status == 1)
    #expect(outcome.errors.components(separatedBy: "cell.yaml:").count == 2, "\(outcome.errors)")
  }

  @Test("MDL-51: what a monitor of a part records is counted within the part, which may have a name")
  func recordedParts() throws {
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          name: cell
          morphology: [{shape: soma, diameter: 20 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 100 um, n: 5}]
          model: "Im = 0*amp/metre**2 : amp/metre**2"
          initial: {v: i*mV}
        - {kind: Subgroup, name: part, of: "cell.axon[20 um:80 um]"}
        - {kind: StateMonitor, name: M, source: cell.axon, variables: v, record: "cell.axon[30 um]"}
        - {kind: StateMonitor, name: L, source: part, variables: v, record: "cell.axon[50 um]"}
      run: 0.1 ms
      """)
    let place = folder.path("r.engram")
    #expect(try Program.engram.run("run", folder.path("cell.yaml"), "--in", place).status == 0)
    for (monitor, volts) in [("M", 2e-3), ("L", 3e-3)] {
      let shown = try Program.engram.run("show", "--json", place, "\(monitor).v[0]").item()
      #expect("\(shown["values"] ?? "")".contains("\(volts)"), "\(shown)")
    }
  }

  @Test("MDL-23: a shape of more compartments than memory holds is refused before any of them is made")
  func tooLarge() throws {
    let folder = try folder(
      """
      objects:
        - kind: SpatialNeuron
          name: cell
          morphology: [{shape: cylinder, diameter: 1 um, length: 1 mm, n: 2000000000}]
          model: "Im = 0*amp/metre**2 : amp/metre**2"
      run: 1 ms
      """)
    let outcome = try Program.engram.run("run", folder.path("cell.yaml"), "--in", folder.path("r.engram"))
    #expect(outcome.status == 1 && outcome.errors.contains("of memory are free"), "\(outcome.errors)")
  }

  @Test("SPA-9: an export has the places, the areas and the parents of compartments")
  func exported() throws {
    let folder = try folder(Self.traced)
    let place = folder.path("r.engram")
    #expect(try Program.engram.run("run", folder.path("cell.yaml"), "--in", place, "--until", "1ms").status == 0)
    let file = folder.path("cell.h5")
    #expect(try Program.engram.run("export", place, "--output", file).status == 0)
    for (variable, unit) in [("x", "m"), ("area", "m^2"), ("parent", ""), ("diameter", "m"), ("length", "m"), ("distance", "m")] {
      let shown = try Program.engram.run("show", "--json", place, "cell.\(variable)").item()
      #expect((shown["values"] as? [Any])?.isEmpty == false, "\(variable) \(unit) \(shown)")
    }
    let parents = try Program.engram.run("show", "--json", place, "cell.parent[:3]").item()
    #expect(parents["values"] as? [Int] == [-1, 0, 1])
  }
}
