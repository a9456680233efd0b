"""Formats of the field: what was recorded and connected, written by the libraries that keep each format.

>>> from engram.convert import convert
>>> convert("week1.engram", "nwb", "week1.nwb")
"""

from .convert import FORMATS, convert, convert_table

__all__ = ["FORMATS", "convert", "convert_table"]
