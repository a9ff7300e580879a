"""Other libraries for the best listings by dot product; those not installed are left out.

The BM25 libraries get our TF-IDF values as their scores, so all but tantivy compute the same
products. BM25 libraries give every query term the weight one, which costs them less.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

Search = Callable[[sparse.csr_matrix], Any]
Made = tuple[Search, int]
Peer = tuple[str, Callable[[sparse.csr_matrix, int], Made]]


def installed() -> Iterator[Peer]:
    """Yield name and maker of each installed peer.

    A maker takes rows and k, and returns a search and the index's size in bytes.
    """
    for name, package, make in _PEERS:
        if importlib.util.find_spec(package):
            yield name, make
        else:
            print(
                f"{name} is not installed and left out (benchmarks/requirements-peers.lock has it)"
            )


def _scipy(rows: sparse.csr_matrix, k: int) -> Made:
    transposed = rows.T.tocsr()

    def search(query: sparse.csr_matrix) -> Any:
        scores = (query @ transposed).toarray().ravel()
        best = np.argpartition(scores, -k)[-k:]
        return best[np.argsort(-scores[best])]

    return search, _bytes(transposed)


def _bytes(matrix: sparse.csr_matrix) -> int:
    return int(matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes)


def _sparse_dot_topn(rows: sparse.csr_matrix, k: int) -> Made:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415  # a peer alone

    transposed = rows.T.tocsr()
    return lambda query: sp_matmul_topn(query, transposed, top_n=k, sort=True), _bytes(transposed)


def _tutorial(rows: sparse.csr_matrix, k: int) -> Made:
    from sklearn.metrics.pairwise import cosine_similarity  # noqa: PLC0415  # a peer alone

    return lambda query: np.argsort(-cosine_similarity(query, rows).ravel())[:k], _bytes(rows)


def _bm25(package: str, **options: Any) -> Callable[[sparse.csr_matrix, int], Made]:
    def make(rows: sparse.csr_matrix, k: int) -> Made:
        retriever = importlib.import_module(package).BM25(backend="numba")
        retriever.index(([[0, 1], [1]], {"a": 0, "b": 1}), show_progress=False)
        columns = rows.tocsc()
        retriever.scores = {
            "data": columns.data,
            "indices": columns.indices.astype(np.int32),
            "indptr": columns.indptr.astype(np.int32),
            "num_docs": rows.shape[0],
        }
        retriever.vocab_dict = {str(column): column for column in range(rows.shape[1])}
        retriever.unique_token_ids_set = set(range(rows.shape[1]))

        def search(query: sparse.csr_matrix) -> Any:
            asked = [
                query.indices[start:end].tolist()
                for start, end in zip(query.indptr[:-1], query.indptr[1:], strict=True)
            ]
            return retriever.retrieve(asked, k=k, show_progress=False, n_threads=1, **options)

        return search, sum(
            array.nbytes for array in retriever.scores.values() if isinstance(array, np.ndarray)
        )

    return make


def _tantivy(rows: sparse.csr_matrix, k: int) -> Made:
    import tantivy  # noqa: PLC0415  # a peer alone

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="whitespace")
    schema = builder.build()
    folder = tempfile.mkdtemp(prefix="index-benchmark-")
    index = tantivy.Index(schema, path=folder)
    writer = index.writer(heap_size=500_000_000, num_threads=2)
    for start in range(rows.shape[0]):
        row = rows.indices[rows.indptr[start] : rows.indptr[start + 1]]
        writer.add_document(tantivy.Document(text=" ".join(f"w{column}" for column in row)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: sparse.csr_matrix) -> Any:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", f"w{c}"))
            for c in query.indices
        ]
        return searcher.search(tantivy.Query.boolean_query(terms), k)

    return search, sum(path.stat().st_size for path in Path(folder).iterdir())


_PEERS = (
    ("bm25s (numba)", "bm25s", _bm25("bm25s")),
    ("bm25q (numba)", "bm25q", _bm25("bm25q")),
    ("bm25q (quantised)", "bm25q", _bm25("bm25q", quantize=True)),
    ("tantivy", "tantivy", _tantivy),
    ("scipy + argpartition", "scipy", _scipy),
    ("sparse_dot_topn", "sparse_dot_topn", _sparse_dot_topn),
    ("cosine_similarity", "sklearn", _tutorial),
)
