// The C library, under whatever name this system has it, and what stands beside it in CEngramSystem: `import EngramSystem` shows both.
// No other file of the package imports a C library, which `tools/imports` checks.

@_exported public import CEngramSystem

#if canImport(Glibc)
  @_exported public import Glibc
#elseif canImport(Musl)
  @_exported public import Musl
#elseif canImport(Darwin)
  @_exported public import Darwin
#else
  #error("Engram knows no C library of this system; name it here")
#endif
