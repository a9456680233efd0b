public import EngramScalars
public import EngramUnits

/// Numbers that are wanted from somebody else's file (MDL-21).
package struct FileRequest: Hashable, Sendable {
  /// What of a file is wanted.
  package enum Content: Hashable, Sendable {
    /// A numeric dataset of one or two dimensions.
    case dataset(String)
    /// A part of a dataset, of one or two dimensions; the dataset may have more.
    case part(String, FilePart)
    /// An array that NumPy has saved as `.npy`, or a part of it.
    case numpy(FilePart)
    /// A text file of numbers in columns. Without a column: all of them.
    case table(column: String?, FilePart)
    /// Spikes in the SONATA layout: first their elements, then their times. Without a population: the only one.
    case sonataSpikes(population: String?)
    /// The points of a neuron in an SWC file: the line of each and its seven numbers.
    case swc
  }

  /// As written; relative to the model file.
  package var path: String
  /// What of it is wanted.
  package var content: Content

  /// A request for some content of a file.
  package init(_ path: String, _ content: Content) {
    self.path = path
    self.content = content
  }
}

extension FileRequest: CustomStringConvertible {
  package var description: String {
    switch content {
    case .dataset(let name): "\(path), dataset \(name)"
    case .part(let name, let part): "\(path), dataset \(name)\(part)"
    case .numpy(let part): "\(path)\(part)"
    case .table(let column, let part): path + (column.map { ", column \($0)" } ?? "") + part.description
    case .sonataSpikes(let population?): "\(path), spikes of '\(population)'"
    case .sonataSpikes(nil): "\(path), spikes"
    case .swc: path
    }
  }
}

/// Reads files that model files name. The conformer knows their format; this room does not.
package protocol ArrayFileReader {
  /// Where the file is; nil where that cannot be known.
  func location(of path: String) -> String?
  /// The arrays that the content consists of, one for a dataset, two for spikes.
  func read(_ request: FileRequest) throws -> [FileArray]
  /// The same where it is known how many numbers can be wanted: a file with more of them is refused before it is read.
  func read(_ request: FileRequest, atMost count: Int) throws -> [FileArray]
}

extension ArrayFileReader {
  /// Reads all and refuses it then; conformers that know the format do so before.
  package func read(_ request: FileRequest, atMost count: Int) throws -> [FileArray] {
    let arrays = try read(request)
    if let long = arrays.first(where: { $0.values.count > count }) { throw FileArrayError.tooMany(long.values.count, atMost: count) }
    return arrays
  }
}

/// A numeric dataset: values row after row, and the unit that the file gives.
package struct FileArray: Hashable, Sendable {
  /// The numbers as they stand in the file.
  package var values: [Double]
  /// For two dimensions.
  package var columns: Int?
  /// What the file says that they are counted in; nil where it says nothing.
  package var unit: String?

  /// Numbers with what the file says about them.
  package init(values: [Double], columns: Int? = nil, unit: String? = nil) {
    self.values = values
    self.columns = columns
    self.unit = unit
  }

  /// Whether so many values make whole rows.
  package static func isPossible(columns: Int?, count: Int) -> Bool {
    guard let columns else { return true }
    return columns > 0 ? count % columns == 0 : columns == 0 && count == 0
  }

  /// In SI units: counted in `given` where it is given, else in the unit that the file states, else plain numbers (MDL-21).
  package func quantities(in given: Quantity? = nil) throws(FileArrayError) -> QuantityArray {
    let stated = try statedUnit()
    if let given, let stated, given.dimension != stated.dimension { throw .otherUnit(stated: stated.dimension, given: given.dimension) }
    if let place = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(values[place], place: place) }
    let unit = given ?? stated ?? Quantity(1, .dimensionless)
    return QuantityArray(si: unit.si == 1 ? values : values.map { $0 * unit.si }, dimension: unit.dimension)
  }

  private func statedUnit() throws(FileArrayError) -> Quantity? {
    guard let unit else { return nil }
    if unit.isEmpty || unit == "1" { return Quantity(1, .dimensionless) }
    do { return try parseUnit(unit) } catch {
      // Words such as `milliseconds`, which other programs write.
      if let known = UnitCatalogue.foreignUnit(unit) { return known }
      throw .unknownUnit(unit, "\(error)")
    }
  }
}

/// Why the numbers of a file cannot be taken as quantities.
public enum FileArrayError: ExplainedError, Hashable, Sendable {
  /// The unit asked for measures something else than that of the file.
  case otherUnit(stated: Dimension, given: Dimension)
  /// The file states a unit that is none.
  case unknownUnit(String, String)
  /// A number without end, or that is none.
  case notFinite(Double, place: Int)
  /// A list was wanted and the dataset has two dimensions.
  case hasColumns(Int)
  /// More numbers than can be of use.
  case tooMany(Int, atMost: Int)
  /// This model has no files.
  case noFiles

  public var description: String {
    switch self {
    case .otherUnit(let stated, let given): "the dataset is in \(stated), 'unit' says \(given)"
    case .unknownUnit(let text, let reason): "its attribute 'units' is '\(text)': \(reason)"
    case .notFinite(let value, let place): "value \(place) (counted from 0, row after row) is \(value), which is not a finite number"
    case .tooMany(let found, let limit): "it has \(found) numbers, at most \(limit) can be meant"
    case .noFiles: "this model cannot use files"
    case .hasColumns(let count): "the dataset has two dimensions (\(count) columns), one is wanted"
    }
  }
}

/// For models without files.
package struct NoArrayFiles: ArrayFileReader {
  /// A reader that knows no file.
  package init() {}
  /// Nil.
  package func location(of path: String) -> String? { nil }
  /// Throws ``FileArrayError/noFiles``.
  package func read(_ request: FileRequest) throws -> [FileArray] { throw FileArrayError.noFiles }
}
