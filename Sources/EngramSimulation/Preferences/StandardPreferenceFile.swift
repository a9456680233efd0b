import Foundation

/// A file whose preferences every program of a user reads, or every program in a folder (PRF-8).
struct StandardPreferenceFile: Equatable {
  /// Engram's own place.
  let own: URL
  /// Where Brian 2 has such a file, which is read as long as there is none at Engram's place.
  let former: URL

  /// That of the user, then that of the working directory, which counts more.
  static func places(_ environment: [String: String]) -> [StandardPreferenceFile] {
    // Where other programs look, too: the list of users is asked only without HOME.
    let named = environment["HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
    let home = named ?? FileManager.default.homeDirectoryForCurrentUser
    // A path that is not absolute is to be ignored, says the convention.
    let wished = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
    let configuration = wished ?? home.appending(path: ".config")
    return [
      StandardPreferenceFile(own: configuration.appending(path: "engram/preferences"), former: home.appending(path: ".brian/user_preferences")),
      StandardPreferenceFile(own: URL(filePath: "engram_preferences"), former: URL(filePath: "brian_preferences")),
    ]
  }

  /// The one that is read; nil where there is none.
  var present: URL? { [own, former].first { FileManager.default.fileExists(atPath: $0.path) } }
}
