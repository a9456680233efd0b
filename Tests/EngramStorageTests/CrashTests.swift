import EngramSystem
import EngramTestSupport
import Testing

@testable import EngramStorage

let isCampaign = getenv("ENGRAM_CAMPAIGN") != nil

// The suite tries a power cut at every operation, kills and errors at a part of them; ENGRAM_CAMPAIGN=1 tries everything.
@Suite("Power cuts, kills and errors at every operation", .slow) struct CrashTests {
  /// Runs a scenario with one fault; nil when the fault was never reached.
  private func run(
    _ scenario: Scenario, _ fault: SimulatedDisk.Fault, configure: (SimulatedDisk) -> Void = { _ in }
  ) throws -> (session: Session, reached: Bool, succeeded: Bool) {
    let disk = SimulatedDisk()
    configure(disk)
    let session = try Session(disk)
    try scenario.prepare(session)
    disk.arm(fault)
    var succeeded = true
    do { try scenario.act(session) } catch { succeeded = false }
    session.directory?.settle()
    let at: Int =
      switch fault {
      case .none: .max
      case .error(let at, _): at
      case .errors(let at, _): at.lowerBound
      case .powerCut(let at): at
      }
    return (session, disk.operationCount > at, succeeded)
  }

  private func operations(_ scenario: Scenario) throws -> Int {
    let (session, _, succeeded) = try run(scenario, .none)
    #expect(succeeded)
    return session.disk.operationCount
  }

  @Test("CKP-13, STO-9: after a power cut at any operation, what was acknowledged is there, the rest is old or new", arguments: Scenario.all)
  func powerCut(scenario: Scenario) throws {
    let count = try operations(scenario)
    #expect(count > 5)
    for operation in 0...count {
      let (session, _, succeeded) = try run(scenario, .powerCut(at: operation))
      for seed in 0..<(isCampaign ? 40 : 1) {
        let survivor = session.disk.afterPowerCut(seed: UInt64(seed * 1000 + operation))
        let found = violations(session, survivor, acted: succeeded, scenario: scenario)
        #expect(found.isEmpty, "cut at \(operation) (\(session.disk.operationNames.last ?? "")), seed \(seed): \(found)")
      }
    }
  }

  @Test("CKP-13: after a kill at any operation the same holds", arguments: Scenario.all)
  func kill(scenario: Scenario) throws {
    for operation in stride(from: scenario.testDescription.utf8.count % 3, to: try operations(scenario), by: isCampaign ? 1 : 3) {
      let (session, _, succeeded) = try run(scenario, .powerCut(at: operation))
      let found = violations(session, session.disk.afterKill(), acted: succeeded, scenario: scenario)
      #expect(found.isEmpty, "killed at \(operation) (\(session.disk.operationNames.last ?? "")): \(found)")
    }
  }

