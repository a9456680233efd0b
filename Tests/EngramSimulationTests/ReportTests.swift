import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramScalars
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

@testable import EngramSimulation

@Suite("Reports and summaries") struct ReportTests {
  @Test("NET-35: kinds of reports by name; unknown ones are errors") func kinds() throws {
    for name in ["text", "stdout", "stderr"] { _ = try ProgressReport(named: name) }
    #expect(throws: NetworkError.unknownReport("loud")) { try ProgressReport(named: "loud") }
  }

  @Test("NET-36: told at the beginning, at least every period, and at the end; once more for duration 0") func callback() throws {
    try withScope {
      var told: [RunProgress] = []
      let network = try Network(try Probe())
      try network.run(2 * ms, report: .callback { told.append($0) }, reportPeriod: .nanoseconds(1))
      #expect(told.first?.completedFraction == 0 && told.last?.completedFraction == 1)
      #expect(told.count >= 21)
      #expect(zip(told, told.dropFirst()).allSatisfy { $0.completedFraction <= $1.completedFraction && $0.elapsed <= $1.elapsed })
      #expect(told.allSatisfy { $0.duration.si == 0.002 && $0.start.si == 0 })
      told = []
      try network.run(0 * ms, report: .callback { told.append($0) })
      #expect(told.map(\.completedFraction) == [0, 1])
    }
  }

  @Test("NET-37: wall times", arguments: [(0.4, "< 1s"), (59.9, "59s"), (123, "2m 3s"), (12345, "3h 25m 45s"), (100_000, "1d 3h 46m 40s"), (3600, "1h 0m 0s")])
  func wallTimes(seconds: Double, text: String) { #expect(TextReport.text(.seconds(seconds)) == text) }

  @Test("NET-37: the lines of a text report") func lines() throws {
    final class Sink: TextOutputStream {
      var text = ""
      func write(_ string: String) { text += string }
    }
    try withScope {
      let sink = Sink()
      let network = try Network(try Probe())
      try network.run(1 * ms, report: .stream(sink))
      let lines = sink.text.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0].hasPrefix("Starting simulation at t=0"))
      #expect(lines[1].contains("(0%) simulated in < 1s"))
      #expect(lines[2].contains("(100%) simulated in < 1s") && !lines[2].contains("remaining"))
    }
    let progress = RunProgress(elapsed: .seconds(20), completedFraction: 0.259, start: Time(si: 0), duration: Time(si: 1))
    #expect(TextReport().line(progress, isFirst: false)?.hasSuffix("(25%) simulated in 20s, estimated 57s remaining") == true)
  }

  @Test("NET-37: an own reporter words the lines it likes; the rest are the standard ones") func ownLines() throws {
    struct Terse: TextReporter {
      func header(_ progress: RunProgress) -> String? { nil }
      func line(_ progress: RunProgress, isFirst: Bool) -> String? { isFirst ? nil : "at \(progress.completedFraction)" }
    }
    struct Plain: TextReporter {}
    try withScope {
      let network = try Network(try Probe())
      var text = ""
      try network.run(1 * ms, report: .lines(Terse(), write: { text += $0 }))
      #expect(text == "at 1.0\n")
      text = ""
      try network.run(1 * ms, report: .lines(Plain(), write: { text += $0 }))
      #expect(text.hasPrefix("Starting simulation at t=1") && text.contains(" for duration 1") && text.contains("(100%) simulated in < 1s\n"))
    }
    let progress = RunProgress(elapsed: .seconds(30), completedFraction: 0.25, start: Time(si: 0), duration: Time(si: 1))
    #expect(progress.estimatedRemaining == .seconds(90))
  }

  @Test("NET-35: a run as a sequence of progress values; leaving the loop early stops at a step boundary") func stream() async throws {
    try await withScope {
      let probe = try Probe()
      let network = try Network(probe)
      var fractions: [Double] = []
      for try await progress in network.runStream(1 * ms) { fractions.append(progress.completedFraction) }
      #expect(fractions.first == 0 && fractions.last == 1)
      #expect(network.t.si == 0.001)
      for try await _ in network.runStream(Time(si: 1000), reportPeriod: .milliseconds(1)) { if probe.log.count > 50 { break } }
      #expect(network.hasUnfinishedRun)
      let steps = probe.log.count { $0 == "run" }
      #expect(abs(network.t.si - Double(steps) * 1e-4) < 1e-12)
      _ = try await network.run(0.1 * ms)
    }
  }

  @Test("NET-38, NET-39: wall time per object, only if asked for") func profiling() throws {
    try withScope {
      let slow = try Probe(name: "slow") {
        var x = 0.0; for k in 0..<20_000 { x += Double(k) }; #expect(x > 0)
      }
      let network = try Network(slow, try Probe(name: "fast"))
      #expect(throws: NetworkError.noProfile) { try network.profilingInfo }
      try network.run(1 * ms, profile: true)
      #expect(try network.profilingInfo.map(\.name) == ["slow", "fast"])
      let summary = try network.profilingSummary(show: 1)
      #expect(summary.entries.count == 1)
      #expect(summary.description.contains("slow") && summary.description.contains(" ms") && summary.description.contains("%"))
      #expect(summary.htmlDescription.contains("<td>slow</td>"))
      try network.run(1 * ms)
      #expect(throws: NetworkError.noProfile) { try network.profilingSummary() }
    }
    #expect(["12.35", "12.34"].contains(fixedText(12.345, decimals: 2)))
    #expect(fixedText(0.005, decimals: 1) == "0.0" && fixedText(-1.5, decimals: 2) == "-1.50")
    let long = ProfilingSummary([.init(name: "a", time: .seconds(3)), .init(name: "bcd", time: .seconds(1))], show: nil)
    #expect(long.description.contains("a    3.00 s  75.00 %"))
    #expect(ProfilingSummary([], show: nil).description.contains("0.00 %"))
  }

  @Test("NET-38: a profile adds up all steps, the first ones too") func profileOfAllSteps() throws {
    try withScope {
      var calls = 0
      let probe = try Probe(name: "slow") {
        calls += 1
        let begun = ContinuousClock.now
        if calls == 1 { while ContinuousClock.now - begun < .milliseconds(5) {} }
      }
      let network = try Network(probe)
      try network.run(1 * ms, profile: true)
      #expect(calls == 10)
      #expect(try network.profilingInfo.allSatisfy { $0.time >= .milliseconds(5) })
    }
  }

  @Test("NET-36: between two reports lies a period, whatever the number of steps") func periods() throws {
    try withScope {
      let run = PreparedRun(network: try Network(), objects: [], clocks: [], startSeconds: 0, durationSeconds: 1, profile: nil)
      var count = 0
      let reporter = Reporter(period: .seconds(10)) { _ in count += 1 }
      reporter.begin(run)
      let begun = ContinuousClock.now
      // (seconds after the beginning, reports by then)
      for (seconds, expected) in [(1.0, 1), (10, 2), (10.5, 2), (19, 2), (20, 3), (20.001, 3), (45, 4), (54, 4), (55, 5)] {
        reporter.observe(seconds: 0, wall: begun + .seconds(seconds), run: run)
        #expect(count == expected, "after \(seconds) s")
      }
    }
  }

  @Test("NET-40: the scheduling summary in order of execution") func scheduling() throws {
    try withScope {
      let whole = try Probe(name: "whole")
      let part = try Probe(dt: 0.3 * ms, when: .end, order: -1, name: "part")
      whole.addContained(part)
      part.isActive = false
      let network = try Network(whole, try Probe(name: "other"))
      let entries = network.schedulingSummary.entries
      #expect(entries.map(\.name) == ["other", "part"])
      #expect(entries[1].owner == "whole" && entries[1].everySteps == 3 && entries[1].order == -1 && !entries[1].isActive)
      #expect(entries[0].slot == .start && entries[0].everySteps == 1 && entries[0].type == "Probe")
      #expect(network.schedulingSummary.description.contains("every 3 steps"))
      #expect(network.schedulingSummary.htmlDescription.contains("<td>part</td>"))
    }
  }
}

