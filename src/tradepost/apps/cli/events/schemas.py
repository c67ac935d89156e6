"""The schemas of all facts."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from tradepost.apps.cli.showing import as_json, done
from tradepost.platform.schemas import schema_texts
from tradepost.wiring import parts


@click.command(
    help="""Print the JSON Schemas of all facts, or write a file for each.

\b
Examples:
  tradepost events schemas --folder schemas
  tradepost events schemas | jq '."order.placed"'
"""
)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Write files here instead."
)
def schemas(folder: Path | None) -> None:
    """Print or write them."""
    assert parts.PARTS  # whose modules have declared every fact
    texts = schema_texts()
    if folder is None:
        as_json({name.removesuffix(".json"): msgspec.json.decode(texts[name]) for name in texts})
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    done(f"{len(texts)} schemas are in {folder}.")
