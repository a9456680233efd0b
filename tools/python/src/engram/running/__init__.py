"""Running: the verbs of the program, as functions and methods."""
