"""The files of a run directory, read as ``FORMAT.md`` describes them byte by byte.

Nothing from a file is believed before its checksum agrees, and every length is compared with what is there before
anything is allocated. This part knows no neurons and no units.
"""
