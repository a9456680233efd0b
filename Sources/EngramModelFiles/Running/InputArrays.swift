internal import EngramCheckpoints
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits
internal import Foundation

/// What an experiment takes from files: read once, when its run directory is made, and kept with every checkpoint, so that
/// going on needs no file (MDL-22).
///
/// Numbers are columns named by the hash of their content, written once however many checkpoints hold them; the section
/// says which file, which part of it, and how the file looked.
final class InputArrays: ArrayFileReader {
  /// No object can have this name.
  static let owner = "@inputs"
  private static let section = "inputs"

  private struct Entry {
    var request: FileRequest
    var location: String?
    var stamp: Stamp?
    var arrays: [Kept]
  }

  private struct Kept: Hashable {
    var hash: String
    var columns: Int?
    var unit: String?
  }

  /// How a file looked when it was read.
  private struct Stamp: Equatable {
    var byteCount: Int64
    var modifiedSeconds: Double
  }

  private let files: any ArrayFileReader
  private var entries: [Entry] = []
  private var places: [FileRequest: Int] = [:]
  private var columns: [String: Column] = [:]

  init(_ files: any ArrayFileReader) { self.files = files }

  /// With what a checkpoint holds; one of an experiment without files, or of an earlier release, holds nothing.
  convenience init(_ files: any ArrayFileReader, stored: any StateSource) throws {
    self.init(files)
    guard let bytes = stored.sections[Self.section] else { return }
    for value in try DescriptionValue(decoding: bytes).asList ?? [] {
      let entry = try Self.entry(value)
      add(entry)
      for array in entry.arrays {
        let key = StoredKey(Self.owner, array.hash)
        guard let shape = stored.shape(key), shape.scalarType == .float64, shape.rowLength == 1 else {
          throw ExperimentError.damagedRecord("the numbers read from \(entry.request) are missing")
        }
        guard FileArray.isPossible(columns: array.columns, count: shape.rows) else {
          throw ExperimentError.damagedRecord("the \(shape.rows) numbers read from \(entry.request) are no rows of \(array.columns ?? 0)")
        }
        if columns[array.hash] == nil { columns[array.hash] = try stored.column(key) }
      }
    }
  }

  // -------------------------------------------------------------------------------------------------------------- reading

  func location(of path: String) -> String? { files.location(of: path) }

  func read(_ request: FileRequest) throws -> [FileArray] { try read(request, atMost: .max) }

  func read(_ request: FileRequest, atMost count: Int) throws -> [FileArray] {
    if let place = places[request] { return entries[place].arrays.map(array) }
    let location = files.location(of: request.path)
    let stamp = Self.stamp(location)
    let arrays = try files.read(request, atMost: count)
    let kept = try arrays.map { array in
      let hash = Self.hash(array)
      if columns[hash] == nil { columns[hash] = try Self.column(array.values) }
      return Kept(hash: hash, columns: array.columns, unit: array.unit)
    }
    add(Entry(request: request, location: location, stamp: stamp, arrays: kept))
    return arrays
  }

  private func add(_ entry: Entry) {
    if places[entry.request] == nil { places[entry.request] = entries.count }
    entries.append(entry)
  }

  private func array(_ kept: Kept) -> FileArray {
    FileArray(values: columns[kept.hash]?.withElements(of: Double.self) { Array($0) } ?? [], columns: kept.columns, unit: kept.unit)
  }

  /// Tells of files that are no longer what they were; what is in force stays what was stored.
  func warnAboutChanges() {
    for entry in entries {
      guard let location = files.location(of: entry.request.path) ?? entry.location, let now = Self.stamp(location), now != entry.stamp else { continue }
      let problem: String
      do {
        // More numbers than there were are other numbers.
        let count = entry.arrays.map { columns[$0.hash]?.count ?? 0 }.max() ?? 0
        let arrays = try files.read(FileRequest(location, entry.request.content), atMost: count)
        let same = arrays.map { Kept(hash: Self.hash($0), columns: $0.columns, unit: $0.unit) } == entry.arrays
        if same { continue }
        problem = "has other values now"
      } catch {
        problem = "cannot be read any more (\(error))"
      }
      Messages.emit(
        .warning, "modelfile.changed_input",
        "\(entry.request) \(problem); the run goes on with the values that were read when it began. To use the new ones start anew, with --fresh")
    }
  }

