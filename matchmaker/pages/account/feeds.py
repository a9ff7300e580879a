"""The address at which one's own programs read deadlines and saved searches."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.accounts import feeds, queries
from matchmaker.db import db
from matchmaker.pages.account.own import own_account
from matchmaker.search import queries as searches
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.session import current_actor

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/account/feeds")
@guard("kept.read")
def index() -> str:
    return _page()


def _page(token: str | None = None) -> str:
    user = own_account()
    return render_template(
        "account/feeds.html",
        held=queries.feed_address(db.session(), user.id),
        searches=searches.saved_by(db.session(), user.id),
        token=token,
    )


@blueprint.post("/account/feeds")
@guard("kept.read", proved=True)
def make() -> ResponseReturnValue:
    """Make an address and show it this once."""
    token = feeds.make(db.session(), current_actor(), own_account())
    jobs.commit()
    return _page(token)


@blueprint.post("/account/feeds/end")
@guard("kept.read")
def revoke() -> ResponseReturnValue:
    feeds.revoke(db.session(), current_actor(), own_account())
    jobs.commit()
    flash(gettext("The address is cancelled. Programs that use it can no longer read anything."))
    return redirect_to("account.feeds.index")
