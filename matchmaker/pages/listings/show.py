"""A listing's page: what listings say of it, what cooperation opens of it, its suggested partners and others like it."""

from __future__ import annotations

from flask import render_template

from matchmaker.cooperation import queries as cooperation
from matchmaker.db import db
from matchmaker.listings import queries
from matchmaker.listings.rules import Subject, tier_of
from matchmaker.pages.listings.shown import blueprint, searching, show_context
from matchmaker.pages.partners.views import partners_of
from matchmaker.permissions import may
from matchmaker.search.similar import similar_to
from matchmaker.web.guards import guard
from matchmaker.web.i18n import reader_language
from matchmaker.web.session import current_actor


@blueprint.get("/listings/<int:listing_id>")
@guard("listing.read", load=queries.subject)
def show(subject: Subject) -> str:
    """Its partners are shown to its own organisation and to curators; everybody else sees that it has a page."""
    actor = current_actor()
    facts = cooperation.tier_facts(db.session(), actor, subject.listing.id)
    tier = tier_of(actor, subject, matched=facts.matched, accepted=facts.accepted)
    context = show_context(subject, tier)
    if may(actor, "suggestion.list", subject):
        context["partners"] = partners_of(actor, subject.listing)
    if subject.status == "published":
        context["similar"] = similar_to(db.session(), actor, subject.listing, reader_language(), searching())
    return render_template("listings/show.html", **context)
