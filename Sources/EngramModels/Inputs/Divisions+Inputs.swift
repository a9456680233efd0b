internal import EngramSimulation

extension PoissonInput: RunsDivided {}
/// Every process has the spikes of all elements.
extension SpikeGenerator: RunsDivided {}