  // -------------------------------------------------------------------------------------------------------------- keeping

  /// Every checkpoint of the network holds this from now on.
  func keep(in network: Network) {
    guard !entries.isEmpty else { return }
    network.extraSections[Self.section] = DescriptionValue.list(entries.map(Self.value)).encoded
    network.extraColumns = Dictionary(uniqueKeysWithValues: columns.map { (StoredKey(Self.owner, $0.key), $0.value) })
  }

  private static func value(_ entry: Entry) -> DescriptionValue {
    var fields = [DescriptionField("path", .text(entry.request.path))]
    switch entry.request.content {
    case .dataset(let name): fields.append(DescriptionField("dataset", .text(name)))
    case .part(let name, let part): fields += [DescriptionField("dataset", .text(name)), DescriptionField("part", .text(part.description))]
    case .numpy(let part): fields.append(DescriptionField("numpy", .text(part.description)))
    case .table(let column, let part):
      fields.append(DescriptionField("table", .text(part.description)))
      if let column { fields.append(DescriptionField("column", .text(column))) }
    case .sonataSpikes(let population): fields.append(DescriptionField("population", population.map { .text($0) } ?? .boolean(true)))
    case .swc: fields.append(DescriptionField("swc", .boolean(true)))
    }
    if let location = entry.location { fields.append(DescriptionField("location", .text(location))) }
    if let stamp = entry.stamp {
      fields += [DescriptionField("bytes", .integer(stamp.byteCount)), DescriptionField("modified", .real(stamp.modifiedSeconds))]
    }
    fields.append(
      DescriptionField(
        "arrays",
        .list(
          entry.arrays.map { array in
            var parts = [DescriptionField("hash", .text(array.hash))]
            if let columns = array.columns { parts.append(DescriptionField("columns", .integer(Int64(columns)))) }
            if let unit = array.unit { parts.append(DescriptionField("unit", .text(unit))) }
            return .mapping(parts)
          })))
    return .mapping(fields)
  }

  private static func entry(_ value: DescriptionValue) throws -> Entry {
    guard let path = value["path"]?.asText, let arrays = value["arrays"]?.asList else {
      throw ExperimentError.damagedRecord("what it says of an input file is incomplete")
    }
    func part(_ key: String) -> FilePart? { value[key]?.asText.flatMap(FilePart.init) }
    let content: FileRequest.Content =
      if let part = part("numpy") {
        .numpy(part)
      } else if let part = part("table") {
        .table(column: value["column"]?.asText, part)
      } else if let name = value["dataset"]?.asText {
        part("part").map { .part(name, $0) } ?? .dataset(name)
      } else if value["swc"] != nil {
        .swc
      } else {
        .sonataSpikes(population: value["population"]?.asText)
      }
    var stamp: Stamp?
    if let bytes = value["bytes"]?.asInteger, let modified = value["modified"]?.asReal { stamp = Stamp(byteCount: bytes, modifiedSeconds: modified) }
    return Entry(
      request: FileRequest(path, content), location: value["location"]?.asText, stamp: stamp,
      arrays: try arrays.map { array in
        guard let hash = array["hash"]?.asText else { throw ExperimentError.damagedRecord("the hash of an input array is missing") }
        return Kept(hash: hash, columns: array["columns"]?.asInteger.map(Int.init), unit: array["unit"]?.asText)
      })
  }

  private static func hash(_ array: FileArray) -> String { array.values.withUnsafeBytes { "\(ContentHash(of: $0))" } }

  private static func column(_ numbers: [Double]) throws -> Column {
    let column = try Column(.float64, rows: numbers.count)
    column.withElements(of: Double.self) { for (place, number) in numbers.enumerated() { $0[place] = number } }
    column.touch()
    return column
  }

  private static func stamp(_ path: String?) -> Stamp? {
    guard let path, let found = try? FileManager.default.attributesOfItem(atPath: path), let bytes = found[.size] as? NSNumber,
      let modified = found[.modificationDate] as? Date
    else { return nil }
    return Stamp(byteCount: bytes.int64Value, modifiedSeconds: modified.timeIntervalSince1970)
  }
}
