"""An optional channel for meaning: sentence vectors from a model that the operator supplies.

Any object with an ``encode`` method serves. ``OnnxEncoder`` loads a sentence transformer in ONNX
format; it needs the extra ``[semantic]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..listing import Listing
from ..spans import spans

Floats = NDArray[np.float64]
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
_AT_ONCE = 32
_MOST_TOKENS = 512


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


def meanings(encoder: Encoder | None, listings: Sequence[Listing]) -> Floats | None:
    """Return unit vectors (listings, dimensions), or None without an encoder or a listing."""
    if encoder is None or not listings:
        return None
    texts = ["\n".join(filter(None, (one.title, one.summary, one.description))) for one in listings]
    vectors = np.asarray(encoder.encode(texts), dtype=np.float64)
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise EncoderError(
            f"the encoder returned an array of shape {vectors.shape} for {len(texts)} texts"
        )
    lengths: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


@lru_cache(maxsize=1)
def load_encoder(folder: Path) -> OnnxEncoder:
    """Load the encoder of a folder, once per process.

    Parameters
    ----------
    folder : Path
        Folder with ``model.onnx`` and ``tokenizer.json``.

    Returns
    -------
    OnnxEncoder
        An ``Encoder`` for ``Recommender``.

    Raises
    ------
    EncoderError
        When a file or the packages of the extra ``[semantic]`` are missing.

    Examples
    --------
    >>> load_encoder(Path("nowhere"))
    Traceback (most recent call last):
    ...
    matchmaker.engine.vectors.encoder.EncoderError: nowhere lacks model.onnx and tokenizer.json
    """
    return OnnxEncoder(folder)


class OnnxEncoder:
    """A sentence transformer, ``model.onnx`` beside ``tokenizer.json``, mean-pooled over tokens."""

    def __init__(self, folder: Path) -> None:
        missing = [name for name in (MODEL, TOKENIZER) if not (folder / name).is_file()]
        if missing:
            raise EncoderError(f"{folder} lacks {' and '.join(missing)}")
        try:
            import onnxruntime  # noqa: PLC0415  # optional: the extra [semantic]
            from tokenizers import Tokenizer  # noqa: PLC0415  # optional, as above
        except ImportError as error:
            raise EncoderError(
                "an ONNX encoder needs the extra: pip install 'matchmaker[semantic]'"
            ) from error
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL), providers=["CPUExecutionProvider"]
        )
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