@Suite("Messages") struct MessageTests {
  @Test("LOG-1: levels in order, by name") func levels() {
    #expect(MessageLevel.allCases.sorted() == [.diagnostic, .debug, .info, .warning, .error, .critical])
    #expect(MessageLevel(named: "WARNING") == .warning && MessageLevel(named: "loud") == nil)
    #expect(prefs[.consoleLogLevel] == "INFO" && prefs[.fileLogLevel] == "DEBUG" && prefs[.fileLogMaxSize] > 0)
  }

  @Test("LOG-2: categories can be suppressed with those below them, per scope") func suppression() {
    let messages = Messages.capturing {
      withScope {
        Messages.suppress("a.b")
        Messages.emit(.warning, "a.b", "1")
        Messages.emit(.warning, "a.b.c", "2")
        Messages.emit(.warning, "a.bc", "3")
        Messages.unsuppress("a.b")
        Messages.emit(.warning, "a.b", "4")
      }
      withScope { Messages.emit(.info, "a.b", "5") }
    }.messages
    #expect(messages.map(\.text) == ["3", "4", "5"])
  }

  /// What messages of one kind leave in a log file of so many bytes, and in the one before it.
  private func logged(limit: Int, _ emit: () -> Void) throws -> (now: String, before: String) {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try prefs.with(.fileLog, path) { try prefs.with(.fileLogMaxSize, limit) { emit() } }
    func text(_ name: String) -> String { (try? String(contentsOfFile: name, encoding: .utf8)) ?? "" }
    return (text(path), text(path + ".1"))
  }

  @Test("LOG-1: a log file that would exceed its limit is put aside, the one that was there before goes, and no line is torn") func limit() throws {
    let (now, before) = try logged(limit: 300) {
      for number in 0..<7 { Messages.emit(.debug, "log.limit", "\(number) " + String(repeating: "x", count: 90)) }
    }
    let lines = (0..<7).map { "DEBUG log.limit: \($0) " + String(repeating: "x", count: 90) + "\n" }
    // Two of them fit.
    #expect(now == lines[6] && before == lines[4] + lines[5])
  }

  @Test("LOG-3: a message that is meant once is told once by the process, another text of its category all the same") func once() throws {
    let number = UUID().uuidString
    let (now, _) = try logged(limit: 10_000) {
      for _ in 0..<3 { Messages.emit(.debug, "log.once", number, once: true) }
      Messages.emit(.debug, "log.once", number + " too", once: true)
      for _ in 0..<2 { Messages.emit(.debug, "log.once", "again") }
    }
    #expect(now == "DEBUG log.once: \(number)\nDEBUG log.once: \(number) too\nDEBUG log.once: again\nDEBUG log.once: again\n")
  }

  @Test("LOG-3: tests can capture category, level and text; captured ones appear however often") func capture() {
    let (result, messages) = Messages.capturing {
      for _ in 0..<2 { Messages.emit(.error, "x.y", "text", once: true) }
      return 3
    }
    #expect(result == 3)
    #expect(messages == Array(repeating: Message(level: .error, category: "x.y", text: "text"), count: 2))
    #expect("\(messages[0])" == "ERROR x.y: text")
  }
}
