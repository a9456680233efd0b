import EngramCheckpoints
import EngramTestSupport
import Foundation
import Testing

private let model = """
  name: lines
  seed: 9
  objects:
    - {kind: NeuronGroup, name: G, N: 5, model: "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1", method: euler, initial: {v: rand()}}
  run:
    - run: 2 ms
    - store: mid
    - run: 2 ms
    - store: end
  checkpoints: {every: {simulated: 0.5 ms, wall: 5 min}, keep: {last: 1, simulated: 1 ms, wall: 1 h}}

  """

@Suite("Going on from a checkpoint that others follow") struct ResumingTests {
  private let folder: TemporaryFolder
  private let directory: String

  init() throws {
    folder = try TemporaryFolder()
    directory = folder.path("lines.engram")
    try model.write(toFile: folder.path("lines.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.engram.run("run", folder.path("lines.yaml"), "--in", directory, "-q").status == 0)
  }

  private func ids() throws -> [String] {
    (try Program.engram.run("ls", directory, "--json").json()["checkpoints"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
  }

  @Test("MDL-69: DIR@NAME begins a line at NAME, says so, and the same command goes on with that line instead of beginning another")
  func once() throws {
    let end = try Program.engram.run("digest", "\(directory)@end").output
    let first = try Program.engram.run("resume", "\(directory)@mid", "--until", "3ms")
    #expect(first.status == 0 && first.errors.contains("the line 'mid-resumed' begins at 'mid'"), "\(first.errors)")
    #expect(first.output.contains("reached t = 0.003 s"), "\(first.output)")
    let before = try ids()
    // The line is there, and nothing is left to do up to 3 ms.
    let again = try Program.engram.run("resume", "\(directory)@mid", "--until", "3ms")
    #expect(again.output.contains("nothing to do") && again.errors.contains("engram branch \(directory)@mid"), "\(again.errors)")
    #expect(try ids() == before)
    // On to the end of the steps, whose last one stores `end` again: the same state.
    #expect(try Program.engram.run("resume", "\(directory)@mid", "-q").status == 0)
    #expect(try Program.engram.run("digest", directory).output == end)
    let tree = try Program.engram.run("log", directory).output
    #expect(tree.contains("mid-resumed"))
  }

  @Test("MDL-69: nothing to do begins no line; the newest checkpoint goes on in its own; a branch goes on from where it is") func others() throws {
    let before = try ids()
    #expect(try Program.engram.run("resume", "\(directory)@mid", "--until", "1ms").output.contains("nothing to do"))
    #expect(try Program.engram.run("resume", "\(directory)@end").output.contains("nothing to do"))
    #expect(try ids() == before)
    #expect(try Program.engram.run("branch", "\(directory)@mid", "trial").status == 0)
    for (until, words) in [("3ms", "reached"), ("3ms", "nothing to do"), ("3.5ms", "reached")] {
      let outcome = try Program.engram.run("resume", "\(directory)@trial", "--until", until)
      #expect(outcome.status == 0 && outcome.output.contains(words), "\(outcome.output)")
    }
    #expect(try Program.engram.run("ls", directory).output.contains("-resumed") == false)
  }

  @Test("CKP-19: a model file keeps the newest and one per period; the command line replaces that; gc without options keeps every checkpoint")
  func keeping() throws {
    func times(_ path: String) throws -> [Double] {
      let all = try #require(try Program.engram.run("ls", path, "--json").json()["checkpoints"] as? [[String: Any]])
      return all.filter { $0["kind"] as? String == "automatic" }.compactMap { $0["t"] as? Double }.map { ($0 * 1e4).rounded() / 10 }
    }
    let other = folder.path("other.engram")
    #expect(
      try Program.engram.run(
        "run", folder.path("lines.yaml"), "--in", other, "-q", "--keep", "20", "--keep-per", "wall:1h", "--checkpoint-every", "wall:5min", "--checkpoint-every",
        "0.5ms"
      )
      .status == 0)
    let all = try times(other)
    #expect(all.count > 5)
    // The first of every millisecond, and the newest.
    let first = Dictionary(all.map { ($0.rounded(.down), $0) }) { first, _ in first }.values
    #expect(try times(directory) == Set(first + all.suffix(1)).sorted(), "the first of the hour is among them")
    #expect(try Program.engram.run("gc", other).status == 0)
    #expect(try times(other) == all)
    #expect(try Program.engram.run("gc", other, "--keep", "1", "--keep-per", "2ms").output.contains("removed"))
    #expect(try times(other).count < all.count)
    for name in ["initial", "mid", "end"] { #expect(try Program.engram.run("digest", "\(other)@\(name)").status == 0) }
    #expect(try Program.engram.run("verify", other).status == 0)
    #expect(try Program.engram.run("gc", other, "--keep-per", "0s").status == 64)
  }

  @Test("MDL-69, CKP-20: 'resume' finishes the run of a Swift program that was killed, to its digest; at an earlier checkpoint it begins a line once")
  func program() throws {
    let killed = folder.path("killed.engram")
    let process = try Program.balancedNetwork.start([killed])
    for _ in 0..<4000 where !FileManager.default.fileExists(atPath: "\(killed)/checkpoints/ck-3.manifest") { usleep(5_000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try #require(process.terminationReason == .uncaughtSignal)
    // What the program would have had half-way, where it stores `warm`, is what is left of its run.
    #expect(try Program.engram.run("resume", killed, "--json").json()["outcome"] as? String == "reachedEnd")
    #expect(try Program.engram.run("resume", killed).output.contains("nothing to do"))
    let warm = try Program.engram.run("digest", killed).output
    let line = try Program.engram.run("resume", "\(killed)@initial", "--for", "5ms")
    #expect(line.status == 0 && line.errors.contains("the line 'initial-resumed' begins at 'initial'"), "\(line.errors)")
    let count = try Program.engram.run("ls", killed).lines.count
    #expect(try Program.engram.run("resume", "\(killed)@initial", "--for", "5ms").output.contains("nothing to do"))
    #expect(try Program.engram.run("ls", killed).lines.count == count)
    // The line is run to the half-way mark too: the same state, by another way and without the program.
    #expect(try Program.engram.run("resume", "\(killed)@initial", "--until", "500ms").status == 0)
    #expect(try Program.engram.run("digest", killed).output == warm)
  }
}
