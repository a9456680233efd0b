/// What a run directory takes on the disk, by kind; files shared with other directories count here as well.
package struct DiskUsage: Sendable, Equatable {
  package var objects: Int64 = 0
  package var segments: Int64 = 0
  package var manifests: Int64 = 0
  /// Files for other programs: beside the checkpoints, and `live.h5`.
  package var views: Int64 = 0
  /// Files that the arrays of a run are in while it goes on.
  package var live: Int64 = 0
  /// Journal, status, temporary files, and what is none of ours.
  package var other: Int64 = 0
  package var total: Int64 { objects + segments + manifests + views + live + other }
}

extension RunDirectory {
  package func diskUsage() throws(StorageError) -> DiskUsage {
    var usage = DiskUsage()
    let liveFolder = try? system.openDirectory(LiveSpace.folderName, in: root)
    defer { if let liveFolder { try? system.close(liveFolder) } }
    let live = liveFolder.map { [(LiveSpace.folderName, $0)] } ?? []
    for (folder, directory) in live + [("", root), ("objects", objects), ("segments", segments), ("checkpoints", checkpoints), ("tmp", temporary)] {
      for name in try system.list(directory) {
        // Names that are no text, links, and what somebody is just removing.
        guard let bytes = system.claimedByteCount(name, in: directory).map(Int64.init) else { continue }
        switch (folder, name.hasSuffix(".h5")) {
        case ("objects", _): usage.objects += bytes
        case (LiveSpace.folderName, _): usage.live += bytes
        case ("segments", _): usage.segments += bytes
        case ("checkpoints", true): usage.views += bytes
        case ("checkpoints", false): usage.manifests += bytes
        case ("", true): usage.views += bytes
        default: usage.other += bytes
        }
      }
    }
    return usage
  }
}
