internal import EngramSimulation

// Every process hears of every event, and counts it. What is recorded stays in the first.

extension EventMonitor: RunsDivided {}
extension StateMonitor: RunsDivided {}
extension PopulationRateMonitor: RunsDivided {}
