internal import EngramHDF5
package import EngramModelFiles
internal import EngramMorphology
public import EngramScalars

extension FileRequest.Content {
  /// At most so many numbers are taken from one dataset.
  package static let elementLimit = 1 << 30

  /// Reads this from a file, in this process.
  ///
  /// - Parameter count: as many numbers as are of use; a file that has more is refused before one of them is read.
  package func read(from path: String, atMost count: Int = elementLimit) throws -> [FileArray] {
    let limit = min(count, Self.elementLimit)
    switch self {
    case .numpy(let part): return [try NumPyArray(path).part(part, atMost: limit)]
    case .table(let column, let part): return [try NumberTable(path, atMost: part.selectors.isEmpty ? limit : Self.elementLimit).part(column, part)]
    case .swc: return [try Self.pointsOfNeuron(path, limit)]
    case .dataset, .part, .sonataSpikes: return try readHDF5(path, limit)
    }
  }

  /// A line takes 14 bytes at least, so the size of a file says how many numbers it can have.
  private static func pointsOfNeuron(_ path: String, _ limit: Int) throws -> FileArray {
    let file = try OrdinaryFile(path)
    guard file.byteCount <= limit else { throw FileReadingError.refused("its \(file.byteCount) bytes are more than a neuron can be made of here") }
    return FileArray(values: try SWCText.numbers(try file.bytes(from: 0, count: file.byteCount)), columns: SWCText.columns)
  }

  private func readHDF5(_ path: String, _ limit: Int) throws -> [FileArray] {
    let file = try ForeignFile(at: path)
    switch self {
    case .numpy, .table, .swc: return []
    case .part(let name, let part):
      var left: [Int] = []
      let numbers = try file.numbers(at: name, atMost: limit) { shape throws(FilePartError) -> [Range<Int>] in
        let found = try part.ranges(of: shape)
        left = found.left
        return found.box
      }
      guard let numbers else { throw FileReadingError.noDataset(name, beside: try Self.neighbours(of: name, in: file)) }
      return [FileArray(values: numbers.values, columns: left.count == 2 ? left[1] : nil, unit: numbers.unit)]
    case .dataset(let name):
      guard let numbers = try file.numbers(at: name, dimensions: 0...2, atMost: limit) else {
        throw FileReadingError.noDataset(name, beside: try Self.neighbours(of: name, in: file))
      }
      return [FileArray(values: numbers.values, columns: numbers.shape.count == 2 ? numbers.shape[1] : nil, unit: numbers.unit)]
    case .sonataSpikes(let population): return try Self.spikes(of: population, in: file, atMost: limit)
    }
  }

  private static func neighbours(of name: String, in file: ForeignFile) throws -> [String] {
    let group = name.split(separator: "/").dropLast().joined(separator: "/")
    return try file.memberNames(of: group) ?? file.memberNames(of: "/") ?? []
  }

  /// `/spikes/<population>/node_ids` and `timestamps`; in older files both, the former also as `gids`, in `/spikes` itself.
  ///
  /// The attribute `sorting` of the file is not relied on: a generator sorts by itself.
  private static func spikes(of population: String?, in file: ForeignFile, atMost limit: Int) throws -> [FileArray] {
    guard let members = try file.memberNames(of: "/spikes") else { throw FileReadingError.notSonata }
    let isOld = members.contains("timestamps")
    let group: String
    switch (population, isOld) {
    case (let name?, _) where members.contains(name): group = "/spikes/\(name)"
    case (let name?, false): throw FileReadingError.noPopulation(name, known: members)
    // One population that has no name in the file.
    case (_, true): group = "/spikes"
    case (nil, false):
      guard members.count == 1 else { throw FileReadingError.severalPopulations(members) }
      group = "/spikes/\(members[0])"
    }
    func path(_ names: [String]) throws -> String {
      for name in names where try file.containsDataset("\(group)/\(name)") { return "\(group)/\(name)" }
      throw FileReadingError.noDataset("\(group)/\(names[0])", beside: try file.memberNames(of: group) ?? [])
    }
    // Lengths first: one that is wrong is found without reading the other.
    let paths = (ids: try path(["node_ids", "gids"]), times: try path(["timestamps"]))
    let counts = (ids: try file.elementCount(at: paths.ids, atMost: limit), times: try file.elementCount(at: paths.times, atMost: limit))
    guard counts.ids == counts.times else { throw FileReadingError.unequalSpikes(ids: counts.ids, times: counts.times) }
    func numbers(_ path: String) throws -> ForeignNumbers {
      guard let found = try file.numbers(at: path, dimensions: 1...1, atMost: limit) else { throw FileReadingError.noDataset(path, beside: []) }
      return found
    }
    let (ids, times) = (try numbers(paths.ids), try numbers(paths.times))
    return [FileArray(values: ids.values), FileArray(values: times.values, unit: times.unit ?? "ms")]
  }
}

/// Why nothing could be taken from a file.
public enum FileReadingError: ExplainedError, Hashable, Sendable {
  case noFile(String)
  case noDataset(String, beside: [String])
  case notSonata
  /// What is wrong with an array of NumPy.
  case notNumPy(String)
  /// What is wrong with a text file of numbers.
  case notATable(String)
  case noPopulation(String, known: [String])
  case severalPopulations([String])
  case unequalSpikes(ids: Int, times: Int)
  /// What the process that reads says.
  case refused(String)
  case ended(signal: Int32)
  case endedWithStatus(Int32)
  case tookTooLong(seconds: Int)
  case notStarted(program: String, reason: String)
  case incomplete

  public var description: String {
    switch self {
    case .noFile(let path): "there is no file '\(path)'"
    case .noDataset(let name, let others): "the file has no dataset '\(name)'" + (others.isEmpty ? "" : "; there: \(Self.list(others))")
    case .notSonata: "the file has no group '/spikes', as spikes in the SONATA layout do"
    case .notNumPy(let reason): "it is no array of numbers saved by NumPy: \(reason)"
    case .notATable(let reason): "it is no table of numbers: \(reason)"
    case .noPopulation(let name, let known): "the file has no population '\(name)'; populations: \(Self.list(known))"
    case .severalPopulations(let known): "the file has \(known.count) populations, 'population' says which: \(Self.list(known))"
    case .unequalSpikes(let ids, let times): "the file has \(ids) elements and \(times) times of spikes"
    case .refused(let text): text
    case .ended(let signal): "the HDF5 library broke down while it read the file (signal \(signal)): the file is damaged, or made to do harm"
    case .endedWithStatus(let status): "the process that read the file ended with status \(status)"
    case .tookTooLong(let seconds): "reading was given up after \(seconds) s: the file is damaged, made to do harm, or on a very slow disk"
    case .notStarted(let program, let reason): "the program '\(program)', which reads files of others, could not be started: \(reason)"
    case .incomplete: "the process that read the file did not hand over everything"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", and \(names.count - 12) more" : "")
  }
}
