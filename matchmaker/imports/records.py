"""A capability from the record of a patent or a paper: by its labels and words alone.

Read are RIS, exports of EndNote, NoteExpress and CNKI, and documents with labelled parts (摘要：…).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matchmaker.engine import detect_language
from matchmaker.listings.rules import MAX_SECTORS
from matchmaker.listings.values import LONGEST
from matchmaker.tables import values

# What a label says, by the label as exports and documents write it.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "%T", "Title", "题名", "标题", "发明名称", "实用新型名称", "成果名称",
              "项目名称", "论文题目", "Título"),
    "abstract": ("AB", "N2", "%X", "Abstract", "Summary", "摘要", "成果简介", "技术简介",
                 "Resumen"),
    "keywords": ("KW", "%K", "Keywords", "Key words", "Keyword", "关键词", "Palabras clave"),
    "source": ("JO", "JF", "T2", "%J", "Journal", "Source", "文献来源", "刊名"),
    "year": ("PY", "Y1", "%D", "Year", "PubTime", "发表时间", "年份"),
    "number": ("DO", "SN", "M1", "%N", "DOI", "Patent Number", "专利号", "申请号", "公开号",
               "授权公告号", "登记号"),
    "type": ("TY", "%0", "Reference Type", "SrcDatabase", "来源库", "文献类型"),
}  # fmt: skip
_BY_LABEL = {label.lower(): name for name, labels in _LABELS.items() for label in labels}
_RIS = re.compile(r"^([A-Z][A-Z0-9])  ?- ?(.*)$")
_ENDNOTE = re.compile(r"^(%[A-Z0-9]) (.*)$")
_BRACED = re.compile(r"^\{([^}]{2,30})\}: ?(.*)$")
_LABELLED = re.compile(
    r"^[（(\[]?\d{0,2}[)）\]]?\s*(?:[A-Za-z]{2,20}-)?([A-Za-z一-鿿][A-Za-z íá一-鿿]{1,20}?)\s*"
    r"[:：\]】]\s*(.*)$"
)
_OTHER_LABEL = re.compile(
    r"^(?:[A-Z][A-Z0-9]  ?- ?|%[A-Z0-9] |\{[^}]+\}:|[A-Za-z]{2,20}-[一-鿿]+[:：])"
)
_SENTENCE = re.compile(r"[^。！？!?\n.；;]*(?:\.(?=\d)[^。！？!?\n.；;]*)*[。！？!?.；;]?")
_BREAK = re.compile(r"[;；,，、\n]+")
_PATENT = re.compile(r"patent|专利", re.I)
_GRANTED = re.compile(r"授权公告|已授权|专利权人|granted|concedida", re.I)
_NOT_YET = re.compile(r"未|尚|拟|将|计划|\bnot\b|\bwill\b|\bplan|\bsin\b", re.I)
_RUNS = re.compile(
    r"已在|投产|推广应用|应用于.{2,20}(?:厂|公司|基地|园区)|in operation|en funcionamiento"
)
_LOWEST_STAGE = 4  # words of earlier stages, such as 研发, say too little


@dataclass(slots=True)
class Record:
    """The labelled parts of a record, with the rest of its text."""

    parts: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(slots=True)
class Filled:
    """The fields of a capability, and for each the words that it rests on."""

    values: dict[str, Any] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any, sentence: str) -> None:
        if value:
            self.values[name], self.sentences[name] = value, sentence.strip()[:600]


def read(text: str) -> Record:
    """Return the labelled parts of a text; without a labelled title, its first line is one."""
    record, last = Record(text=text), ""
    for line in map(str.strip, text.replace("\r", "").split("\n")):
        label, rest = _labelled(line)
        if label:
            last = label
            known = record.parts.get(label)
            join = "；" if label == "keywords" else " "
            record.parts[label] = f"{known}{join}{rest}" if known and rest else known or rest
        elif _OTHER_LABEL.match(line) or (not line and record.parts.get(last)):
            last = ""
        elif last in ("title", "abstract", "keywords"):
            record.parts[last] = f"{record.parts[last]} {line}".strip()
    if not record.parts.get("title"):
        first = next((line for line in map(str.strip, text.split("\n")) if line), "")
        record.parts["title"] = first if len(first) <= LONGEST["title"] else ""
    return record


def _labelled(line: str) -> tuple[str, str]:
    for pattern in (_RIS, _ENDNOTE, _BRACED, _LABELLED):
        found = pattern.match(line)
        if found and (name := _BY_LABEL.get(found[1].strip().lower())):
            return name, found[2].strip()
    return "", ""


def fill(record: Record) -> Filled:
    """Return what a record says of a capability; nothing is made up."""
    filled, parts = Filled(), record.parts
    title, abstract = " ".join(parts.get("title", "").split()), parts.get("abstract", "")
    filled.put("title", title[: LONGEST["title"]], title)
    sentences = [one.strip() for one in _SENTENCE.findall(abstract) if one.strip()]
    summary = ""
    for one in sentences[:3]:
        if len(summary) + len(one) < LONGEST["summary"]:
            summary = f"{summary} {one}".strip() if one.isascii() else summary + one
    filled.put("summary", summary, sentences[0] if sentences else "")
    filled.put("description", abstract[: LONGEST["description"]], sentences[0] if sentences else "")
    keywords = parts.get("keywords", "")
    codes = dict.fromkeys(filter(None, map(values.sector, map(str.strip, _BREAK.split(keywords)))))
    filled.put("sectors", tuple(codes)[:MAX_SECTORS], keywords)
    told = [parts[name] for name in ("number", "source", "year") if parts.get(name)]
    if told == [parts.get("year")]:
        told = []  # a year alone shows nothing
    filled.put("evidence", "; ".join(told), "; ".join(told))
    _put_stage(filled, record)
    _put_rights(filled, record)
    runs = [one.strip() for one in _SENTENCE.findall(record.text) if _RUNS.search(one)]
    certain = [one for one in runs if not _NOT_YET.search(one)][:3]
    filled.put("deployments", "\n".join(certain)[: LONGEST["deployments"]], " ".join(certain))
    if title or abstract:
        filled.values["language"] = detect_language(f"{title} {abstract}")
    return filled


def _put_stage(filled: Filled, record: Record) -> None:
    """Take the highest stage that a sentence names as reached."""
    stages = [
        (level, word)
        for level, words in values.words()["levels"].items()
        if level >= _LOWEST_STAGE
        for word in words
        if len(word) > 1
    ]
    reached = [
        (level, one)
        for one in _SENTENCE.findall(record.text)
        if not _NOT_YET.search(one)
        for level, word in stages
        if re.search(rf"\b{word}\b" if word.isascii() else word, one, re.I)
    ]
    if reached:
        level, sentence = max(reached, key=lambda one: one[0])
        filled.put("trl", level, sentence)


def _put_rights(filled: Filled, record: Record) -> None:
    kind = record.parts.get("type", "")
    is_patent = kind.upper() == "PAT" or _PATENT.search(f"{kind} {record.parts.get('number', '')}")
    if not is_patent and "发明名称" not in record.text:
        return
    line = next((one for one in record.text.split("\n") if _GRANTED.search(one)), "")
    filled.put("ip_status", "granted" if line else "pending", line or kind)
