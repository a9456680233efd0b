import EngramExpressions
import EngramModel
import EngramModels
import EngramUnits
import Testing

@Suite("Texts of pathways") struct PathwayTextTests {
  @Test("SYN-4, EQN-15: values inserted into the code of a pathway keep their bits and their units") func inserted() throws {
    let pathways: Pathways = "ge += \(1.62*mV)"
    let code = try #require(pathways.list.first?.code)
    let statement = try #require(try code.parsed().first)
    #expect(statement.target == "ge")
    #expect(statement.value.evaluate({ ["mV": 1e-3, "volt": 1][$0] }) == (1.62 * mV).si)
  }
}
