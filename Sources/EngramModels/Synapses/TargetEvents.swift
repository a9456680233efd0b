/// Events of targets that wait, those of one target one behind the other, oldest first.
///
/// Memory is taken by hand: what is here is read once for each event of each synapse.
final class TargetEvents {
  /// An event of a target.
  struct Event {
    /// The time that code gets [s].
    let seconds: Double
    /// The step in which it happened, counted from 1.
    let step: Int32
  }

  /// The events of one target.
  struct List {
    var events: UnsafeMutablePointer<Event>?
    var count: Int32 = 0
    var capacity: Int32 = 0
  }

  private let targetCount: Int
  private let mutableLists: UnsafeMutablePointer<List>
  /// By target.
  var lists: UnsafePointer<List> { UnsafePointer(mutableLists) }
  /// By target: the step of its newest event; 0: there is none.
  let newestStep: UnsafeMutablePointer<Int32>

  init(targetCount: Int) {
    self.targetCount = targetCount
    mutableLists = .allocate(capacity: max(1, targetCount))
    mutableLists.initialize(repeating: List(), count: targetCount)
    newestStep = .allocate(capacity: max(1, targetCount))
    newestStep.initialize(repeating: 0, count: targetCount)
  }

  deinit {
    for target in 0..<targetCount { mutableLists[target].events?.deallocate() }
    mutableLists.deallocate()
    newestStep.deallocate()
  }

  func append(_ event: Event, of target: Int32) {
    let list = mutableLists + Int(target)
    if list.pointee.count == list.pointee.capacity { grow(list) }
    list.pointee.events?[Int(list.pointee.count)] = event
    list.pointee.count += 1
    newestStep[Int(target)] = event.step
  }

  private func grow(_ list: UnsafeMutablePointer<List>) {
    let capacity = max(8, 2 * list.pointee.capacity)
    let larger = UnsafeMutablePointer<Event>.allocate(capacity: Int(capacity))
    if let events = list.pointee.events {
      larger.update(from: events, count: Int(list.pointee.count))
      events.deallocate()
    }
    (list.pointee.events, list.pointee.capacity) = (larger, capacity)
  }

  func forget(_ target: Int32) { (mutableLists[Int(target)].count, newestStep[Int(target)]) = (0, 0) }
}
