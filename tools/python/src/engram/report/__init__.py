"""A report: one page of HTML about a run that needs nothing beside it, no network either."""

from .page import report

__all__ = ["report"]
