"""Tries of labels, which can be packed and are unpacked as far as texts need them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class Node:
    """A place in a trie; Latin tries step by stems, the Chinese one by characters.

    ``packed`` maps steps to the nodes they lead to, as ``listed`` returns them or as JSON.
    """

    __slots__ = ("_children", "_packed", "concepts", "exact")

    def __init__(
        self,
        concepts: Sequence[str] = (),
        packed: Mapping[str, list[Any] | str] | None = None,
        exact: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.concepts = tuple(concepts)
        # Labels whose capitals matter.
        self.exact = tuple((surface, concept) for surface, concept in exact)
        self._packed = packed or {}
        self._children: dict[str, Node] = {}

    def get(self, step: str) -> Node | None:
        """Return the node that a step leads to, if there is one."""
        node = self._children.get(step)
        if node is None and step in self._packed:
            packed = self._packed[step]
            node = Node(*(json.loads(packed) if isinstance(packed, str) else packed))
            self._children[step] = node
        return node

    def reach(self, path: Sequence[str]) -> Node:
        """Return the node at the end of a path; make it if it is missing."""
        node = self
        for step in path:
            node = node.get(step) or node._children.setdefault(step, Node())
        return node

    def listed(self) -> list[Any]:
        """Return the node as plain lists, without empty ones at the end."""
        steps = sorted({*self._packed, *self._children})
        children = {step: node.listed() for step in steps if (node := self.get(step))}
        listed = [list(self.concepts), children, [list(pair) for pair in self.exact]]
        while listed and not listed[-1]:
            listed.pop()
        return listed

    def pack(self) -> dict[str, str]:
        """Return the nodes below as JSON by first step, to be unpacked step by step."""
        return {
            step: json.dumps(child, ensure_ascii=False) for step, child in self.listed()[1].items()
        }
