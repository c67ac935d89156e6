"""What is wrong with the settings; all of it is told at once, each with what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, and the way out. It never holds a secret's text."""

    name: str
    problem: str
    remedy: str


class SettingsFaulty(Exception):
    """The settings cannot be used; ``faults`` lists everything that is wrong with them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        lines = [f"{fault.name}: {fault.problem} {fault.remedy}" for fault in faults]
        super().__init__("\n".join(["The settings cannot be used:", *lines]))
