internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
internal import EngramUnits

// How the words of models are stored: one number, one text, or a list of them, as the author of a model file would write them.

extension StoredForm where Value == Refractoriness {
  static var refractoriness: StoredForm {
    StoredForm(
      write: { value in
        switch value {
        case .none: nil
        case .duration(let quantity): .quantity(Quantity(quantity.si, .time))
        case .expression(let text): .text(text.text)
        }
      },
      read: { value throws(DescriptionError) in
        if case .quantity(let quantity) = value { return .duration(quantity) }
        return value.asText.map { .expression(ModelExpression($0)) }
      },
      absent: Refractoriness.none)
  }
}

extension StoredForm where Value == Rates {
  static var rates: StoredForm {
    StoredForm(
      write: { value in
        switch value {
        case .quantity(let rate): .quantity(rate)
        case .array(let list): StoredForm<QuantityArray>.numbers(unit: "Hz").write(list)
        case .expression(let text): .text(text.text)
        }
      },
      read: { value throws(DescriptionError) in
        if case .quantity(let quantity) = value { return .quantity(quantity) }
        if let text = value.asText { return .expression(ModelExpression(text)) }
        return try StoredForm<QuantityArray>.numbers(unit: "Hz").read(value).map { .array($0) }
      })
  }
}

extension StoredForm where Value == Weight {
  static var weight: StoredForm {
    StoredForm(
      write: { value in
        switch value {
        case .quantity(let quantity): .quantity(quantity)
        case .expression(let text): .text(text.text)
        }
      },
      read: { value throws(DescriptionError) in
        if case .quantity(let quantity) = value { return .quantity(quantity) }
        return value.asText.map { .expression(ModelExpression($0)) }
      })
  }
}

extension StoredForm where Value == Pathways {
  /// One text for the only pathway where that has the usual name.
  static func pathways(usual name: String) -> StoredForm {
    StoredForm(
      write: { pathways in
        if pathways.list.isEmpty { return nil }
        if pathways.list.count == 1, let only = pathways.list.first, only.name == nil || only.name == name { return .text(only.code.text) }
        return .mapping(pathways.list.map { DescriptionField($0.name ?? name, .text($0.code.text)) })
      },
      read: { value throws(DescriptionError) in
        if let text = value.asText { return Pathways(ModelCode(text)) }
        guard let fields = value.asFields else { return nil }
        var named: [(name: String, code: ModelCode)] = []
        for field in fields {
          guard let text = field.value.asText else { return nil }
          named.append((field.key, ModelCode(text)))
        }
        return Pathways(named)
      },
      absent: Pathways())
  }
}

extension StoredForm where Value == PathwayDelays {
  static var delays: StoredForm {
    StoredForm(
      write: { delays in delays.byPathway.isEmpty ? nil : .mapping(delays.byPathway.map { DescriptionField($0.name, .quantity($0.delay)) }) },
      read: { value throws(DescriptionError) in
        guard let fields = value.asFields else { return nil }
        var named: [(name: String, delay: Quantity)] = []
        for field in fields {
          guard case .quantity(let delay) = field.value else { return nil }
          named.append((field.key, delay))
        }
        return PathwayDelays(named)
      },
      absent: PathwayDelays())
  }
}

extension StoredForm where Value == ScalarTypes {
  static var types: StoredForm {
    StoredForm(
      write: { types in
        if types.byName.isEmpty { return types.floats.map { .text($0.rawValue) } }
        let floats = types.floats.map { [DescriptionField(ScalarTypes.allFloats, .text($0.rawValue))] } ?? []
        return .mapping(floats + types.byName.sorted { $0.key < $1.key }.map { DescriptionField($0.key, .text($0.value.rawValue)) })
      },
      read: { value throws(DescriptionError) in
        if let text = value.asText { return ScalarType(rawValue: text).map { ScalarTypes(floats: $0) } }
        guard let fields = value.asFields else { return nil }
        var types = ScalarTypes.standard
        for field in fields {
          guard let type = field.value.asText.flatMap(ScalarType.init(rawValue:)) else { return nil }
          if field.key == ScalarTypes.allFloats { types.floats = type } else { types.byName[field.key] = type }
        }
        return types
      },
      absent: .standard)
  }
}

