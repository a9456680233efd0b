/// The keys under which the properties of objects are stored, each with what a difference there means (CKP-24).
///
/// The walks over descriptions take no other keys, so every property has a class.
package enum DescriptionKey: String, CaseIterable, Sendable {
  case active, clock, delay, dtype, dt, event, events, indices, link, method, model, morphology, namespace, of, order, pathways, period, rate, rates, record,
    refractory, reset, source, target, threshold, times, variables, weight, when
  case capacitance = "Cm"
  case count = "N"
  case eventSchedule = "event_schedule"
  case methodOptions = "method_options"
  case multisynapticIndex = "multisynaptic_index"
  case onEvent = "on_event"
  case onPost = "on_post"
  case onPre = "on_pre"
  case resistivity = "Ri"
  case runAt = "run_at"
  case runOnEvent = "run_on_event"
  case runRegularly = "run_regularly"
  case targetVariable = "target_var"
  case thresholdLocation = "threshold_location"

  /// What another value under a key says about a model.
  enum Meaning: Hashable {
    /// The model differs: a restore must allow it.
    case difference(Difference)
    /// For objects of this kind a value that a checkpoint brings along: what a program says there is overwritten (CKP-6).
    case state(of: ModelKind)
  }

  var meaning: Meaning {
    switch self {
    case .model: .difference(.equations)
    case .events, .method, .methodOptions, .onEvent, .onPost, .onPre, .refractory, .reset, .runAt, .runOnEvent, .runRegularly, .threshold,
      .thresholdLocation:
      .difference(.code)
    case .namespace: .difference(.constants)
    case .dtype: .difference(.types)
    case .active, .clock, .count, .dt, .event, .eventSchedule, .link, .morphology, .multisynapticIndex, .of, .order, .pathways, .rate, .rates, .record, .source,
      .target, .targetVariable, .variables, .weight, .when:
      .difference(.structure)
    case .capacitance, .resistivity: .state(of: .spatialNeuron)
    case .delay: .state(of: .synapses)
    case .indices, .period, .times: .state(of: .spikeGenerator)
    }
  }
}
