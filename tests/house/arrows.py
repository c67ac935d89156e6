"""A contract for import-linter: the same layers inside each context there is."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import ContractCheck
from importlinter.domain.imports import ModuleExpression

from tests.house import source


class ContextLayers(LayersContract):
    """Layers whose containers are the contexts, found in the tree: whoever is no common part."""

    type_name = "context_layers"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check every package below the root that is not one of the common parts."""
        children = {name.rpartition(".")[2] for name in graph.find_children("tradepost")}
        contexts = sorted(children - source.COMMON)
        found = [ModuleExpression(f"tradepost.{name}") for name in contexts]
        self.containers = found  # type: ignore[assignment]  # declared as the parser of the value
        return super().check(graph, verbose)
