"""An optional channel for meaning: sentence vectors from a model that the operator supplies. Never required.

Anything with an ``encode`` method will do. ``OnnxEncoder`` loads a sentence transformer exported to ONNX; it needs the
extra ``[semantic]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..listing import Listing

Floats = NDArray[np.float64]
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
_AT_ONCE = 32
_MOST_TOKENS = 512


class EncoderError(RuntimeError):
    """A model that cannot be loaded; the message says what is missing."""


class Encoder(Protocol):
    """Turns texts of any language into vectors whose cosine tells how near their meanings are."""

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return an array (texts, dimensions)."""


def meanings(encoder: Encoder | None, listings: Sequence[Listing]) -> Floats | None:
    """Return one vector of length one a listing, (listings, dimensions); None without an encoder or a listing."""
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
    """Return the encoder of a folder, loaded once per process."""
    return OnnxEncoder(folder)


class OnnxEncoder:
    """A sentence transformer as ``model.onnx`` beside its ``tokenizer.json``, mean-pooled over its tokens.

    Raises EncoderError when a file or the extra's packages are missing.
    """

    def __init__(self, folder: Path) -> None:
        missing = [name for name in (MODEL, TOKENIZER) if not (folder / name).is_file()]
        if missing:
            raise EncoderError(f"{folder} lacks {' and '.join(missing)}")
        try:
            import onnxruntime
            from tokenizers import Tokenizer
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
        """Return an array (texts, dimensions)."""
        chunks = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
        return np.concatenate([self._encode(chunk) for chunk in chunks])

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
