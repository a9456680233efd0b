/// What the files of checkpoints are beside the bytes of their arrays: chosen once by whoever opens a place, and handed down from there.
///
/// This room knows no format that other tools read; `CheckpointFormat.hdf5` is in EngramExport.
package struct CheckpointFormat: Sendable {
  package let headers: any PayloadHeaderWriter
  /// Nil: there are no files beside the checkpoints.
  package let views: (any CheckpointViews)?

  package init(headers: any PayloadHeaderWriter, views: (any CheckpointViews)? = nil) {
    self.headers = headers
    self.views = views
  }

  /// For directories that nobody looks into: the same without files beside the checkpoints.
  package var withoutViews: CheckpointFormat { CheckpointFormat(headers: headers) }
}

/// Makes the files beside checkpoints that other programs read; restoring never looks at them.
package protocol CheckpointViews: Sendable {
  /// The view beside the checkpoint, and `live.h5`, which shows the same: the newest state that others can see.
  func publish(_ checkpoint: CheckpointInfo, in directory: RunDirectory) throws
}