  @Test(
    "CKP-13: what a writer was killed over, and the next one has shown and written down, survives a power cut",
    arguments: [Scenario.secondStore, .overwrite, .branch])
  func afterAKill(scenario: Scenario) throws {
    var options = testOptions(segment: 8192, padding: 512)
    for operation in 0...(try operations(scenario)) {
      let (session, _, _) = try run(scenario, .powerCut(at: operation))
      let disk = session.disk.afterKill()
      options.identity.boot = "second start of the machine"
      let next = try open("/run", system: disk, options: options)
      let shown = try next.list().map(\.id)
      // It writes its journal, which speaks of all checkpoints, and none of its own.
      try next.tag(try #require(shown.first), ["seen"])
      options.identity.boot = "third start of the machine"
      for seed in 0..<(isCampaign ? 40 : 4) {
        let survivor = try open("/run", system: disk.afterPowerCut(seed: UInt64(seed * 1000 + operation)), options: options)
        #expect(try survivor.list().map(\.id) == shown, "killed at \(operation) (\(session.disk.operationNames.last ?? "")), seed \(seed)")
        #expect(survivor.problems.isEmpty, "killed at \(operation), seed \(seed): \(survivor.problems)")
      }
    }
  }

  @Test("CKP-32, ACC-6: an error at any operation leaves everything as it was, no temporaries, and a retry works", arguments: Scenario.all)
  func errors(scenario: Scenario) throws {
    for operation in stride(from: scenario.testDescription.utf8.count % 2, to: try operations(scenario), by: isCampaign ? 1 : 2) {
      for code in isCampaign ? [ENOSPC, EIO] : operation % 4 < 2 ? [ENOSPC] : [EIO] {
        let (session, _, succeeded) = try run(scenario, .error(at: operation, code: code))
        // Files that nobody uses any more are closed by whoever notices first: the number varies by one or two.
        let names = session.disk.operationNames
        guard names.indices.contains(operation) else { continue }
        let name = names[operation]
        if !succeeded {
          let leftovers = session.disk.files().keys.filter { $0.contains("/tmp/") || $0.contains(".partial") }
          // Removing a temporary may itself have been what failed.
          if !name.hasPrefix("remove") { #expect(leftovers.isEmpty, "after an error at \(operation) (\(name))") }
          if session.directory == nil { try? scenario.act(session) }
        }
        // The same process goes on.
        if let directory = session.directory {
          try session.state.advance()
          let image = try session.state.image
          do {
            try directory.commit(session.state.stored, CommitOptions(name: "retry")).wait()
            #expect(try EngramStorageTests.image(of: directory.load("retry")) == image)
          } catch { Issue.record("retry after an error at \(operation) (\(name)): \(error)") }
          session.underWay.append(image)
          directory.close()
        }
        for survivor in [session.disk.afterPowerCut(seed: UInt64(operation))] {
          let found = violations(session, survivor, acted: succeeded, scenario: scenario)
          #expect(found.isEmpty, "after an error at \(operation) (\(name)): \(found)")
        }
      }
    }
  }

  @Test("CKP-13: the harness catches a store that does not flush files", arguments: [Scenario.secondStore, .portable])
  func mutantWithoutFileSync(scenario: Scenario) throws {
    let (session, _, succeeded) = try run(scenario, .none) { $0.ignoresFileSync = true }
    #expect(succeeded)
    let caught = (0..<5).contains { seed in
      !violations(session, session.disk.afterPowerCut(seed: UInt64(seed)), acted: true, scenario: scenario).isEmpty
    }
    #expect(caught)
  }

  @Test("CKP-13: the harness catches a store that does not flush directories", arguments: [Scenario.secondStore, .overwrite, .rename])
  func mutantWithoutDirectorySync(scenario: Scenario) throws {
    let (session, _, succeeded) = try run(scenario, .none) { $0.ignoresDirectorySync = true }
    #expect(succeeded)
    let caught = (0..<20).contains { seed in
      !violations(session, session.disk.afterPowerCut(seed: UInt64(seed)), acted: true, scenario: scenario).isEmpty
    }
    #expect(caught)
  }

  @Test("CKP-32: too little space is found before anything is written")
  func space() throws {
    let session = try Session(SimulatedDisk())
    try session.open()
    try session.state.advance()
    session.disk.freeBytes = 1000
    let before = session.disk.files().keys.sorted()
    let error = #expect(throws: StorageError.self) { _ = try session.directory!.commit(session.state.stored, CommitOptions(name: "a")) }
    guard case .noSpace(_, _, 1000) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Who is about to write says so in the journal first.
    #expect(session.disk.files().keys.filter { !$0.contains("segments") && !$0.contains("/journal") }.sorted() == before)
  }

  @Test("CKP-13: descriptors do not leak, with errors or without")
  func descriptors() throws {
    for operation in stride(from: 0, to: try operations(.secondStore), by: 3) {
      let (session, _, _) = try run(.secondStore, .error(at: operation, code: EIO))
      session.directory!.close()
      session.directory = nil
      // What is left: the segment of the recording, and the directories that it may still need.
      #expect(session.disk.openDescriptorCount <= 6)
    }
  }
}
