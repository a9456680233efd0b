"""Pictures with matplotlib: each function draws into ``ax``, or into a new figure, and returns the axes.

A picture of a run shows its newest checkpoint; of a checkpoint, that one. Axes have SI prefixes; where something is left
out, the corner says so; colours are told apart with every kind of colour vision.
"""

from .overview import summary
from .recordings import phase, rate, trace
from .shapes import morphology
from .spikes import isi, raster
from .synapses import connectivity, weights, weights_over_time
from .trees import tree

__all__ = [
    "connectivity",
    "isi",
    "morphology",
    "phase",
    "raster",
    "rate",
    "summary",
    "trace",
    "tree",
    "weights",
    "weights_over_time",
]
