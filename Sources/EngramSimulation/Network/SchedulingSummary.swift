internal import EngramScalars
public import EngramUnits

/// The order in which the objects of a network run (NET-40).
public struct SchedulingSummary: Sendable, Hashable, CustomStringConvertible {
  /// One object's place.
  public struct Entry: Sendable, Hashable {
    /// The name of the object.
    public let name: String
    /// Its class.
    public let type: String
    /// The object of which it is a part.
    public let owner: String?
    /// `nil` for an event clock.
    public let dt: Time?
    /// In units of the smallest dt.
    public let everySteps: Int?
    /// The slot it runs in.
    public let slot: Slot
    /// Its place within the slot.
    public let order: Int
    /// Whether it runs at all.
    public let isActive: Bool
  }

  /// The objects in the order in which they run.
  public let entries: [Entry]

  private var rows: [[String]] {
    [["object", "type", "part of", "clock dt", "frequency", "slot", "order", "active"]]
      + entries.map { entry in
        [
          entry.name, entry.type, entry.owner ?? "--", entry.dt.map { "\($0)" } ?? "events",
          entry.everySteps.map { $0 == 1 ? "every step" : "every \($0) steps" } ?? "--", entry.slot.rawValue, "\(entry.order)",
          entry.isActive ? "yes" : "no",
        ]
      }
  }

  public var description: String {
    let rows = rows
    var table = Table(rows[0])
    for row in rows.dropFirst() { table.add(row) }
    return table.text(separator: " | ", rule: "-+-")
  }

  /// The table for notebooks.
  public var htmlDescription: String {
    let rows = rows
    let head = rows[0].map { "<th>\($0)</th>" }.joined()
    let body = rows.dropFirst().map { "<tr>" + $0.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
    return "<table>\n<tr>\(head)</tr>\n\(body.joined(separator: "\n"))\n</table>"
  }
}

extension Network {
  /// The order in which the objects of a step run, Brian 2's `scheduling_summary`.
  public var schedulingSummary: SchedulingSummary {
    let objects = allObjects
    var owners: [ObjectIdentifier: String] = [:]
    for object in objects { for part in object.containedObjects { owners[ObjectIdentifier(part)] = object.name } }
    let smallest = distinctClocks(of: objects).compactMap(\.stepSeconds).min()
    return SchedulingSummary(
      entries: sortedBySchedule(objects).filter(\.containedObjects.isEmpty).map { object in
        let step = object.clock.stepSeconds
        // A ratio that is an integer but for rounding counts as that integer.
        let ratio = step.flatMap { step in smallest.map { (step / $0 + 1e-9).rounded(.towardZero) } }
        return SchedulingSummary.Entry(
          name: object.name, type: String(describing: type(of: object)), owner: owners[ObjectIdentifier(object)],
          dt: step.map { Time(si: $0) }, everySteps: ratio.flatMap { Int(exactly: $0) }, slot: object.when, order: object.order,
          isActive: object.isActive)
      })
  }
}
