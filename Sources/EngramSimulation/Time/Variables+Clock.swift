extension Variables {
  /// t, dt and t_in_timesteps of a clock; t and times of an event clock (VAR-13).
  public func createClockVariables(_ clock: BaseClock, prefix: String = "") throws {
    try addReference(prefix + "t", to: clock, "t")
    if clock is EventClock {
      try addReference(prefix + "times", to: clock, "times")
    } else {
      try addReference(prefix + "dt", to: clock, "dt")
      try addReference(prefix + "t_in_timesteps", to: clock, "timestep")
    }
  }
}
