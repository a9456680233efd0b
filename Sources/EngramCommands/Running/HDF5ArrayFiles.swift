internal import EngramHDF5
internal import EngramModelFiles
internal import Foundation

/// Arrays in HDF5 files that model files name (MDL-21). Paths are relative to the model file.
struct HDF5ArrayFiles: ArrayFileReader {
  let folder: URL
  private static let elementLimit = 1 << 30

  init(relativeTo path: String) { folder = URL(fileURLWithPath: path).deletingLastPathComponent() }

  func read(_ path: String, dataset name: String) throws -> FileArray {
    let url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: url.path) else { throw CommandError("there is no file '\(url.path)'") }
    let file = try HDF5File.open(at: url.path)
    let trimmed = name.hasPrefix("/") ? String(name.dropFirst()) : name
    guard let dataset = try file.root.dataset(trimmed) else { throw CommandError("the file has no dataset '\(name)'") }
    guard (1...2).contains(dataset.shape.count) else {
      throw CommandError("the dataset has \(dataset.shape.count) dimensions; arrays have 1 or 2")
    }
    let values = try dataset.readAll(as: Double.self, atMost: Self.elementLimit)
    return FileArray(values: values, columns: dataset.shape.count == 2 ? dataset.shape[1] : nil, unit: try dataset.text("units"))
  }
}
