import Engram
import EngramTestSupport
import Foundation
import Testing

/// What the compiler and the program say to somebody who writes Swift.
@Suite("Ergonomics of Swift programs") struct ErgonomicsTests {
  private static func problems(of code: String) throws -> String {
    try DocumentationExampleTests.problems(of: [.init(file: "sample.swift", line: 1, code: code.split(separator: "\n"))])
  }

  @Test(
    "VAR-24: the compiler answers an assignment with '=' with the right spelling",
    .enabled(if: DocumentationExampleTests.modules != nil, "set ENGRAM_MODULES to the folder of the built modules"),
    arguments: ["G.v = -70*mV", "G.v = [10*mV, 20*mV]", "G.v = 3", "S.w = 0.5", "G.v = P.rates", "let v: Double = G.v; print(v)"])
  func setter(line: String) throws {
    let said = try Self.problems(of: line)
    #expect(said.contains("values are assigned with 'try G.v <- value', since an assignment can fail; they are read with 'try G.v.values'"), "\(said)")
    #expect(!said.contains("change 'let' to 'var'"), "\(said)")
  }

  @Test(
    "VAR-24: the same for a text", .enabled(if: DocumentationExampleTests.modules != nil, "set ENGRAM_MODULES to the folder of the built modules"))
  func textSetter() throws {
    let said = try Self.problems(of: #"G.v = "rand()*mV""#)
    #expect(said.contains(#"values are assigned with 'try G.v <- "text"', since an assignment can fail"#), "\(said)")
  }

  @Test(
    "VAR-24: reading and assigning as it should be compiles; a number, a count and a time are read without try",
    .enabled(if: DocumentationExampleTests.modules != nil, "set ENGRAM_MODULES to the folder of the built modules"))
  func accepted() throws {
    let said = try Self.problems(
      of: """
        try G.v <- -70*mV
        try G.v <- [10*mV, 20*mV]
        try G.v[0..<2] <- [10*mV, 20*mV]
        try G.v += 1*mV
        try G.v <- G.v
        try G.v <- "rand()*mV"
        let first = G.v[0]
        let all = try G.v.values
        let sum = try 2 * G.v + 1 * mV
        print(first, all, sum, G.N, network.t, spikes.total, spikes.counts, S.synapseCount)
        """)
    #expect(said.isEmpty, "\(said)")
  }

  @Test("VAR-24: arrays of quantities are assigned") func quantities() throws {
    try withScope {
      let G = try NeuronGroup(2, "v : volt")
      try G.v <- [10 * mV, 20 * mV]
      #expect(try G.v.values == [0.01, 0.02])
      #expect(throws: (any Error).self) { try G.v <- [10 * ms, 20 * ms] }
      #expect(try G.v.values == [0.01, 0.02])
    }
  }

  @Test("A program inside Engram.main tells an error as a sentence, without registers, and ends with status 1") func failing() throws {
    let folder = try TemporaryFolder()
    try "no directory".write(to: folder["file"], atomically: true, encoding: .utf8)
    let outcome = try Program.balancedNetwork.run([folder.path("file")])
    #expect(outcome.status == 1 && outcome.errors.hasPrefix("error: "), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count <= 2 && !outcome.errors.contains("rax") && !outcome.errors.contains("Fatal"), "\(outcome.errors)")
  }

  @Test("Where nothing fails Engram.main returns, also from what waits") func returning() async {
    var calls = 0
    Engram.main { calls += 1 }
    await Engram.main {
      await Task.yield()
      calls += 1
    }
    #expect(calls == 2)
  }
}
