import EngramKernels

/// Where the time of a run's steps goes, and what the code of each object did.
final class RunProfile {
  /// The object that is being prepared: kernels that are made are its own.
  var object: BrianObject?
  private var times: [ObjectIdentifier: Duration] = [:]
  private var order: [BrianObject] = []
  private var kernels: [(object: ObjectIdentifier, kernel: PreparedKernel)] = []

  func add(_ kernel: PreparedKernel) {
    guard let object else { return }
    kernel.startCounting()
    kernels.append((ObjectIdentifier(object), kernel))
  }

  /// A kernel that another one's object runs from now on.
  func add(_ kernel: PreparedKernel, inPlaceOf other: PreparedKernel) {
    guard let owner = kernels.first(where: { $0.kernel === other })?.object else { return }
    kernel.startCounting()
    kernels.append((owner, kernel))
  }

  func add(_ time: Duration, to object: BrianObject) {
    if times[ObjectIdentifier(object)] == nil { order.append(object) }
    times[ObjectIdentifier(object), default: .zero] += time
  }

  /// Longest first.
  var entries: [ProfilingSummary.Entry] {
    let entries = order.map { object in
      let work = kernels.reduce(KernelWork()) { $1.object == ObjectIdentifier(object) ? $0 + ($1.kernel.work ?? KernelWork()) : $0 }
      return ProfilingSummary.Entry(
        name: object.name, time: times[ObjectIdentifier(object)] ?? .zero, calls: work.callCount, elements: work.elementCount,
        bytes: work.byteCount)
    }
    return entries.sorted { $0.time > $1.time }
  }
}