extension StoredForm where Value == IntegrationMethod {
  static var method: StoredForm {
    StoredForm(
      write: { method in
        switch method {
        case .automatic: nil
        case .named(let name): .text(name)
        case .firstOf(let names): .list(names.map { .text($0) })
        case .scheme(let scheme): StoredForm<IntegrationMethod.Scheme>.fields.write(scheme)
        }
      },
      read: { value throws(DescriptionError) in
        if let text = value.asText { return .named(text) }
        if let list = value.asList {
          let names = list.compactMap(\.asText)
          return names.count == list.count ? .firstOf(names) : nil
        }
        return try StoredForm<IntegrationMethod.Scheme>.fields.read(value).map { .scheme($0) }
      },
      absent: .automatic)
  }
}

extension StoredForm where Value == MethodOptions {
  static var options: StoredForm {
    StoredForm(
      write: { options in
        if options.values.isEmpty { return nil }
        return .mapping(
          options.values.sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case .boolean(let value): DescriptionField(key, .boolean(value))
            case .integer(let value): DescriptionField(key, .integer(Int64(value)))
            case .real(let value): DescriptionField(key, .real(value))
            case .text(let value): DescriptionField(key, .text(value))
            }
          })
      },
      read: { value throws(DescriptionError) in
        guard let fields = value.asFields else { return nil }
        var options = MethodOptions()
        for field in fields {
          switch field.value {
          case .boolean(let value): options.values[field.key] = .boolean(value)
          case .integer(let value): options.values[field.key] = .integer(Int(value))
          case .real(let value): options.values[field.key] = .real(value)
          case .text(let value): options.values[field.key] = .text(value)
          case .quantity, .list, .mapping, .reference, .numbers: return nil
          }
        }
        return options
      },
      absent: MethodOptions())
  }
}

extension StoredForm where Value == LinkIndex {
  static var linkIndex: StoredForm {
    StoredForm(
      write: { index in
        switch index {
        case .automatic: nil
        case .indices(let list): .list(list.map { .integer(Int64($0)) })
        case .variable(let name): .text(name)
        }
      },
      read: { value throws(DescriptionError) in
        if let name = value.asText { return .variable(name) }
        return try StoredForm<[Int]>.list(.integer).read(value).map { .indices($0) }
      },
      absent: .automatic)
  }
}

extension StoredForm where Value == VariableSet {
  static var variables: StoredForm {
    StoredForm(
      write: { variables in
        switch variables {
        case .all: .text("all")
        case .names(let names): .list(names.map { .text($0) })
        }
      },
      read: { value throws(DescriptionError) in
        if value.asText == "all" { return .all }
        return try StoredForm<[String]>.list(.text).read(value).map { .names($0) }
      })
  }
}

extension StoredForm where Value == RecordedIndices {
  static var recorded: StoredForm {
    StoredForm(
      write: { record in
        switch record {
        case .all: .boolean(true)
        case .none: .boolean(false)
        case .indices(let list): list.isEmpty ? .boolean(false) : .list(list.map { .integer(Int64($0)) })
        }
      },
      read: { value throws(DescriptionError) in
        if let flag = value.asBoolean { return flag ? .all : RecordedIndices.none }
        return try StoredForm<[Int]>.list(.integer).read(value).map { .indices($0) }
      })
  }
}

extension StoredForm where Value == NamespaceDescription {
  static var namespace: StoredForm {
    StoredForm(write: { $0.stored }, read: { value throws(DescriptionError) in try NamespaceDescription(stored: value) })
  }
}
