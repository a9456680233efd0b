import EngramCheckpoints
import EngramMagic
import EngramModelFiles
import EngramSimulation
import EngramStorage
import EngramTestSupport

/// The program on several processes: one opens the directory to write, the others to read.
func together(
  _ count: Int, _ text: String, in path: String, on system: any FileSystem = RealFileSystem(),
  _ adjust: @escaping @Sendable (inout Experiment.Options) -> Void = { _ in }
) throws -> (outcome: String, digest: String) {
  let found = try Meeting(count).run { transport in
    let distribution = Distribution(transport)
    do { return try runOne(distribution, text, in: path, on: system, adjust) } catch DistributionError.elsewhere {
      // What the first one throws counts.
      return ("", "")
    }
  }
  return (found[0].0, found[0].1)
}

/// To write in the first process, or the only one, and to read in the others.
func openTogether(_ path: String, _ distribution: Distribution?, on system: any FileSystem = RealFileSystem()) throws -> RunDirectory {
  var directory: RunDirectory?
  func write() throws -> String? {
    directory = try RunDirectory(at: path, headers: PlainHeaderWriter(), system: system)
    return nil
  }
  if let distribution { _ = try distribution.onFirst(write) } else { _ = try write() }
  return try directory ?? RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
}

/// One of the processes.
func runOne(
  _ distribution: Distribution, _ text: String, in path: String, on system: any FileSystem = RealFileSystem(), _ adjust: (inout Experiment.Options) -> Void
) throws -> (outcome: String, digest: String) {
  let opened = try openTogether(path, distribution, on: system)
  defer { opened.close() }
  return try withScope {
    var options = Experiment.Options()
    options.distribution = distribution
    adjust(&options)
    let file = try FileReader.read(Array(text.utf8), fileName: "test.yaml")
    let experiment = try Experiment(file, in: opened, files: NoArrayFiles(), options: options)
    let report = try experiment.run()
    // Others give what they have for it, and do not have what was recorded.
    return ("\(report.outcome)", distribution.isFirst ? try experiment.network.digest : (try? experiment.network.digest) ?? "")
  }
}
