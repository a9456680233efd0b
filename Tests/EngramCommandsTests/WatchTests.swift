import EngramTestSupport
import Foundation
import Testing

@Suite("Watchdogs") struct WatchTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Element `i` obeys v' = v²/τ from 1 + i/10 on, which is infinite in the end, the greatest first.
  private let growth = """
    name: growth
    seed: 5
    dt: 0.1 ms
    checkpoints: {every: 0.7 ms}
    objects:
      - {kind: NeuronGroup, name: G, N: 10, model: "dv/dt = v**2/(1*ms) : 1\\nn : 1", method: euler, initial: {v: 1 + i/10}}
      - {kind: NeuronGroup, name: H, N: 5, model: "dx/dt = -x/(10*ms) + 0.1*volt*xi*(10*ms)**-0.5 : volt", method: euler}
      - {kind: StateMonitor, name: trace, source: H, variables: x, record: true}
    run: 20 ms
    """

  private func file(_ text: String, _ name: String = "model.yaml") throws -> String {
    try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    return folder.path(name)
  }

  /// Steps that leave only values for which it holds, of an element that begins with `start`.
  private func steps(from start: Double, while isFine: (Double) -> Bool) -> Int {
    var (value, count) = (start, 0)
    while true {
      let next = value + 0.1 * (value * value)
      guard isFine(next) else { return count }
      (value, count) = (next, count + 1)
    }
  }

  private func digest(_ place: String) throws -> String { try Program.engram.run("digest", place).output }

  /// The digest of a run of the file that nobody watches, where it has come to that time.
  private func digest(of file: String, until time: String) throws -> String {
    let place = folder.path("plain-\(UUID().uuidString)")
    #expect(try Program.engram.run("run", file, "--in", place, "--until", time, "--no-watch", "-q").status == 0)
    return try digest(place)
  }

  @Test(
    "NET-30, CKP-29: a value that is no number ends the run with status 76; variable, element and time are told; the state before that step is stored, bit for bit"
  )
  func notFinite() throws {
    let model = try file(growth)
    let place = folder.path("watched")
    let outcome = try Program.engram.run("run", model, "--in", place, "--watch-nan", "--json")
    let count = steps(from: 1.9, while: \.isFinite)
    let first = try #require((0..<10).first { steps(from: 1 + Double($0) / 10, while: \.isFinite) == count })
    let told = try outcome.json()
    #expect(outcome.status == 76 && told["status"] as? Int == 76 && told["outcome"] as? String == "watchdog", "\(outcome.errors)")
    let watchdog = try #require(told["watchdog"] as? [String: Any])
    #expect(watchdog["variable"] as? String == "G.v" && watchdog["element"] as? Int == first && watchdog["value"] as? String == "inf")
    let time = try #require(told["checkpoint_t"] as? Double)
    #expect(abs(time - Double(count) * 1e-4) < 1e-12 && watchdog["t"] as? Double == time)
    #expect(outcome.errors.contains("'G.v[\(first)]' inf") && outcome.errors.contains("engram show"), "\(outcome.errors)")
    let values = try #require(try Program.engram.run("show", "\(place)@latest", "G.v", "--json").item()["values"] as? [Double])
    #expect(values.count == 10 && values.allSatisfy(\.isFinite))
    #expect(try digest(place) == digest(of: model, until: "\(time)s"))
    #expect(try Program.engram.run("ls", place).output.contains("#watchdog"))
    #expect(try Program.engram.run("status", place, "--json").output.contains("G.v[\(first)]"))
    // It ends there again, at once, and goes on where nobody watches.
    #expect(try Program.engram.run("run", model, "--in", place, "--watch-nan", "-q").status == 76)
    #expect(try digest(place) == digest(of: model, until: "\(time)s"))
    #expect(try Program.engram.run("run", model, "--in", place, "-q").status == 0)
    #expect(try digest(place) == digest(of: model, until: "20ms"))
  }

  @Test("NET-30, CKP-29: a value that is NaN, in single precision as well", arguments: ["float64", "float32"]) func notANumber(type: String) throws {
    // The root of a negative number, in the step at 1.1 ms.
    let model = try file(
      """
      name: roots
      dtype: \(type)
      objects:
        - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = sqrt(1.05 - t/ms)/ms : 1", method: euler}
      run: 5 ms
      """)
    let outcome = try Program.engram.run("run", model, "--in", folder.path("watched"), "--watch-nan", "--json")
    let watchdog = try #require(try outcome.json()["watchdog"] as? [String: Any])
    #expect(outcome.status == 76 && watchdog["value"] as? String == "nan" && watchdog["element"] as? Int == 0)
    #expect(abs((watchdog["t"] as? Double ?? 0) - 1.1e-3) < 1e-12)
    #expect(try digest(folder.path("watched")) == digest(of: model, until: "1.1ms"))
  }

  @Test("NET-30, CKP-29: watching changes no bit of a run that nothing ends") func sameBits() throws {
    let model = try file(growth)
    let place = folder.path("watched")
    let outcome = try Program.engram.run(
      "run", model, "--in", place, "--until", "1ms", "--watch-nan", "--watch-bounds", "H.x=-5V:5V", "--watch-disk", "1kB", "-q")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try digest(place) == digest(of: model, until: "1ms"))
  }

  @Test("NET-30, CKP-29: bounds of a model file, after steps of its list: what is set, added and repeated is done again on the way to the state before")
  func listOfSteps() throws {
    let model = try file(
      """
      name: listed
      seed: 8
      constants: {top: 2.5}
      watch: {bounds: {G.v: {to: top}, H.x: [-1 V, 1 V]}}
      checkpoints: {every: {wall: 1 h}}
      objects:
        - {kind: NeuronGroup, name: G, N: 4, model: "dv/dt = drive/(1*ms) + 0.1*xi*(1*ms)**-0.5 : 1\\ndrive : 1", method: euler}
      run:
        - run: 1 ms
        - set: {G.drive: "0.1*rand()"}
        - add: [{kind: NeuronGroup, name: H, N: 3, model: "dx/dt = -x/(10*ms) : volt", method: exact, initial: {x: 0.5*volt}}]
        - repeat:
            count: 5
            as: k
            steps:
              - set: {G.drive: "drive + 0.2*k*rand()"}
              - run: 1 ms
        - set: {G.v: 0}
        - run: 10 ms
      """)
    let place = folder.path("watched")
    let outcome = try Program.engram.run("run", model, "--in", place, "--json")
    #expect(outcome.status == 76, "\(outcome.output)\(outcome.errors)")
    let told = try outcome.json()
    let time = try #require(told["checkpoint_t"] as? Double)
    #expect(time > 3e-3)
    let values = try #require(try Program.engram.run("show", "\(place)@latest", "G.v", "--json").item()["values"] as? [Double])
    let bad = try #require((told["watchdog"] as? [String: Any])?["value"] as? Double)
    #expect(values.allSatisfy { $0 <= 2.5 } && bad > 2.5)
    #expect(try digest(place) == digest(of: model, until: "\(time)s"))
  }

  @Test("NET-30, CKP-29: a rate above its bound, counted in windows from time 0 on") func rate() throws {
    let model = try file(
      """
      name: rates
      seed: 1
      checkpoints: {every: 3 ms}
      objects:
        - {kind: NeuronGroup, name: G, N: 2, model: "dv/dt = 1/(10*ms) : 1", threshold: v > 0.995, reset: v = 0, method: exact}
        - {kind: SpikeMonitor, name: spikes, source: G}
      run: 1 s
      """)
    #expect(try Program.engram.run("run", model, "--in", folder.path("calm"), "--watch-rate", "G=101Hz", "-q").status == 0)
    // 50 Hz for two elements in 100 ms are 10 spikes; each spikes every 10 ms, so the sixth time is too much.
    let place = folder.path("watched")
    let outcome = try Program.engram.run("run", model, "--in", place, "--watch-rate", "G=50Hz", "--json")
    #expect(outcome.status == 76, "\(outcome.errors)")
    let spikes = try #require(try Program.engram.run("show", folder.path("calm"), "spikes.t", "--json").item()["values"] as? [Double])
    let time = try #require(try outcome.json()["checkpoint_t"] as? Double)
    #expect(abs(time - spikes[10]) < 1e-12, "\(time) \(spikes[10])")
    #expect(try digest(place) == digest(of: model, until: "\(time)s"))
  }

  @Test("NET-30, CKP-29: a disk with less room than was asked for ends the run with a checkpoint of where it is") func space() throws {
    let model = try file(growth)
    let place = folder.path("watched")
    let outcome = try Program.engram.run("run", model, "--in", place, "--watch-disk", "4000000TB", "--json")
    #expect(outcome.status == 76, "\(outcome.errors)")
    #expect((try outcome.json()["watchdog"] as? [String: Any])?["kind"] as? String == "disk")
    #expect(try Program.engram.run("run", model, "--in", place, "--until", "2ms", "-q").status == 0)
    #expect(try digest(place) == digest(of: model, until: "2ms"))
  }

  @Test(
    "NET-30, CKP-29: what cannot be watched is told before anything runs, at its place",
    arguments: [
      ("bounds: {K.v: [0, 1]}", "there is no object 'K'"), ("bounds: {G.w: [0, 1]}", "no variable 'w'"), ("bounds: {H.x: [0 ms, 1 ms]}", "should be in volt"),
      ("bounds: {G.v: [1, 0]}", "leave no value"), ("bounds: {G.v: 3}", "are two values"), ("rate: {G: 200 Hz}", "has no spikes"),
      ("rate: {G: 200 mV}", "200. mV"), ("disk: much", "is a number of bytes"), ("nan: [G]", "written as 'G.v'"), ("nun: true", "did you mean 'nan'"),
    ])
  func mistakes(part: String, words: String) throws {
    let place = folder.path("none")
    let outcome = try Program.engram.run("run", file("watch:\n  \(part)\n" + growth), "--in", place)
    #expect(outcome.status == 1 && outcome.errors.contains(words) && outcome.errors.contains("model.yaml:2:"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: place))
  }

  @Test("NET-30, CKP-29: the same of the command line; a watch is no part of the model") func commandLine() throws {
    let model = try file(growth)
    for (option, words) in [
      ("--watch-bounds=G.v=0V:1V", "should be in"), ("--watch-bounds=G.u=0:1", "no variable 'u'"), ("--watch-rate=Q=3Hz", "no object 'Q'"),
      ("--watch-disk=x", "is a number of bytes"),
    ] {
      let outcome = try Program.engram.run("run", model, "--in", folder.path("none"), option)
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(try Program.engram.run("run", model, "--watch-bounds", "G.v").status == 64)
    let place = folder.path("r")
    #expect(try Program.engram.run("run", model, "--in", place, "--until", "1ms", "-q").status == 0)
    let watched = try file("watch: {nan: true}\n" + growth, "watched.yaml")
    #expect(try Program.engram.run("run", watched, "--in", place, "-q").status == 76)
    let explained = try Program.engram.run("explain", watched).output
    #expect(explained.contains("watch:\n  nan: true"), "\(explained)")
    // The stored file has it now, and a sweep takes the options to its runs.
    #expect(try Program.engram.run("resume", place, "-q").status == 76)
    #expect(try Program.engram.run("resume", place, "--no-watch", "-q").status == 0)
    let sweep = try Program.engram.run("sweep", model, "--over", "seed=1,2", "--in", folder.path("s"), "--watch-nan", "-q")
    #expect(sweep.status == 1 && sweep.errors.contains("made 'G.v["), "\(sweep.errors)")
  }

  @Test("NET-30, CKP-29: a run of a program that is resumed, bitten in its very first step: that is the state it began with") func program() throws {
    let run = try SmallRun()
    let late = try digest("\(run.directory)@late")
    let outcome = try Program.engram.run("resume", run.directory, "--until", "30ms", "--watch-bounds", "P.v=:1mV", "--json")
    #expect(outcome.status == 76, "\(outcome.errors)")
    let told = try outcome.json()
    #expect((told["watchdog"] as? [String: Any])?["variable"] as? String == "P.v" && told["checkpoint"] as? String != nil)
    #expect(abs((told["checkpoint_t"] as? Double ?? 0) - 0.02) < 1e-12)
    #expect(try Program.engram.run("diff", "\(run.directory)@late", "\(run.directory)@latest").output.contains("P.v") == false)
    #expect(try Program.engram.run("ls", run.directory).output.contains("#watchdog"))
    #expect(try digest("\(run.directory)@late") == late)
    let unknown = try Program.engram.run("resume", run.directory, "--until", "30ms", "--watch-bounds", "Q.v=:1mV")
    #expect(unknown.status == 1 && unknown.errors.contains("no object 'Q'"), "\(unknown.errors)")
    #expect(try Program.engram.run("resume", run.directory, "--until", "30ms", "-q").status == 0)
  }

  @Test("NET-30: the sample of the page is what it says it is") func page() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "Documentation/ModelFiles.md"), encoding: .utf8)
    let start = try #require(text.range(of: "```yaml\nwatch:"))
    let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
    let sample = "watch:" + text[start.upperBound..<end.lowerBound]
    #expect(sample.contains("disk: 5 GB"))
    let model = try file(
      sample.replacingOccurrences(of: "5 GB", with: "1 kB") + """
        name: sample
        seed: 1
        objects:
          - kind: NeuronGroup
            name: G
            N: 4
            model: "dv/dt = (-60*mV - v)/(10*ms) : volt\\nge : siemens"
            threshold: v > 0*mV
            reset: v = -60*mV
            method: exact
            initial: {v: -70*mV}
        run:
          - run: 1 ms
          - set: {G.ge: -1*nS}
          - run: 1 ms
        """)
    let outcome = try Program.engram.run("run", model, "--in", folder.path("r"), "--json")
    let watchdog = try outcome.json()["watchdog"] as? [String: Any]
    #expect(outcome.status == 76 && watchdog?["variable"] as? String == "G.ge", "\(outcome.errors)")
    #expect(abs((watchdog?["t"] as? Double ?? 0) - 1e-3) < 1e-12)
  }
}
