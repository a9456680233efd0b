import EngramUnits
import Testing

@Suite("The catalogue of units") struct CatalogueTests {
  @Test("NSP-8: Model text knows 1710 unit names") func count() {
    #expect(UnitCatalogue.standard.count == 1710)
  }
}
