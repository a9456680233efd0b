public import Foundation

/// A folder that vanishes with its last user.
public final class TemporaryFolder {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "engram-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public var path: String { url.path }
  public func path(_ name: String) -> String { self[name].path }
  public subscript(name: String) -> URL { url.appending(path: name) }

  /// Writes a file there and gives its path.
  @discardableResult
  public func write(_ name: String, _ bytes: some Sequence<UInt8>, executable: Bool = false) throws -> String {
    try Data(bytes).write(to: self[name])
    if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name)) }
    return path(name)
  }

  /// Lends a folder that is gone afterwards.
  public static func lend<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder.url) }
  }
}
