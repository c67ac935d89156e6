"""One letter wrong, missing, added, or swapped with its neighbour."""

from __future__ import annotations


def is_slip(meant: str, typed: str) -> bool:
    """Whether one slip at most makes what was typed of what was meant."""
    if meant == typed:
        return True
    at = next(
        (at for at, pair in enumerate(zip(meant, typed, strict=False)) if pair[0] != pair[1]),
        min(len(meant), len(typed)),
    )
    return (
        meant[at + 1 :] == typed[at + 1 :]
        or meant[at:] == typed[at + 1 :]
        or meant[at + 1 :] == typed[at:]
        or swapped(meant, at) == typed
    )


def swapped(word: str, at: int) -> str:
    """The word with the letter at a place and the one after it in each other's."""
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
