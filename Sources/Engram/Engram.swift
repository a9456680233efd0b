// What a program needs with one `import Engram`: the public side of the rooms, and nothing that runs inside them.

@_exported public import EngramCheckpoints
@_exported public import EngramEquations
@_exported public import EngramExport
@_exported public import EngramExpressions
@_exported public import EngramHDF5
@_exported public import EngramImport
@_exported public import EngramMagic
@_exported public import EngramModel
@_exported public import EngramModelFiles
@_exported public import EngramModels
@_exported public import EngramMorphology
@_exported public import EngramNative
@_exported public import EngramScalars
@_exported public import EngramSimulation
@_exported public import EngramStorage
@_exported public import EngramUnits
