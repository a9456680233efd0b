internal import EngramModelFiles
public import EngramModels
public import EngramSimulation
public import EngramUnits
public import Foundation

extension SpikeGeneratorGroup {
  /// Plays the spikes of a file in the SONATA layout: `/spikes/<population>` with `node_ids` and `timestamps`, in milliseconds
  /// unless the attribute `units` says otherwise. Older files without populations are read as well.
  ///
  /// - Parameter population: which one; without it the file must have only one.
  public convenience init(
    _ count: Int, sonata file: URL, population: String? = nil, period: Time? = nil, dt: Time? = nil, clock: BaseClock? = nil,
    when: Slot = .thresholds, order: Int = 0, name: ObjectName = "spikegeneratorgroup*", file place: StaticString = #fileID, line: UInt = #line
  ) throws {
    let spikes = try SonataSpikes(file, population)
    try self.init(
      count, indices: spikes.indices, times: spikes.times, period: period, dt: dt, clock: clock, when: when, order: order, name: name, file: place,
      line: line)
  }

  /// Replaces the spikes by those of a file, between runs.
  public func setSpikes(sonata file: URL, population: String? = nil, period: Time? = nil) throws {
    let spikes = try SonataSpikes(file, population)
    try setSpikes(indices: spikes.indices, times: spikes.times, period: period)
  }
}

private struct SonataSpikes {
  let indices: [Int]
  let times: QuantityArray

  init(_ file: URL, _ population: String?) throws {
    let arrays = try FileRequest.Content.sonataSpikes(population: population).readSafely(from: file.path)
    guard arrays.count == 2 else { throw FileReadingError.incomplete }
    indices = try arrays[0].values.map { value in
      guard let index = Int(exactly: value) else { throw FileReadingError.refused("element numbers are integers, found \(value)") }
      return index
    }
    times = try arrays[1].quantities()
  }
}
