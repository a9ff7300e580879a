"""A fitted recommender in a folder: one array file, and the snapshots of its indexes.

Opening it reads no text. The fitted state (vocabulary, rarity, usual fit) comes back unchanged, so
pairs keep their scores. Indexes that are missing, damaged or of another save are built again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .catalogue import Catalogue
from .index.arrayfile import Array, Damaged, NoSnapshot, alone, read_arrays, write_arrays
from .lexicon.glossary import default_glossary
from .listing import LANGUAGES, Listing
from .recommender import Recommender
from .retrieval import build_indexes
from .scoring.effects import Traits
from .scoring.plan_facts import PlanFacts
from .vectors.encoder import Encoder
from .vectors.meanings import MeaningFit, Meanings
from .vectors.textfit import TextFit
from .vectors.vectoriser import Vectoriser
from .weights import default_weights

if TYPE_CHECKING:
    from .index import Index

FILE = "recommender.arrays"
_FORMAT = "3/"  # what the file holds; to be changed with it
_TRAITS = tuple(one.name for one in fields(Traits) if one.name != "tasks")


def save(
    recommender: Recommender, folder: Path, version: str, note: Mapping[str, Any] | None = None
) -> None:
    """Write a fitted recommender to a folder, in place of an earlier one.

    Parameters
    ----------
    recommender : Recommender
        The fitted recommender.
    folder : Path
        The folder to write to; made if missing.
    version : str
        A name of the engine and the settings, which are not saved.
    note : Mapping[str, Any] | None
        The caller's own data, JSON-able.

    Raises
    ------
    Busy
        When another process is writing to the folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> fitted = Recommender().fit([Listing("c1", "capability", "Brine pumps")])
    >>> with TemporaryDirectory() as name:
    ...     save(fitted, Path(name), "1", {"count": 1})
    ...     opened, note = load(Path(name), "1")
    >>> opened.capabilities_.listings[0].title, note
    ('Brine pumps', {'count': 1})
    """
    side, vectoriser = recommender.capabilities_, recommender.vectoriser_
    token = secrets.token_hex(8)
    head = {
        "version": _FORMAT + version,
        "token": token,
        "note": dict(note or {}),
        "size": vectoriser.size_,
        "changes": recommender.changes_,
        "languages": side.languages,
        "tasks": side.traits.tasks,
        "background": vectoriser.background.name,
        "indexes": list(recommender.indexes_),
    }
    arrays: dict[str, Array] = {
        "head": _text(head),
        "terms": _text(vectoriser.more_),
        "listings": _text([asdict(listing) for listing in side.listings]),
        "usual": side.usual.ravel(),
        "serials": side.serials,
        **_of_matrix("matrix", side.matrix),
        **_of_matrix("heads", side.heads),
        **_of_matrix("limits", side.limits),
        **_of_meanings(side.meanings),
        **_of_references(recommender.meaningfit_),
        **{f"traits.{name}": getattr(side.traits, name) for name in _TRAITS},
    }
    with alone(folder):
        for language, index in recommender.indexes_.items():
            index.save(folder / language, token)
        write_arrays(folder / FILE, arrays)


def load(
    folder: Path,
    version: str,
    *,
    plan: PlanFacts | None = None,
    encoder: Encoder | None = None,
    explain: bool = True,
) -> tuple[Recommender, dict[str, Any]]:
    """Open a saved recommender; its arrays are mapped from the file, read-only.

    Parameters
    ----------
    folder : Path
        The folder that ``save`` wrote to.
    version : str
        The version that ``save`` was given.
    plan, encoder, explain : PlanFacts | None
        See ``Recommender``; weights and glossary are the default ones.

    Returns
    -------
    tuple[Recommender, dict[str, Any]]
        The recommender, and the note that ``save`` was given.

    Raises
    ------
    NoSnapshot
        When the folder holds no recommender of this version.
    Damaged
        When the file differs from the one that was written.

    Examples
    --------
    >>> load(Path("nowhere"), "1")
    Traceback (most recent call last):
    ...
    matchmaker.engine.index.arrayfile.NoSnapshot: there is no recommender in nowhere
    """
    try:
        arrays = read_arrays(folder / FILE, verify=True)
    except FileNotFoundError:
        raise NoSnapshot(f"there is no recommender in {folder}") from None
    head = _read(arrays["head"])
    if head["version"] != _FORMAT + version:
        raise NoSnapshot(f"{folder} holds version {head['version']!r}, not {_FORMAT + version!r}")
    recommender = Recommender(plan=plan, encoder=encoder, explain=explain)
    recommender.weights_ = default_weights(meaning=encoder is not None)
    recommender.glossary_ = default_glossary()
    vectoriser = Vectoriser(recommender.weights_, recommender.glossary_)
    if head["background"] != vectoriser.background.name:
        raise NoSnapshot(f"{folder} was made with another background")
    more = [(channel, term) for channel, term in _read(arrays["terms"])]
    recommender.vectoriser_ = vectoriser.learned(more, head["size"])
    recommender.capabilities_ = _catalogue(arrays, head, len(vectoriser.terms_))
    recommender.changes_ = head["changes"]
    recommender.textfit_ = TextFit(recommender.weights_, vectoriser)
    recommender.meaningfit_ = _meaningfit(arrays, encoder)
    recommender.indexes_ = _indexes(
        folder, head["token"], head["indexes"], recommender.capabilities_
    )
    return recommender, head["note"]


def _catalogue(arrays: Mapping[str, Array], head: Mapping[str, Any], columns: int) -> Catalogue:
    traits: dict[str, Any] = {name: arrays[f"traits.{name}"] for name in _TRAITS}
    return Catalogue(
        listings=tuple(_listing(one) for one in _read(arrays["listings"])),
        languages=tuple(head["languages"]),
        matrix=_to_matrix(arrays, "matrix", columns),
        heads=_to_matrix(arrays, "heads", columns),
        limits=_to_matrix(arrays, "limits", columns),
        usual=_floats(arrays["usual"]).reshape(-1, len(LANGUAGES), 2),
        traits=Traits(**traits, tasks=tuple(head["tasks"])),
        serials=arrays["serials"].view(np.int64),
        meanings=_meanings(arrays),
    )


def _indexes(
    folder: Path, token: str, languages: Sequence[str], side: Catalogue
) -> dict[str, Index]:
    if not languages:
        return {}
    from .index import Index  # noqa: PLC0415  # a small collection does without

    try:
        return {language: Index.open(folder / language, token) for language in languages}
    except (NoSnapshot, Damaged):
        return build_indexes(side)


def _of_matrix(name: str, matrix: sparse.csr_matrix) -> dict[str, Array]:
    return {f"{name}.{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}


def _to_matrix(arrays: Mapping[str, Array], name: str, columns: int) -> sparse.csr_matrix:
    parts = tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    return sparse.csr_matrix(parts, shape=(len(parts[2]) - 1, columns))


def _of_meanings(meanings: Meanings | None) -> dict[str, Array]:
    if meanings is None:
        return {}
    return {f"meanings.{one.name}": getattr(meanings, one.name) for one in fields(Meanings)}


def _meanings(arrays: Mapping[str, Array]) -> Meanings | None:
    if "meanings.vectors" not in arrays:
        return None
    found: dict[str, Any] = {one.name: arrays[f"meanings.{one.name}"] for one in fields(Meanings)}
    return Meanings(**found)


def _of_references(meaningfit: MeaningFit | None) -> dict[str, Array]:
    known = {} if meaningfit is None else meaningfit.references_
    return {f"references.{code}": vectors for code, vectors in known.items()}


def _meaningfit(arrays: Mapping[str, Array], encoder: Encoder | None) -> MeaningFit | None:
    if encoder is None:
        return None
    return MeaningFit(encoder, {code: _floats(arrays[f"references.{code}"]) for code in LANGUAGES})


def _listing(given: Mapping[str, Any]) -> Listing:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return Listing(**values)


def _floats(array: Array) -> NDArray[np.float64]:
    return array.view(np.float64)


def _text(value: object) -> Array:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)


def _read(array: Array) -> Any:
    return json.loads(array.tobytes())
