"""All cases, by the groups of the catalogue; and those numbers that have no case here, each with the reason."""

from __future__ import annotations

from tests.hostile import (
    exhaustion,
    forging,
    honest,
    malformed,
    network,
    nondeterminism,
    oracles,
    persistence,
    tampering,
    types_and_values,
)
from tests.hostile.case import Hostile

MODULES = {
    "SF": forging, "OS": oracles, "CT": tampering, "RX": exhaustion, "PX": persistence, "NX": network, "MF": malformed,
    "TY": types_and_values, "ND": nondeterminism, "HO": honest,
}  # fmt: skip
CASES: dict[str, Hostile] = {case.id: case for module in MODULES.values() for case in module.CASES}
GROUPS = {
    "SF": ("score forging", 20), "OS": ("oracle stealing", 14), "CT": ("check tampering", 19), "RX": ("resource exhaustion", 25),
    "PX": ("persistence", 12), "NX": ("network and secrets", 9), "MF": ("malformed files", 30), "TY": ("wrong types and values", 27),
    "ND": ("nondeterminism", 10), "HO": ("honest but unusual", 35),
}  # fmt: skip
ELSEWHERE: dict[str, str] = {id_: where for module in MODULES.values() for id_, where in getattr(module, "NOT_HERE", {}).items()}
INNOCENT = ("MF", "ND", "HO")  # groups of students who meant no harm: what they are told is tested in both languages


def numbers(group: str) -> set[str]:
    """The numbers of a group in the catalogue."""
    return {f"{group}{number:02d}" for number in range(1, GROUPS[group][1] + 1)}
