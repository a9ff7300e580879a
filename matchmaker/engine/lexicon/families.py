"""Families of English stems, the common space of all languages: *lose* and *lost* are one.

A stemmer keeps derived words apart, but two languages rarely choose the same word of a family.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..text.tokens import stem

_FORMS = """
bear born borne; begin began begun; believe belief; bind bound; break broke broken; breed bred;
bring brought; build built; buy bought; catch caught; child children; choose chose chosen;
die dead death; draw drew drawn; drive drove driven; fall fell fallen; feed fed; feel felt;
fight fought; find found; fly flew flown; foot feet; forget forgotten; freeze froze frozen;
give gave given; grow grew grown growth; hide hidden; hold held; keep kept; know knew known;
lead led; lose lost; man men; meet met; mouse mice; ox oxen; pay paid; prove proof; ride ridden;
ring rang rung; rise rose risen; run ran; say said; seek sought; sell sold; send sent; show shown;
sing sang sung; sink sank sunk; sleep slept; speak spoke spoken; speed sped; spend spent;
stand stood; strike struck; swim swam; take took taken; teach taught; tell told; think thought;
tooth teeth; wear wore worn; win won; wind wound; wolf wolves; woman women; write wrote written
"""


def _read() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _FORMS.replace("\n", " ").split(";"):
        base, *forms = line.split()
        table.update((stem(form, "en"), stem(base, "en")) for form in forms)
    return {form: base for form, base in table.items() if form != base}


_IRREGULAR = _read()
_ENDINGS = (
    "al|ial|ally|an|ian|arian|ar|ari|ary|at|ate|ator|ation|ativ|ative|anc|ance|ancy|enc|ence|ency|ant|ent|abl|able"
    "|ibl|ible|er|or|itor|ful|hood|ic|ical|if|ifi|ify|ion|ition|is|ise|ist|ism|iti|ity|itiv|itive"
    "|iv|iz|ize|less|ment|ness|ous|ious|ship|ution"
)
_DERIVED = re.compile(rf"([a-z]{{5,}}?)(?:[aeioy]|{_ENDINGS})*")


@lru_cache(maxsize=100_000)
def family(word: str) -> str:
    """Return the common stem of a word's family; other terms are returned unchanged."""
    base = _IRREGULAR.get(word, word)
    derived = _DERIVED.fullmatch(base)
    return derived[1] if derived else base
