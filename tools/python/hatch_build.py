"""Puts the program into the wheel where `build-wheel` has made one; else the wheel is Python alone."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramInside(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        program = os.environ.get("ENGRAM_WHEEL_PROGRAM")
        if program is None or version == "editable":
            return
        # A script of the wheel: pip puts it beside `python` as it is, so the command is the program itself.
        build_data["shared_scripts"][program] = "engram"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['ENGRAM_WHEEL_PLATFORM']}"
