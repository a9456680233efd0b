internal import EngramModelFiles
public import EngramModels
public import EngramSimulation
public import EngramUnits
public import Foundation

extension SpikeGeneratorGroup {
  /// Plays the spikes of a file in the SONATA layout: `/spikes/<population>` with `node_ids` and `timestamps`, in milliseconds
  /// unless the attribute `units` says otherwise. Older files without populations are read as well.
  ///
  /// ```swift
  /// let recorded = try SpikeGeneratorGroup(1000, sonata: URL(filePath: "spikes.h5"), population: "thalamus")
  /// ```
  ///
  /// - Parameters:
  ///   - count: number of elements, at least 1.
  ///   - file: the HDF5 file, which is not trusted.
  ///   - population: which one; without it the file must have only one.
  ///   - period: after which everything repeats, counted from 0.
  ///   - dt: length of a step of a clock of its own [s].
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - when: slot in which the elements spike.
  ///   - order: place within the slot.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - place: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``FileReadingError`` where there are no such spikes, `InputError` for spikes that do not fit the group.
  /// - SeeAlso: Dai et al. (2020), The SONATA data format, doi:10.1371/journal.pcbi.1007696.
  public convenience init(
    _ count: Int, sonata file: URL, population: String? = nil, period: Time? = nil, dt: Time? = nil, clock: BaseClock? = nil,
    when: Slot = SpikeGeneratorDescription.slot, order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.spikeGenerator),
    file place: StaticString = #fileID, line: UInt = #line
  ) throws {
    let spikes = try SonataSpikes(file, population)
    try self.init(
      count, indices: spikes.indices, times: spikes.times, period: period, dt: dt, clock: clock, when: when, order: order, name: name, file: place,
      line: line)
  }

  /// Replaces the spikes by those of a file, between runs.
  ///
  /// - Parameters:
  ///   - file: the HDF5 file, which is not trusted.
  ///   - population: which one; without it the file must have only one.
  ///   - period: after which everything repeats, counted from 0.
  /// - Throws: ``FileReadingError`` where there are no such spikes, `InputError` for spikes that do not fit the group.
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
