"""Commands of the shell: `engram plot`, `engram report`, `engram convert` are the programs `engram-plot`, … on the PATH."""
