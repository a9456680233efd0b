internal import ArgumentParser
internal import EngramScalars
internal import EngramSimulation
internal import EngramSystem
internal import Foundation

/// `engram bench`: the standard workloads on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time the standard workloads on this machine.",
    discussion: """
      Each run is a process of its own with a run directory that is removed afterwards. Of several repetitions the shortest counts. The \
      digest is the same on every machine, with any number of threads and either kind of kernels; another one means another result.
      \(Workload.all.map { "\($0.name): \($0.about)" }.joined(separator: "\n"))
      """)

  @Argument(help: "The workloads; without any, all.") var names: [String] = []
  @Option(help: "How many neurons each has, in place of its own number.") var neurons: Int?
  @Option(name: .customLong("for"), help: ArgumentHelp("How long each is simulated, in place of its own time.", valueName: "time")) var duration: String?
  @Option(help: "How often each runs.") var repetitions = 3
  @Option(help: "Worker threads of each run.") var threads = 1
  @Option(help: "How model code runs.") var kernels = KernelMode.automatic
  @Option(name: .customLong("in"), help: "Where the run directories are made; without it where temporary files go.", completion: .directory)
  var directory: String?
  @Flag(help: "Print the model file of one workload, and run nothing.") var show = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    for name in names where Workload.named(name) == nil {
      let all = Workload.all.map(\.name)
      throw ValidationError(
        "there is no workload '\(name)'\(nearest(name, in: all).map { "; did you mean '\($0)'?" } ?? ""); there are \(all.joined(separator: ", "))")
    }
    if let neurons, !(10...100_000_000).contains(neurons) { throw ValidationError("--neurons is from 10 to 100000000, found \(neurons)") }
    guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions is from 1 to 1000, found \(repetitions)") }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads is from 1 to 1024, found \(threads)") }
    if show, names.count != 1 { throw ValidationError("--show takes one workload") }
    _ = try seconds
  }

  /// Simulated time, where another one is wanted than each workload's own.
  private var seconds: Double? {
    get throws {
      guard let duration else { return nil }
      let seconds = try ExtentOptions.seconds(duration, "--for")
      guard seconds > 0 else { throw ValidationError("--for takes a time above 0, found \(duration)") }
      return seconds
    }
  }
  private var workloads: [Workload] { names.isEmpty ? Workload.all : names.compactMap(Workload.named) }

  func run() throws {
    if show {
      for workload in workloads { try Output.standard.write(sized(workload).text) }
      return
    }
    guard let program = ProcessFacts.program else { throw CommandError("this system does not tell where the program lies; use engram run") }
    let folder = URL(fileURLWithPath: directory ?? FileManager.default.temporaryDirectory.path).appending(path: "engram-bench-\(UUID().uuidString)")
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw CommandError("cannot make a folder in '\(folder.deletingLastPathComponent().path)': \(error.localizedDescription)")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    var results: [BenchResult] = []
    if !json.isOn { try Output.standard.line(BenchResult.heading) }
    for workload in workloads {
      let result = try measure(workload, BenchRunner(program: program, folder: folder))
      results.append(result)
      if !json.isOn { try Output.standard.line(result.line) }
    }
    if json.isOn { try tell([("workloads", .list(results.map(\.json))), ("threads", .count(threads)), ("kernels", .string(kernels.rawValue))]) }
  }

  /// A workload in the size that is wanted, and its model file.
  private func sized(_ workload: Workload) throws -> (neurons: Int, seconds: Double, text: String) {
    let (neurons, milliseconds) = (neurons ?? workload.neurons, try seconds.map { $0 * 1e3 } ?? workload.milliseconds)
    return (neurons, milliseconds / 1e3, workload.text(neurons: neurons, milliseconds: milliseconds))
  }

  private func measure(_ workload: Workload, _ runner: BenchRunner) throws -> BenchResult {
    let sized = try sized(workload)
    var result = BenchResult(workload: workload.name, neurons: sized.neurons, seconds: sized.seconds)
    for _ in 0..<repetitions {
      let run = try runner.run(sized.text, options: ["--threads", "\(threads)", "--kernels", kernels.rawValue])
      try result.add(run)
    }
    return result
  }
}
