internal import EngramModelFiles
public import EngramModels
public import EngramSimulation
public import EngramUnits
public import Foundation

extension QuantityArray {
  /// A numeric dataset of one dimension in an HDF5 file.
  ///
  /// ```swift
  /// let rates = try QuantityArray(hdf5: URL(filePath: "stimulus.h5"), dataset: "/stimulus/rate", unit: Hz)
  /// let group = try PoissonGroup(rates.count, rates: rates)
  /// ```
  ///
  /// The file is not trusted: links and storage outside of it, filters that HDF5 does not bring along, and sizes that the file
  /// cannot hold are errors. Where the program `engram` is at hand it reads the file, so that a damaged one cannot end this process.
  ///
  /// - Parameters:
  ///   - file: the HDF5 file.
  ///   - dataset: its path in the file, such as `/stimulus/rate`.
  ///   - unit: what the numbers are counted in; without it the attribute `units` of the dataset says so, and without that
  ///     they are plain numbers.
  /// - Throws: ``FileReadingError`` where there is no such dataset or it cannot be read, `FileArrayError` for numbers that are no quantities.
  /// - Complexity: all numbers are held in memory, 8 bytes each.
  public init(hdf5 file: URL, dataset: String, unit: (any QuantityConvertible)? = nil) throws {
    let array = try FileArray(hdf5: file, dataset: dataset)
    if let columns = array.columns { throw FileArrayError.hasColumns(columns) }
    self = try array.quantities(in: unit?.quantity)
  }
}

extension QuantityArray {
  /// An array of one dimension that NumPy has saved as `.npy`.
  ///
  /// ```swift
  /// let weights = try QuantityArray(numpy: URL(filePath: "weights.npy"), unit: nS)
  /// ```
  ///
  /// - Parameters:
  ///   - file: the file, which is not trusted.
  ///   - unit: what the numbers are counted in; nil: plain numbers.
  /// - Throws: ``FileReadingError`` for what is no such array, `FileArrayError` for numbers that are no quantities.
  public init(numpy file: URL, unit: (any QuantityConvertible)? = nil) throws { try self.init(.numpy(FilePart()), of: file, unit) }

  /// A column of a text file of numbers, divided by commas, semicolons, tabs or blanks.
  ///
  /// - Parameters:
  ///   - file: the file, which is not trusted.
  ///   - column: its name in the first line, or its number from 0 on; nil where there is only one.
  ///   - unit: what the numbers are counted in; nil: plain numbers.
  /// - Throws: ``FileReadingError`` where there is no such column or it has something else, `FileArrayError` for numbers that are no quantities.
  public init(csv file: URL, column: String? = nil, unit: (any QuantityConvertible)? = nil) throws {
    try self.init(.table(column: column, FilePart()), of: file, unit)
  }

  private init(_ content: FileRequest.Content, of file: URL, _ unit: (any QuantityConvertible)?) throws {
    guard let array = try content.readSafely(from: file.path).first else { throw FileReadingError.incomplete }
    if let columns = array.columns { throw FileArrayError.hasColumns(columns) }
    self = try array.quantities(in: unit?.quantity)
  }
}

extension TimedArray {
  /// Values in an HDF5 file: a value per time, or in two dimensions a row per time and a column per element. Read as an array of
  /// quantities is: the file is not trusted.
  ///
  /// - Parameters:
  ///   - file: the HDF5 file.
  ///   - dataset: its path in the file.
  ///   - unit: what the numbers are counted in; without it the attribute `units` of the dataset says so.
  ///   - dt: how long each value holds.
  ///   - name: what messages and checkpoints call it.
  /// - Throws: ``FileReadingError`` where there is no such dataset or it cannot be read.
  public init(hdf5 file: URL, dataset: String, unit: (any QuantityConvertible)? = nil, dt: Time, name: String = TimedArrayDescription.usualName) throws {
    let array = try FileArray(hdf5: file, dataset: dataset)
    let values = try array.quantities(in: unit?.quantity)
    guard let columns = array.columns else {
      try self.init(values, dt: dt, name: name)
      return
    }
    let rows =
      columns == 0
      ? []
      : stride(from: 0, to: values.count, by: columns).map {
        QuantityArray(si: Array(values.si[$0..<$0 + columns]), dimension: values.dimension)
      }
    try self.init(rows, dt: dt, name: name)
  }
}

extension FileArray {
  fileprivate init(hdf5 file: URL, dataset: String) throws {
    let arrays = try FileRequest.Content.dataset(dataset).readSafely(from: file.path)
    guard let first = arrays.first else { throw FileReadingError.incomplete }
    self = first
  }
}
