import EngramExport
import EngramHDF5
import EngramSimulation

/// Found by the rooms below when they first need files: makes what they write HDF5.
@_cdecl("engram_install_services")
func installServices() {
  CheckpointServices.install(
    CheckpointServices.Services(
      headers: HDF5HeaderWriter(), portable: PortableNetworks(), views: VirtualCheckpoint(), exports: ExportedNetworks()))
}
