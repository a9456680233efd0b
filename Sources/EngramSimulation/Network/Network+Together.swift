import EngramTransport

/// A network that several processes run together, each with all of it (see `Distribution`).
extension Network {
  /// Whether another process of those that run this network speaks, records and stores.
  package var followsAnother: Bool { distribution.map { !$0.isFirst } ?? false }

  /// Does what one process does for all: writes, for example. In a process that runs alone, simply does it.
  ///
  /// - Returns: what it found, in every process.
  /// - Throws: in every process, where it failed in the one.
  package func onFirst(_ body: () throws -> String?) throws -> String? {
    guard let distribution else { return try body() }
    return try distribution.onFirst(body)
  }

  /// Has every process get the numbers that the first one has: what was recorded, for example. In a process that runs alone, simply gets them.
  package func fromFirst(_ body: () throws -> [Double]) throws -> [Double] {
    guard let distribution else { return try body() }
    return try distribution.fromFirst(body)
  }

  /// Makes a checkpoint, or a part of one: a profile of several processes tells the time apart.
  package func storing<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let timed = distribution?.timed else { return try body() }
    return try timed.storing(body)
  }

  /// Whether a stop has been asked for: of this process, or of any that runs the network with it.
  package func hearsStop() throws -> Bool {
    guard let distribution else { return Interrupt.isPending }
    return try distribution.hearAll().contains(.stop)
  }

  /// What keeps the network, as it is prepared at present, from being run by several processes; empty where it can be, or runs alone.
  package func refusals(of context: RunContext) -> [String] { context.verdict(sortedBySchedule(allObjects).filter(\.isActive))?.refusals ?? [] }
}
