internal import EngramModelFiles
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import EngramTransport
internal import Synchronization

/// Processes that `mpirun` or `srun` has started as one program.
///
/// The first one speaks. What the others would say is withheld, and told only where one of them fails alone.
final class Together: Sendable {
  /// Commands that several processes can run as one.
  private static let commands: Set<String> = ["run", "resume"]
  private static let current = Mutex<Together?>(nil)

  /// Of this process, while it runs such a command; nil: it was started alone.
  static var here: Together? { current.withLock { $0 } }

  private let transport: MPITransport
  /// How the processes run a network. For the one thread that runs the command.
  nonisolated(unsafe) private(set) var distribution: Distribution
  /// Whether this process ends where the others may go on. For the same thread.
  nonisolated(unsafe) private var isAlone = false

  /// How many of the processes share the memory of this machine, as far as is known.
  private let countHere: Int

  private init(_ transport: MPITransport, countHere: Int?) {
    self.transport = transport
    self.countHere = countHere ?? 1
    distribution = Distribution(transport)
  }

  var isFirst: Bool { transport.rank == 0 }

  /// Runs a command that simulates: together with the other processes, where there are any.
  ///
  /// - Parameters:
  ///   - fail: tells why nothing is run, and gives the status to exit with.
  ///   - body: runs the command, and gives the status to exit with.
  static func run(_ command: String, _ started: StartedTogether?, fail: (String) -> Int32, _ body: () -> Int32) -> Int32 {
    guard let started else { return body() }
    guard MPITransport.isBuilt, commands.contains(command) else {
      // Once, not once for each process.
      return (started.rank ?? 0) == 0 ? fail(refusal(of: command, started)) : ExitStatus.error
    }
    let transport: MPITransport
    do { transport = try MPITransport() } catch { return fail("\(error)") }
    // A launcher of another kind of MPI than the one built in starts as many processes that are alone each.
    guard transport.size > 1 else {
      let text =
        "\(started.launcher) has started \(started.count) processes, but each of them is alone: the MPI library of this program is another one than that "
        + "of the launcher; start it with the mpirun that belongs to the library, or with srun --mpi=pmix"
      return transport.leave((started.rank ?? 0) == 0 ? fail(text) : ExitStatus.error, isShared: true, told: true) {}
    }
    let together = Together(transport, countHere: started.countHere)
    current.withLock { $0 = together }
    if !together.isFirst { Output.withhold() }
    let status = body()
    let isShared = !together.isAlone && [ExitStatus.fine, ExitStatus.stoppedEarly, ExitStatus.watchdog].contains(status)
    return transport.leave(status, isShared: isShared, told: together.isFirst) {
      let reason = together.isAlone ? "a signal has ended its set-up, and the others did not end with it\n" : ""
      Output.release(behind: "process \(transport.rank) of \(transport.size): \(reason)")
    }
  }

  private static func refusal(of command: String, _ started: StartedTogether) -> String {
    let several = "\(started.launcher) has started engram \(command) as \(started.count) processes"
    guard commands.contains(command) else {
      return "\(several), which would all do the same; start it as one process"
    }
    return
      "\(several), but this program was built without MPI, so each would run the whole network and write to the same directory; "
      + "a program that shares one network among processes is built with swift build -c release --traits MPI, see Documentation/Processes.md; "
      + "for many runs side by side there is engram sweep"
  }

  /// What these processes make of the options of a run.
  func adjust(_ options: inout Experiment.Options) {
    if options.profile { distribution = Distribution(TimedTransport(transport)) }
    options.distribution = distribution
    // The least of all, once each has looked: where one asks late, the others have taken some already, and all are to decide the same.
    options.availableMemory = { [countHere, distribution] in distribution.least(availableMemory() / countHere) }
  }

  /// A signal has ended the set-up of this process. The others may have heard of it later, and wait for this one.
  func endsAlone() { isAlone = true }

  /// What each process has taken so far, to be told before the first step.
  func setUpNote(_ experiment: Experiment, took: Duration) -> String {
    let own = [took.inSeconds, Double(MemoryNeeds(experiment.network).byteCount)]
    let all = distribution.ofAll(own)
    func range(_ place: Int, _ text: (Double) -> String) -> String {
      let numbers = all.map { $0[place] }
      let (least, most) = (text(numbers.min() ?? 0), text(numbers.max() ?? 0))
      return least == most ? most : "\(least) to \(most)"
    }
    let free = experiment.directory.freeByteCount
    return "\(transport.size) processes: each has set up in \(range(0) { "\(shortText($0, digits: 2)) s" }) and has "
      + "\(range(1) { byteText(Int($0)) }) of arrays; the first one records, and writes to '\(experiment.directory.path)'"
      + (free < .max ? ", where \(byteText(Int(clamping: free))) are free" : "")
  }

  /// Opens what one process writes and all others read.
  func open<Place>(writing: () throws -> Place, reading: () throws -> Place) throws -> Place {
    var opened: Place?
    _ = try distribution.onFirst {
      opened = try writing()
      return nil
    }
    return try opened ?? reading()
  }

  /// Has the first process, or the only one, find or do something.
  ///
  /// - Returns: what it says of it, in all of them.
  static func onFirst(_ body: () throws -> Bool) throws -> Bool {
    guard let here else { return try body() }
    return try here.distribution.onFirst { try body() ? "" : nil } != nil
  }

  /// What cannot be done by several processes.
  static func refuse(_ what: String, _ remedy: String) throws {
    guard here != nil else { return }
    throw CommandError("\(what) is not done by several processes; \(remedy)")
  }
}
