"""JSON Schemas of all published facts, for those who read them in other languages.

    python -m tradepost.platform.schemas docs/events

writes one file a fact. They are contracts: a test fails when a fact and its file differ.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from tradepost.kernel.messages import Fact
from tradepost.platform.facts import published

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(fact: type[Fact]) -> dict[str, Any]:
    """The schema of a fact's body, with what stands around it in the log."""
    (found,), components = msgspec.json.schema_components([fact], ref_template="#/$defs/{name}")
    own = components.pop(found["$ref"].rsplit("/", 1)[-1]) if "$ref" in found else found
    said = " ".join(cleandoc(fact.__doc__ or "").split())
    return {
        "$schema": DIALECT,
        "$id": f"{fact.name}.v{fact.schema}",
        **own,
        "title": fact.name,
        "description": said,
        "x-stream": fact.stream,
        "x-stream-key": fact.key,
        "x-schema-version": fact.schema,
        **({"$defs": dict(sorted(components.items()))} if components else {}),
    }


def schema_texts(facts: Iterable[type[Fact]] | None = None) -> dict[str, str]:
    """The text of each file by its name."""
    chosen = published().facts.values() if facts is None else facts
    texts = {fact.name: msgspec.json.encode(schema_of(fact)) for fact in chosen}
    return {
        f"{name}.json": msgspec.json.format(text).decode().replace("``", "`") + "\n"
        for name, text in texts.items()
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write one file a fact and remove those of facts there are no longer; what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = schema_texts()
    for old in folder.glob("*.json"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder / name for name in texts)


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
