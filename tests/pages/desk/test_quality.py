"""The quality of the ranking, measured by curators' judgements: /desk/quality."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import codelists
from matchmaker.audit.models import AuditRecord
from matchmaker.commands.evaluate import evaluate
from matchmaker.commands.match import code_names
from matchmaker.commands.tables import read_listings
from matchmaker.datafiles import read_yaml
from matchmaker.engine.evaluation import MEASURES
from matchmaker.engine.weights import ABLATIONS
from matchmaker.listings.models import Listing
from matchmaker.paths import SEED_DATA
from matchmaker.quality import jobs
from matchmaker.quality import queries as queries_quality
from matchmaker.quality.models import MatchQuality
from matchmaker.quality.rules import LEAST_NEEDS
from tests import factories
from tests.client import Page, PageClient
from tests.counting import statements
from tests.quality.conftest import judged, quick

PATH = "/desk/quality"


def measured(browser: PageClient, session: Session, compute: Any = None) -> MatchQuality:
    """The result of a run that the curator asked for."""
    assert browser.submit(f"{PATH}/measure").status_code == 303
    assert jobs.measure_quality(session, compute=compute) == 1
    session.expire_all()
    return session.scalars(select(MatchQuality)).one()


def zipped(browser: PageClient) -> dict[str, str]:
    response = browser.get(f"{PATH}/judged.zip")
    assert (response.status_code, response.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_without_judgements_the_page_says_what_is_missing(desk: PageClient) -> None:
    page = desk.page(PATH)
    assert "0 needs have an assessed pair" in page.text
    assert "/desk/suggestions" in page.links
    assert "Measure now" not in page.text


def test_too_few_are_not_measured(desk: PageClient, session: Session) -> None:
    judged(session, LEAST_NEEDS - 1)
    assert desk.submit(f"{PATH}/measure").status_code == 422
    assert session.scalars(select(MatchQuality)).all() == []


def test_a_request_is_audited_and_shown_as_being_computed(
    desk: PageClient, session: Session
) -> None:
    judged(session)
    response = desk.submit(f"{PATH}/measure", follow_redirects=True)
    assert "They are computed in the background" in Page(response.text).text
    assert "Measure now" not in response.text
    desk.submit(f"{PATH}/measure")  # asking again changes nothing
    asked = select(AuditRecord.detail).where(AuditRecord.action == "quality.measure")
    assert session.scalars(asked).all() == [{"scope": "63"}]


@pytest.mark.both_databases
def test_the_worker_measures_with_the_engine(desk: PageClient, session: Session) -> None:
    judged(session)
    found = measured(desk, session)
    assert (found.scope, found.requested_at) == ("63", None)
    assert found.result["counts"]["pairs"] == LEAST_NEEDS
    assert set(found.result["measures"]) == {"", *ABLATIONS} - {"meaning"}
    assert found.result["measures"][""]["mrr"][0] > 0.9
    assert found.result["reliability"]
    text = desk.page(PATH).text
    assert "Place of the first good partner (MRR)" in text
    assert "Glossary concepts" in text
    assert "have changed since" not in text
    assert jobs.measure_quality(session) == 0


def test_the_table_shows_values_intervals_and_what_parts_contribute(
    desk: PageClient, session: Session
) -> None:
    judged(session)
    measured(desk, session, quick)
    text = desk.page(PATH).text
    assert "0.500 0.400–0.600" in text
    assert text.index("Glossary concepts −0.250") < text.index("Words 0.000")


@pytest.mark.parametrize(
    ("language", "heading", "row"),
    [
        ("en", "Whether scores keep their promise", "70–80 0.750 0.625 16"),
        ("zh", "得分是否可信", "70—80 0.750 0.625 16"),
        ("es", "Si las puntuaciones cumplen lo que prometen", "70–80 0,750 0,625 16"),
    ],
)
def test_the_page_shows_whether_scores_are_true(
    desk: PageClient, session: Session, language: str, heading: str, row: str
) -> None:
    judged(session)
    measured(desk, session, quick)
    text = desk.speak(language).page(PATH).text
    assert heading in text
    assert row in text
    assert ("5—10 " if language == "zh" else "5–10 ") in text


def test_a_result_from_before_is_shown_with_what_it_has(desk: PageClient, session: Session) -> None:
    def before(work: jobs.MeasuringWork) -> dict[str, Any]:
        return {**quick(work), "measures": {"": {"ndcg": [0.5, 0.4, 0.6]}}, "reliability": []}

    judged(session)
    measured(desk, session, before)
    text = desk.page(PATH).text
    assert "0.500 0.400–0.600" in text
    assert "MRR" not in text
    assert "Whether scores keep" not in text


@pytest.mark.parametrize("language", ["zh", "es"])
def test_figures_follow_the_readers_language(
    desk: PageClient, session: Session, language: str
) -> None:
    judged(session)
    measured(desk, session, quick)
    assert ("0,500" if language == "es" else "0.500") in desk.speak(language).page(PATH).text


def test_a_changed_judgement_text_or_engine_makes_it_stale(
    desk: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = judged(session)[0]
    measured(desk, session, quick)
    assert "have changed since" not in desk.page(PATH).text
    monkeypatch.setattr("matchmaker.pages.desk.quality.ENGINE_VERSION", "99")
    assert "have changed since" in desk.page(PATH).text
    monkeypatch.undo()
    first.grade = 1
    session.commit()
    assert "have changed since" in desk.page(PATH).text
    measured(desk, session, quick)
    assert "have changed since" not in desk.page(PATH).text
    listing = session.get(Listing, first.need_id)
    assert listing is not None
    listing.title = "Another title"
    session.commit()
    assert "have changed since" in desk.page(PATH).text


def test_a_provincial_curator_measures_pairs_of_the_own_provinces(
    desk: PageClient, session: Session
) -> None:
    judged(session, 3)
    judged(session, LEAST_NEEDS, west="65")
    assert "3 needs have an assessed pair" in desk.page(PATH).text


def test_evaluators_read_the_countrys_and_ask_for_nothing(
    client: PageClient, elsewhere: PageClient, session: Session
) -> None:
    judged(session)
    national: PageClient = elsewhere.sign_in(factories.staff("national_curator"))
    assert measured(national, session, quick).scope == "all"
    page = client.sign_in(factories.staff("evaluator")).page(PATH)
    assert "0.500" in page.text
    assert "Measure again" not in page.text
    assert f"{PATH}/judged.zip" not in page.links
    assert PATH in page.links  # in the rail


def test_listings_that_are_not_published_do_not_count(desk: PageClient, session: Session) -> None:
    first = judged(session)[0]
    listing = session.get(Listing, first.capability_id)
    assert listing is not None
    listing.status = "paused"
    session.commit()
    assert f"{LEAST_NEEDS - 1} needs have an assessed pair" in desk.page(PATH).text
    assert f"\n{first.need_id}\t" not in zipped(desk)["qrels.tsv"]


def test_judgements_taken_back_before_the_worker_came(desk: PageClient, session: Session) -> None:
    judgements = judged(session)
    desk.submit(f"{PATH}/measure")
    session.delete(judgements[0])
    session.commit()
    jobs.measure_quality(session)
    assert f"{LEAST_NEEDS - 1} needs have an assessed pair" in desk.page(PATH).text


def test_the_download_is_what_the_command_reads(
    desk: PageClient, session: Session, tmp_path: Path
) -> None:
    judged(session)
    for name, content in zipped(desk).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = CliRunner().invoke(evaluate, [str(tmp_path), "--samples", "10", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["needs_with_partner"] == LEAST_NEEDS


def test_what_is_downloaded_is_what_the_engine_read(
    desk: PageClient, session: Session, tmp_path: Path
) -> None:
    judged(session)
    pairs = queries_quality.judged_pairs(session, "63")
    texts = queries_quality.texts(session, pairs)
    for name, kind in (("needs", "need"), ("capabilities", "capability")):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(zipped(desk)[path.name], encoding="utf-8")
        assert read_listings(path, kind, code_names()) == [
            texts[one] for one in sorted(texts) if texts[one].kind == kind
        ]


def test_annexes_contacts_and_remarks_are_not_downloaded(
    desk: PageClient, session: Session
) -> None:
    first = judged(session)[0]
    listing = session.get(Listing, first.need_id)
    assert listing is not None
    listing.annex = "Zirconfrost furnace"
    first.note = "Quixbrine"
    session.commit()
    everything = "".join(zipped(desk).values())
    assert "Works in winter" in everything
    for secret in ("Zirconfrost", "Quixbrine", "Contact Person", "@example.org", "0971-5550000"):
        assert secret not in everything


def test_another_provinces_pairs_are_not_downloaded(desk: PageClient, session: Session) -> None:
    judged(session, 2, west="65")
    assert zipped(desk)["qrels.tsv"] == "need_id\tcapability_id\tgrade\n"


def test_what_curators_think_of_ones_own_organisation_is_not_downloaded(
    client: PageClient, session: Session
) -> None:
    mine, _ = judged(session, 1), judged(session, 1)
    listing = session.get(Listing, mine[0].need_id)
    assert listing is not None
    organisation = session.get(factories.OrganisationFactory._meta.model, listing.organisation_id)
    user = factories.provincial_curator("63")
    factories.MembershipFactory(organisation=organisation, user=user)
    lines = zipped(client.sign_in(user))["qrels.tsv"].splitlines()
    assert len(lines) == 2
    assert not lines[1].startswith(f"{mine[0].need_id}\t")


def test_the_number_of_queries_does_not_grow(desk: PageClient, session: Session) -> None:
    judged(session)
    measured(desk, session, quick)
    few = statements(lambda: desk.page(PATH))
    judged(session, 20)
    assert statements(lambda: desk.page(PATH)) == few


def test_everything_that_is_measured_has_words() -> None:
    assert (
        codelists.codes("quality_measure")
        == codelists.codes("quality_measure_meaning")
        == tuple(MEASURES)
    )
    assert set(codelists.codes("engine_part")) == set(ABLATIONS)


@pytest.mark.parametrize(
    "name", ["quality_measure", "quality_measure_meaning", "engine_part", "pair_grade"]
)
def test_labels_are_whole(name: str) -> None:
    """An unquoted comma would cut one short and leave its rest as a further language."""
    for labels in read_yaml(SEED_DATA / "codelists.yaml")[name].values():
        assert set(labels) == set(codelists.LANGUAGES)
