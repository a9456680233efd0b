import EngramMagic
import EngramModelFiles
import EngramModels
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// What is said of memory before a network is made.
@Suite("Memory that a model takes") struct MemoryTests {
  private static func model(connect: String, synapses: String = "model: \"w : 1\", on_pre: v_post += w", more: String = "") -> String {
    """
    name: big
    seed: 1
    constants: {half: 0.5, far: 20}
    objects:
      - {kind: NeuronGroup, name: G, N: 400, model: "v : 1\\nx : 1\\nk : integer (constant)", threshold: v > 1, initial: {x: i}}
      - {kind: Synapses, name: S, source: G, \(synapses), connect: \(connect)\(more)}
    run: 0.1 ms

    """
  }

  private func needs(_ text: String) throws -> MemoryNeeds {
    let file = try FileReader.read(Array(text.utf8), fileName: "big.yaml")
    return try #require(try Experiment.check(file, constants: [], files: NoArrayFiles()))
  }

  private func part(_ name: String, _ text: String) throws -> MemoryNeeds.Part { try #require(try needs(text).parts.first { $0.object == name }) }

  @Test(
    "SYN-32: how many synapses there will be is known before one is made, from the numbers or from some of the pairs",
    arguments: [
      ("true", 160_000.0, 0.0), ("{p: 0.25}", 40_000, 0), ("{p: half, n: 3}", 240_000, 0), ("{condition: i != j}", 159_600, 0.02),
      ("{condition: abs(i - j) < far}", 15_220, 0.1), ("{condition: i < 100, p: 0.5}", 20_000, 0.05),
      ("{p: \"0.5*(i < 200)\"}", 40_000, 0.05), ("{condition: j < 200, n: \"1 + i//200\"}", 120_000, 0.05), ("{j: i}", 400, 0),
      ("{j: k for k in range(N_post) if k < 100}", 40_000, 0.1), ("{j: \"k for k in sample(N_post, size=10)\"}", 4000, 0),
      ("{i: \"k for k in sample(N_pre, p=0.1)\"}", 16_000, 0.001), ("{j: \"k for k in range(i - 2, i + 3)\", skip_if_invalid: true}", 1994, 0.1),
      ("{i: [0, 1, 2], j: [3, 4, 5], n: 2}", 6, 0),
    ])
  func counts(connect: String, expected: Double, tolerance: Double) throws {
    let needs = try needs(Self.model(connect: connect))
    let found = Double(try #require(needs.parts.first { $0.object == "S" }?.synapseCount))
    #expect(abs(found - expected) <= tolerance * expected, "\(connect): \(found)")
    #expect(needs.unforeseen.isEmpty)
  }

  @Test("SYN-32: synapses whose number depends on values of the groups are named, and not counted") func unforeseen() throws {
    for connect in ["{condition: x_pre < 10}", "{condition: \"i != j\", p: \"x_post/400\"}", "{j: k for k in range(k_pre)}"] {
      let needs = try needs(Self.model(connect: connect))
      #expect(needs.unforeseen == ["S"] && needs.parts.first { $0.object == "S" }?.synapseCount == 0, "\(connect)")
    }
  }

  @Test("SYN-32: a synapse takes its ends, its variables, the delays that it is given, and its places in tables of deliveries")
  func sizes() throws {
    // i and j of 32 bits, j once more of 16, w of 64.
    #expect(try part("S", Self.model(connect: "true")).byteCount / 160_000 == 18)
    let plastic = "model: \"w : 1\\nda/dt = -a/(20*ms) : 1 (event-driven)\", on_pre: v_post += w, on_post: w += a"
    // With a, the time for which it holds, and the places of synapses in the order of their targets.
    #expect(try part("S", Self.model(connect: "true", synapses: plastic)).byteCount / 160_000 == 18 + 8 + 8 + 4)
    // Delays of 64 bits, their steps, places and pieces.
    let delays = try part("S", Self.model(connect: "true", more: ", initial: {pre.delay: rand()*ms}"))
    #expect(delays.byteCount / 160_000 == 18 + 8 + 12)
    // v and x of 64 bits, k of 32.
    #expect((400 * 20...400 * 32).contains(try part("G", Self.model(connect: "true")).byteCount))
    // Steps make some, too; where they go back, nobody adds up.
    let later = Self.model(connect: "{p: 0}").replacingOccurrences(of: "run: 0.1 ms", with: "run: [{connect: {S: true}}, {run: 0.1 ms}]")
    #expect(try part("S", later).synapseCount == 160_000)
  }

  @Test("MDL-40: a model that takes more memory than there is, is refused before anything is made; more than half of it is said; both can be passed over")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let path = folder["run.engram"].path
    let text = Self.model(connect: "true").replacingOccurrences(of: "N: 400", with: "N: 2500")
    // 6.25 million synapses of 18 bytes.
    let needed = 112_500_000
    let error = #expect(throws: ExperimentError.self) { try execute(text, in: path) { $0.availableMemory = { needed - 1 } } }
    let words = error?.text(for: .modelFile) ?? ""
    #expect(words.contains("about 112.6 MB") && words.contains("S 112.5 MB for 6250000 synapses") && words.contains("112.5 MB are free"), "\(words)")
    #expect(words.contains("--no-memory-check") && error?.description.contains("checksMemory") == true)
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    #expect(try directory.list().isEmpty)
    directory.close()
    let (_, said) = try Messages.capturing { try execute(text, in: path) { $0.availableMemory = { 3 * needed / 2 } } }
    let line = said.first { $0.category == "experiment.memory" }
    #expect(line?.text.contains("about 112.6 MB of memory") == true && line?.text.contains("168.8 MB are free") == true, "\(said)")
    let other = folder["other.engram"].path
    let (_, unsaid) = try Messages.capturing {
      try execute(text, in: other) { ($0.availableMemory, $0.checksMemory) = ({ 1 }, false) }
      try execute(text, in: folder["roomy.engram"].path) { $0.availableMemory = { 3 * needed } }
    }
    #expect(!unsaid.contains { $0.category == "experiment.memory" })
    // What goes on has its arrays in files, and is not kept from it.
    let longer = { (options: inout Experiment.Options) in (options.availableMemory, options.untilSeconds) = ({ needed / 2 }, 3e-4) }
    let (_, told) = try Messages.capturing { try execute(text, in: other, longer) }
    #expect(told.contains { $0.category == "experiment.memory" && $0.text.contains("takes longer") }, "\(told)")
    #expect(throws: ExperimentError.self) {
      try execute(text, in: other) {
        longer(&$0)
        ($0.untilSeconds, $0.storage) = (5e-4, .memory)
      }
    }
  }
}
