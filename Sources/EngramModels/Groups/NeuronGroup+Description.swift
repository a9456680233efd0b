internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension NeuronGroup {
  func described() -> ObjectDescription {
    var description = ObjectDescription(kind: "NeuronGroup", name: name)
    description["N"] = .integer(Int64(count))
    description["model"] = .text(equations.source.text)
    if let threshold { description["threshold"] = .text(threshold.text) }
    if let reset = resetters[.spike], reset.when == .resets, reset.order == order {
      description["reset"] = .text(reset.code.text)
    }
    switch refractory {
    case .none: break
    case .duration(let quantity): description["refractory"] = .quantity(Quantity(quantity.si, .time))
    case .expression(let text): description["refractory"] = .text(text.text)
    }
    if !eventConditions.isEmpty {
      description["events"] = .mapping(eventConditions.map { DescriptionField($0.name.rawValue, .text($0.condition.text)) })
    }
    description.add(method, methodOptions)
    description.add(scalarTypes)
    describeCommon(in: &description, when: nil)
    let code = eventCode.filter { !($0.event == .spike && description["reset"] != nil) }
    if !code.isEmpty {
      description["run_on_event"] = .mapping(
        code.compactMap { entry in
          resetters[entry.event].map { DescriptionField(entry.event.rawValue, $0.described(order)) }
        })
    }
    let moved = thresholders.values.filter { $0.when != ($0.event == .spike ? .thresholds : .after(.thresholds)) || $0.order != order }
    if !moved.isEmpty {
      description["event_schedule"] = .mapping(
        moved.sorted { $0.event.rawValue < $1.event.rawValue }.map { part in
          DescriptionField(
            part.event.rawValue,
            .mapping([
              DescriptionField("when", .text(part.when.rawValue)), DescriptionField("order", .integer(Int64(part.order))),
            ]))
        })
    }
    description.add(links)
    return description
  }
}

extension Resetter {
  func described(_ groupOrder: Int) -> DescriptionValue {
    .mapping([
      DescriptionField("code", .text(code.text)), DescriptionField("when", .text(when.rawValue)),
      DescriptionField("order", .integer(Int64(order))),
    ])
  }
}

extension ObjectDescription {
  mutating func add(_ links: Links) {
    if !links.isEmpty { self["link"] = .mapping(links.descriptions.map { DescriptionField($0.name, $0.description) }) }
  }

  mutating func add(_ method: MethodChoice, _ options: MethodOptions) {
    switch method {
    case .automatic: break
    case .named(let method): self["method"] = .text(method.rawValue)
    case .firstOf(let methods): self["method"] = .list(methods.map { .text($0.rawValue) })
    case .custom(let updater): self["method"] = updater.described
    }
    if !options.values.isEmpty {
      self["method_options"] = .mapping(
        options.values.sorted { $0.key < $1.key }.map { key, value in
          switch value {
          case .boolean(let value): DescriptionField(key, .boolean(value))
          case .integer(let value): DescriptionField(key, .integer(Int64(value)))
          case .real(let value): DescriptionField(key, .real(value))
          case .text(let value): DescriptionField(key, .text(value))
          }
        })
    }
  }

  mutating func add(_ types: ScalarTypes) {
    if let floats = types.floats, types.byName.isEmpty {
      self["dtype"] = .text(floats.rawValue)
    } else if !types.byName.isEmpty {
      let floats = types.floats.map { [DescriptionField(ScalarTypes.allFloats, .text($0.rawValue))] } ?? []
      self["dtype"] = .mapping(floats + types.byName.sorted { $0.key < $1.key }.map { DescriptionField($0.key, .text($0.value.rawValue)) })
    }
  }
}

extension StateUpdateMethod {
  /// A scheme by its text; a method with a body in Swift by its name only.
  var described: DescriptionValue {
    guard let scheme = self as? ExplicitStateUpdater else { return .text(name) }
    return .mapping([
      DescriptionField("explicit", .text(scheme.text)), DescriptionField("noise", .text(scheme.noise.rawValue)),
      DescriptionField("name", .text(scheme.name)),
    ])
  }
}
