internal import EngramSimulation

/// The compartments are shared out, and what the system of the cable consists of with them. Every process solves the whole system, which takes less time
/// than telling each other of parts of it would.
extension CableUpdater: RunsDivided {}
