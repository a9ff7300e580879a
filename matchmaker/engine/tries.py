"""Labels by their steps, to be found in texts: tries that can be packed, and are unpacked as far as texts ask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class Node:
    """A place in a trie; Latin tries step by stems, the Chinese one by characters."""

    __slots__ = ("children", "concepts", "exact")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.concepts: tuple[str, ...] = ()
        self.exact: tuple[tuple[str, str], ...] = ()  # (surface, concept) of labels whose capitals matter


class Trie:
    """A trie; ``packed`` maps first steps to what is below them, as ``pack`` returns it."""

    def __init__(self, packed: Mapping[str, str] | None = None) -> None:
        self._packed = packed or {}
        self._nodes: dict[str, Node] = {}

    def get(self, step: str) -> Node | None:
        """Return the node of a first step, if there is one."""
        node = self._nodes.get(step)
        if node is None and step in self._packed:
            node = self._nodes[step] = _unpacked(json.loads(self._packed[step]))
        return node

    def reach(self, path: Sequence[str]) -> Node:
        """Return the node at the end of a path, made where it is new; a path has one step at least."""
        node = self.get(path[0]) or self._nodes.setdefault(path[0], Node())
        for step in path[1:]:
            node = node.children.setdefault(step, Node())
        return node

    def pack(self) -> dict[str, str]:
        """Return, by first step, what is below it as text."""
        steps = sorted({*self._packed, *self._nodes})
        nodes = ((step, self.get(step)) for step in steps)
        return {step: json.dumps(_listed(node), ensure_ascii=False) for step, node in nodes if node}


def _listed(node: Node) -> list[Any]:
    """A node as plain lists, without what is empty at the end."""
    children = {step: _listed(child) for step, child in sorted(node.children.items())}
    listed = [list(node.concepts), children, [list(pair) for pair in node.exact]]
    while listed and not listed[-1]:
        listed.pop()
    return listed


def _unpacked(listed: list[Any]) -> Node:
    concepts, children, exact = listed + [(), {}, ()][len(listed) :]
    node = Node()
    node.concepts = tuple(concepts)
    node.children = {step: _unpacked(child) for step, child in children.items()}
    node.exact = tuple((surface, concept) for surface, concept in exact)
    return node
