import CEngramSystem
package import EngramStorage
import Synchronization

/// What the rooms above lend to this one: the bytes that make payload files HDF5, and portable files. Installed by the
/// façade; without it only snapshots in memory are possible.
package enum CheckpointServices {
  private static let installed = Mutex<Services?>(nil)

  package struct Services: Sendable {
    package var headers: any PayloadHeaderWriter
    package var portable: (any PortableCheckpoints)?
    package var views: (any CheckpointViews)?
    package var exports: (any NetworkExports)?

    package init(
      headers: any PayloadHeaderWriter, portable: (any PortableCheckpoints)? = nil, views: (any CheckpointViews)? = nil,
      exports: (any NetworkExports)? = nil
    ) {
      self.headers = headers
      self.portable = portable
      self.views = views
      self.exports = exports
    }
  }

  package static func install(_ services: Services) { installed.withLock { $0 = services } }

  static var current: Services {
    get throws {
      if let services = installed.withLock({ $0 }) { return services }
      if engram_install_services_if_linked() != 0, let services = installed.withLock({ $0 }) { return services }
      throw CheckpointError.unsupported("checkpoints on disk need the module Engram; import it and link its library")
    }
  }
}

/// Checkpoints in one file (CKP-45).
package protocol PortableCheckpoints: Sendable {
  func store(_ state: StateToStore, _ options: CommitOptions, at path: String) throws -> CheckpointInfo
  func load(_ name: String, at path: String) throws -> any StateSource
}
