internal import EngramScalars
internal import EngramSystem
public import EngramUnits

/// What monitors that add a row in every step of their clock will record (MON-1, 10).
///
/// Events cannot be foreseen: spike and event monitors are not in it.
public struct RecordingSize: Sendable, Hashable, CustomStringConvertible {
  /// What one monitor will record.
  public struct Item: Sendable, Hashable {
    /// The name of the monitor.
    public let monitor: String
    /// Bytes that it adds in each step.
    public let bytesPerStep: Int
    /// How many steps it will record.
    public let steps: Int
    /// `Int.max` where the product is larger.
    public var byteCount: Int {
      let (product, overflow) = bytesPerStep.multipliedReportingOverflow(by: steps)
      return overflow ? .max : product
    }
  }

  /// Largest first.
  public let items: [Item]

  init(_ items: [Item]) { self.items = items.sorted { $0.byteCount > $1.byteCount } }

  /// Bytes of all monitors together.
  public var byteCount: Int {
    items.reduce(0) { sum, item in
      let (total, overflow) = sum.addingReportingOverflow(item.byteCount)
      return overflow ? .max : total
    }
  }

  /// `8.00 GB (M: 10000 steps of 800.0 kB)`.
  public var description: String {
    let parts = items.map { "\($0.monitor): \($0.steps) steps of \(byteText($0.bytesPerStep))" }
    return byteText(byteCount) + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }
}

extension Network {
  /// The bytes that a run of `duration` would record, beside events. Nothing is prepared or run; the cost is that of
  /// looking at every object once.
  public func recordingSize(for duration: Time) -> RecordingSize {
    RecordingSize(
      allObjects.filter(\.isActive).compactMap { object in
        guard object.recordedBytesPerStep > 0 else { return nil }
        let steps = object.clock.stepSeconds.map { (duration.si / $0).rounded(.up) } ?? 0
        return RecordingSize.Item(
          monitor: object.name, bytesPerStep: object.recordedBytesPerStep, steps: Int(exactly: Swift.max(steps, 0)) ?? .max)
      })
  }

  /// Refuses a run whose recordings cannot find room, before its first step. Clocks already know the run's end.
  ///
  /// - Parameter stop: network time [s] at which the run will be stopped; what would come later is not its concern.
  func checkRecordingSize(_ objects: [BrianObject], until stop: Double? = nil) throws {
    let size = RecordingSize(
      try objects.filter { $0.recordedBytesPerStep > 0 }.map { object in
        let clock = object.clock
        let end = try stop.map { Swift.min(try clock.timestep(at: $0), clock.endStep) } ?? clock.endStep
        return RecordingSize.Item(
          monitor: object.name, bytesPerStep: object.recordedBytesPerStep, steps: Int(clamping: Swift.max(0, end - clock.timestep)))
      })
    let place = keeper?.recordingRoom
    let room = place?.byteCount ?? MachineMemory.byteCount
    if size.byteCount > room {
      throw NetworkError.recordingsTooLarge(size, available: room, directory: place?.directory)
    }
    if size.byteCount > Swift.max(1_000_000_000, announcedRecording) {
      announcedRecording = size.byteCount
      environment.messages.emit(.info, "network.recording_size", "this run will record \(size)")
    }
  }
}
