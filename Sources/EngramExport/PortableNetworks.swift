internal import EngramHDF5
package import EngramSimulation
package import EngramStorage

/// Checkpoints of networks in single files (CKP-45).
package struct PortableNetworks: PortableCheckpoints {
  package init() {}

  package func store(_ state: StateToStore, _ options: CommitOptions, at path: String) throws -> CheckpointInfo {
    try PortableFile.store(state, options, at: path, headers: HDF5HeaderWriter())
  }

  package func load(_ name: String, at path: String) throws -> any StateSource { try PortableFile(at: path).load(name) }
}
