package import EngramUnits

/// Readable unit; "1" where there is none.
package func unitText(_ dimension: Dimension) -> String { dimension.isDimensionless ? "1" : dimension.unitName }
