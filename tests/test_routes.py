"""Every route for every kind of visitor: who is let through. An unlisted route fails the suite.

Somebody signed in is let through unless the answer is "there is no such page", and a visitor
unless it is that or "please sign in". A form may still find fault with what is sent.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Scene
from tests.world import (
    ALL,
    ALL_CURATORS,
    CURATORS,
    MEMBERS,
    OWN,
    PARTNER,
    SIGNED_IN,
    WRITERS,
    browser_of,
    build_world,
    status_of,
    visit,
)

Route = tuple[str, str]

DESK = "/desk/organisations/{west}"
ACCOUNT = "/organisations/{west}/account"
CLAIM = "/organisation/claims/{claim}"
MERGE = DESK + "/merge/{north}"
OWNERS = {"owner", "partner", "stranger", "unverified"}  # of any organisation
BEGIN = "/matches/{match}/agreements/new/secondment"
AGREEMENT = "/agreements/{agreement}"
PERSON = AGREEMENT + "/people/{person}"
MILESTONE = AGREEMENT + "/milestones/{milestone}"
IMPORT = "/our/imports/{import}"
BATCH = "/desk/imports/{batch}"
SLOT = AGREEMENT + "/slots/{slot}"

# endpoint and method → (address, who is let through)
ROUTES: dict[Route, tuple[str, set[str]]] = {
    # the site and the plan
    ("home.front", "GET"): ("/", ALL),
    ("plan.index", "GET"): ("/plan", ALL),
    ("plan.task", "GET"): ("/plan/tasks/{task}", ALL),
    ("plan.regions", "GET"): ("/regions", ALL),
    ("home.manual", "GET"): ("/help", ALL),
    ("home.manual_picture", "GET"): ("/help/images/en/need.png", ALL),
    ("home.health", "GET"): ("/health", ALL),
    ("home.ready", "GET"): ("/ready", ALL),
    ("home.choose_language", "POST"): ("/language", ALL),
    ("home.index", "GET"): ("/home", SIGNED_IN),
    ("notices.index", "GET"): ("/notices", SIGNED_IN),
    ("notices.open_notice", "POST"): ("/notices/{notice}/open", {"owner"}),
    ("notices.read_all", "POST"): ("/notices/read", SIGNED_IN),
    ("notices.preferences.choose", "GET"): ("/notices/preferences", SIGNED_IN),
    ("notices.preferences.choose", "POST"): ("/notices/preferences", SIGNED_IN),
    ("notices.preferences.unsubscribe", "GET"): ("/unsubscribe/{unsubscribe}", ALL),
    ("notices.preferences.unsubscribe", "POST"): ("/unsubscribe/{unsubscribe}", ALL),
    # one's own account
    ("account.sign_in", "GET"): ("/sign-in", ALL),
    ("account.sign_in", "POST"): ("/sign-in", ALL),
    ("account.sign_out", "POST"): ("/sign-out", SIGNED_IN),
    ("account.forgot", "GET"): ("/forgot-password", ALL),
    ("account.forgot", "POST"): ("/forgot-password", ALL),
    ("account.reset", "GET"): ("/reset-password/{reset}", ALL),
    ("account.reset", "POST"): ("/reset-password/{reset}", ALL),
    ("account.profile", "GET"): ("/account", SIGNED_IN),
    ("account.profile", "POST"): ("/account", SIGNED_IN),
    ("account.change_password", "GET"): ("/account/password", SIGNED_IN),
    ("account.change_password", "POST"): ("/account/password", SIGNED_IN),
    ("account.code", "GET"): ("/sign-in/code", ALL),
    ("account.code", "POST"): ("/sign-in/code", ALL),
    ("account.prove", "GET"): ("/account/prove", SIGNED_IN),
    ("account.prove", "POST"): ("/account/prove", SIGNED_IN),
    ("account.sessions.index", "GET"): ("/account/sessions", SIGNED_IN),
    ("account.sessions.end", "POST"): ("/account/sessions/{session}/end", {"owner"}),
    ("account.sessions.end_others", "POST"): ("/account/sessions/end-others", SIGNED_IN),
    ("account.factor.index", "GET"): ("/account/second-factor", SIGNED_IN),
    ("account.factor.begin", "POST"): ("/account/second-factor/begin", SIGNED_IN),
    ("account.factor.set_up", "GET"): ("/account/second-factor/set-up", SIGNED_IN),
    ("account.factor.set_up", "POST"): ("/account/second-factor/set-up", SIGNED_IN),
    ("account.factor.renew_codes", "POST"): (
        "/account/second-factor/recovery-codes",
        {"partner"},
    ),  # who has an app
    ("account.factor.remove", "POST"): ("/account/second-factor/remove", SIGNED_IN),
    ("account.institution.go", "GET"): ("/sign-in/institution", set()),
    ("account.institution.come_back", "GET"): ("/sign-in/institution/answer", set()),
    ("account.institution.unlink", "POST"): ("/account/institution/unlink", {"owner"}),
    ("account.institution.allow", "POST"): ("/account/institution/allow", {"editor"}),
    ("account.contact.change", "GET"): ("/account/contact", ALL_CURATORS),
    ("account.contact.change", "POST"): ("/account/contact", ALL_CURATORS),
    ("account.email.change", "GET"): ("/account/email", SIGNED_IN),
    ("account.email.change", "POST"): ("/account/email", SIGNED_IN),
    ("account.email.confirm", "GET"): ("/new-email/{new_email}", ALL),
    ("account.email.confirm", "POST"): ("/new-email/{new_email}", ALL),
    ("account.email.take_back", "GET"): ("/former-email/{former_email}", ALL),
    ("account.email.take_back", "POST"): ("/former-email/{former_email}", ALL),
    ("privacy.index", "GET"): ("/privacy", ALL),
    ("privacy.data", "GET"): ("/account/data", SIGNED_IN),
    ("privacy.export", "POST"): ("/account/data/export", SIGNED_IN),
    ("privacy.erase", "POST"): ("/account/data/erase", SIGNED_IN),
    # administration
    ("admin.accounts.manage", "GET"): ("/admin/accounts", {"admin"}),
    ("admin.accounts.create", "GET"): ("/admin/accounts/new", {"admin"}),
    ("admin.accounts.create", "POST"): ("/admin/accounts/new", {"admin"}),
    ("admin.accounts.account", "GET"): ("/admin/accounts/{loner}", {"admin"}),
    ("admin.accounts.suspend", "POST"): ("/admin/accounts/{loner}/suspend", {"admin"}),
    ("admin.accounts.reinstate", "POST"): ("/admin/accounts/{loner}/reinstate", {"admin"}),
    ("admin.accounts.give_role", "POST"): ("/admin/accounts/{loner}/roles", {"admin"}),
    ("admin.accounts.confirm_role", "POST"): (
        "/admin/accounts/{loner}/requests/{request}/confirm",
        {"admin"},
    ),
    ("admin.accounts.drop_role", "POST"): (
        "/admin/accounts/{loner}/requests/{request}/drop",
        {"admin"},
    ),
    ("admin.accounts.take_role", "POST"): (
        "/admin/accounts/{evaluator}/roles/{role}/take",
        {"admin"},
    ),
    ("admin.accounts.remove_factor", "POST"): (
        "/admin/accounts/{partner}/second-factor/remove",
        {"admin"},
    ),
    ("admin.organisations.index", "GET"): ("/admin/organisations", {"admin"}),
    ("admin.organisations.owner", "GET"): ("/admin/organisations/{west}/owner", {"admin"}),
    ("admin.organisations.owner", "POST"): ("/admin/organisations/{west}/owner", {"admin"}),
    ("admin.audit.index", "GET"): ("/admin/audit", {"admin"}),
    ("admin.audit.download", "GET"): ("/admin/audit.csv", {"admin"}),
    ("admin.security.index", "GET"): ("/admin/security", {"admin"}),
    ("admin.security.download", "GET"): ("/admin/security.csv", {"admin"}),
    ("operations.index", "GET"): ("/admin/operations", {"admin"}),
    ("operations.metrics", "GET"): ("/metrics", set()),  # a token is asked for
    ("admin.processes.index", "GET"): ("/admin/processes", {"admin"}),
    # organisations
    ("organisation.register", "GET"): ("/register", ALL),
    ("organisation.register", "POST"): ("/register", ALL),
    ("organisation.confirm", "GET"): ("/confirm/{confirm}", ALL),
    ("organisation.confirm", "POST"): ("/confirm/{confirm}", ALL),
    ("organisation.members.invitation", "GET"): ("/invitations/{invited}", ALL),
    ("organisation.members.invitation", "POST"): (
        "/invitations/{invited}",
        {"visitor"},
    ),  # it is for another address
    ("organisation.members.mine", "GET"): ("/organisation", SIGNED_IN),
    ("organisation.edit", "GET"): (
        "/organisation/edit",
        {"owner", "partner", "stranger", "unverified"},
    ),
    ("organisation.edit", "POST"): (
        "/organisation/edit",
        {"owner", "partner", "stranger", "unverified"},
    ),
    ("organisation.close", "GET"): ("/organisations/{west}/closing", {"owner", "admin"}),
    ("organisation.close", "POST"): ("/organisations/{west}/closing", {"owner", "admin"}),
    ("organisation.members.invite", "POST"): (
        "/organisation/invitations",
        {"owner", "partner", "stranger", "unverified"},
    ),
    ("organisation.members.withdraw_invitation", "POST"): (
        "/organisation/invitations/{invitation}/withdraw",
        {"owner"},
    ),
    ("organisation.members.change_role", "POST"): (
        "/organisation/members/{membership}/role",
        {"owner"},
    ),
    ("organisation.members.remove_member", "POST"): (
        "/organisation/members/{membership}/remove",
        {"owner"},
    ),
    ("organisation.members.leave", "POST"): ("/organisation/leave", MEMBERS),
    ("organisation.looks.index", "GET"): (
        "/organisation/looks",
        {"owner", "partner", "stranger", "unverified"},
    ),
    ("organisation.files.index", "GET"): ("/organisation/files", OWNERS | {"editor"}),
    ("organisation.show", "GET"): ("/organisations/{west}", ALL),
    ("organisation.directory.index", "GET"): ("/organisations", ALL),
    ("organisation.verification.show", "GET"): ("/organisation/verification", OWNERS),
    ("organisation.verification.send", "POST"): ("/organisation/verification", OWNERS),
    ("organisation.people.index", "GET"): ("/organisation/people", OWNERS),
    ("organisation.people.index", "POST"): ("/organisation/people", OWNERS),
    ("organisation.people.remove", "POST"): ("/organisation/people/{shown}/remove", {"owner"}),
    ("organisation.people.answer", "GET"): ("/people/{consent}", ALL),
    ("organisation.people.answer", "POST"): ("/people/{consent}", ALL),
    ("organisation.joining.accept", "POST"): (
        "/organisation/requests/{request_to_join}/accept",
        {"owner"},
    ),
    ("organisation.joining.decline", "POST"): (
        "/organisation/requests/{request_to_join}/decline",
        {"owner"},
    ),
    ("organisation.joining.withdraw", "POST"): (
        "/organisation/requests/{request_to_join}/withdraw",
        {"loner"},
    ),
    ("organisation.claims.new", "GET"): (ACCOUNT, MEMBERS - {"owner"} | {"loner"}),
    ("organisation.claims.ask", "POST"): (ACCOUNT, MEMBERS - {"owner"} | {"loner"}),
    ("organisation.claims.show", "GET"): (CLAIM, {"loner", "owner"}),
    ("organisation.claims.reply", "POST"): (CLAIM + "/reply", {"loner"}),
    ("organisation.claims.withdraw", "POST"): (CLAIM + "/withdraw", {"loner"}),
    ("organisation.claims.object_to", "POST"): (CLAIM + "/objection", {"owner"}),
    ("organisation.claims.answer_mail", "GET"): ("/account-requests/{claim_link}", ALL),
    ("organisation.claims.answer_mail", "POST"): ("/account-requests/{claim_link}", ALL),
    ("desk.claims.show", "GET"): ("/desk/claims/{claim}", CURATORS),
    ("desk.claims.ask", "POST"): ("/desk/claims/{claim}/ask", CURATORS),
    ("desk.claims.approve", "POST"): ("/desk/claims/{claim}/approve", CURATORS),
    ("desk.claims.refuse", "POST"): ("/desk/claims/{claim}/refuse", CURATORS),
    ("desk.organisations.verify", "GET"): (DESK, CURATORS),
    ("desk.organisations.verify", "POST"): (DESK, CURATORS),
    ("desk.organisations.refuse", "POST"): (DESK + "/refuse", CURATORS),
    ("desk.organisations.ask_for_more", "POST"): (DESK + "/ask", CURATORS),
    ("desk.organisations.confirm", "POST"): (DESK + "/confirm", CURATORS),
    ("desk.organisations.refuse_identity", "POST"): (DESK + "/refuse-identity", CURATORS),
    ("desk.organisations.revert", "POST"): (DESK + "/changes/{change}/revert", CURATORS),
    ("desk.organisations.grant_posting", "POST"): (DESK + "/posting", CURATORS),
    ("account.acting.choose", "GET"): ("/acting", SIGNED_IN),
    ("account.acting.choose", "POST"): ("/acting", set()),  # nobody has several
    ("organisation.likely.show", "GET"): ("/register/likely", {"loner"}),
    ("organisation.likely.show", "POST"): ("/register/likely", {"loner"}),
    ("desk.merging.merge", "GET"): (MERGE, {"national"}),
    ("desk.merging.merge", "POST"): (MERGE, {"national"}),
    ("desk.merging.undo", "POST"): ("/desk/mergers/{merger}/undo", CURATORS),
    ("desk.organisations.suspend", "GET"): (
        "/organisations/{west}/suspension",
        CURATORS | {"admin"},
    ),
    ("desk.organisations.suspend", "POST"): (
        "/organisations/{west}/suspension",
        CURATORS | {"admin"},
    ),
    ("desk.organisations.reinstate", "POST"): (
        "/organisations/{west}/reinstate",
        CURATORS | {"admin"},
    ),
    # needs and capabilities
    ("listings.browse", "GET"): ("/listings", ALL),
    ("listings.show", "GET"): ("/listings/{need}", ALL),
    ("listings.mine", "GET"): ("/our/listings", MEMBERS),
    ("listings.of_organisation", "GET"): ("/organisations/{west}/listings", ALL),
    ("listings.approach.consider", "GET"): ("/listings/{need}/approach", SIGNED_IN),
    ("listings.approach.send", "POST"): (
        "/listings/{need}/approach",
        {"partner", "stranger", "unverified"},
    ),
    ("listings.kept.index", "GET"): ("/account/kept", SIGNED_IN),
    ("listings.kept.keep", "POST"): ("/listings/{need}/bookmark", SIGNED_IN),
    ("listings.kept.remove", "POST"): ("/account/kept/{bookmark}/remove", {"stranger"}),
    ("listings.kept.save_search", "POST"): ("/account/searches", SIGNED_IN),
    ("listings.kept.delete_search", "POST"): ("/account/searches/{search}/delete", {"stranger"}),
    ("listings.edit.create", "GET"): ("/listings/new/need", MEMBERS - {"viewer"}),
    ("listings.edit.create", "POST"): ("/listings/new/need", MEMBERS - {"viewer"}),
    ("listings.edit.revise", "GET"): ("/listings/{need}/edit", WRITERS),
    ("listings.edit.revise", "POST"): ("/listings/{need}/edit", WRITERS),
    ("listings.annex.index", "GET"): ("/listings/{need}/annex", WRITERS),
    ("listings.annex.add", "POST"): ("/listings/{need}/annex", WRITERS),
    ("listings.annex.delete", "POST"): ("/listings/{need}/annex/{annex_file}/delete", WRITERS),
    ("listings.life.submit", "POST"): ("/listings/{need}/submit", WRITERS),
    ("listings.life.pause", "POST"): ("/listings/{need}/pause", WRITERS),
    ("listings.life.resume", "POST"): ("/listings/{need}/resume", WRITERS),
    ("listings.life.confirm", "POST"): ("/listings/{need}/confirm", WRITERS),
    ("listings.renewal.answer", "GET"): ("/renewals/{renewal}", ALL),
    ("listings.renewal.answer", "POST"): ("/renewals/{renewal}", ALL),
    ("listings.life.renew", "POST"): ("/listings/{need}/renew", WRITERS),
    ("listings.life.close", "POST"): ("/listings/{need}/close", WRITERS),
    ("listings.life.copy", "POST"): ("/listings/{need}/copy", WRITERS),
    ("listings.life.delete", "POST"): ("/listings/{need}/delete", WRITERS),
    ("exports.own", "GET"): ("/our/listings.xlsx", MEMBERS),
    ("exports.found", "GET"): ("/listings.jsonl", SIGNED_IN),
    ("exports.feed", "GET"): ("/listings.atom", ALL),
    ("account.feeds.index", "GET"): ("/account/feeds", SIGNED_IN),
    ("account.feeds.make", "POST"): ("/account/feeds", SIGNED_IN),
    ("account.feeds.revoke", "POST"): ("/account/feeds/end", SIGNED_IN),
    ("exports.own_deadlines", "GET"): ("/feeds/{feed_of_partner}/deadlines.ics", ALL),
    ("exports.own_search", "GET"): ("/feeds/{feed}/searches/{search}.atom", ALL),
    ("exports.deadlines", "GET"): ("/account/deadlines.ics", SIGNED_IN),
    ("imports.index", "GET"): ("/our/imports", MEMBERS - {"viewer"}),
    ("imports.upload", "POST"): ("/our/imports", MEMBERS - {"viewer"}),
    ("imports.show", "GET"): (IMPORT, WRITERS),
    ("imports.columns", "GET"): (IMPORT + "/columns", WRITERS),
    ("imports.map_columns", "POST"): (IMPORT + "/columns", WRITERS),
    ("imports.run", "POST"): (IMPORT + "/run", WRITERS),
    ("imports.undo", "POST"): (IMPORT + "/undo", WRITERS),
    ("imports.discard", "POST"): (IMPORT + "/discard", WRITERS),
    ("imports.refused_rows", "GET"): (IMPORT + "/refused.xlsx", WRITERS),
    ("imports.curators.index", "GET"): ("/desk/imports", ALL_CURATORS),
    ("imports.curators.upload", "POST"): ("/desk/imports", ALL_CURATORS),
    ("imports.curators.index_for", "GET"): (DESK + "/imports", CURATORS),
    ("imports.curators.upload_for", "POST"): (DESK + "/imports", CURATORS),
    ("imports.curators.show", "GET"): (BATCH, {"curator"}),
    ("imports.curators.place", "POST"): (BATCH + "/place", {"curator"}),
    ("imports.curators.run", "POST"): (BATCH + "/run", {"curator"}),
    ("imports.curators.take", "POST"): (BATCH + "/take", {"curator"}),
    ("imports.curators.undo", "POST"): (BATCH + "/undo", {"curator"}),
    ("imports.curators.discard", "POST"): (BATCH + "/discard", {"curator"}),
    ("imports.curators.refused_rows", "GET"): (BATCH + "/refused.xlsx", {"curator"}),
    ("imports.templates.download_for_curators", "GET"): (
        "/desk/imports/templates/organisation-zh.xlsx",
        ALL_CURATORS,
    ),
    ("desk.organisations.invite_owner", "POST"): (DESK + "/owner", CURATORS),
    ("imports.curators.keep", "POST"): (DESK + "/keep", CURATORS),
    ("imports.records.choose", "GET"): ("/our/imports/record", MEMBERS - {"viewer"}),
    ("imports.records.fill", "POST"): ("/our/imports/record", MEMBERS - {"viewer"}),
    ("imports.records.show", "GET"): ("/our/drafts/{filled}/source", PARTNER),
    ("imports.templates.download", "GET"): (
        "/our/imports/templates/need-zh.xlsx",
        MEMBERS - {"viewer"},
    ),
    ("desk.listings.corrections", "GET"): ("/desk/corrections", ALL_CURATORS),
    ("desk.listings.correction", "GET"): ("/desk/corrections/{correction}", CURATORS),
    ("desk.listings.correction", "POST"): ("/desk/corrections/{correction}", CURATORS),
    ("desk.listings.review", "GET"): ("/desk/listings/{need}", CURATORS),
    ("desk.listings.review", "POST"): ("/desk/listings/{need}", CURATORS),
    # suggested partners and matches
    ("partners.mine", "GET"): ("/partners", MEMBERS),
    ("partners.show", "GET"): ("/suggestions/{suggestion}", OWN | PARTNER | CURATORS),
    ("partners.marks.keep", "POST"): ("/suggestions/{suggestion}/keep", WRITERS | PARTNER),
    ("partners.marks.unkeep", "POST"): ("/suggestions/{suggestion}/unkeep", WRITERS | PARTNER),
    ("partners.marks.dismiss", "POST"): ("/suggestions/{suggestion}/dismiss", WRITERS | PARTNER),
    ("partners.marks.restore", "POST"): ("/suggestions/{suggestion}/restore", WRITERS | PARTNER),
    ("partners.express", "POST"): ("/suggestions/{suggestion}/interest", WRITERS | PARTNER),
    ("matches.mine", "GET"): ("/matches", MEMBERS),
    ("matches.show", "GET"): ("/matches/{match}", OWN | PARTNER | CURATORS),
    ("matches.accept", "POST"): ("/matches/{match}/accept", WRITERS | PARTNER),
    ("matches.asking.ask", "POST"): ("/matches/{match}/ask", WRITERS),
    ("matches.asking.answer", "POST"): ("/matches/{match}/answer", PARTNER),
    ("matches.decline", "POST"): ("/matches/{match}/decline", WRITERS | PARTNER),
    ("matches.cancel", "POST"): ("/matches/{match}/cancel", WRITERS | PARTNER),
    ("matches.advance", "POST"): ("/matches/{match}/advance", WRITERS | PARTNER),
    ("matches.take_back", "POST"): ("/matches/{match}/take-back", WRITERS | PARTNER),
    ("matches.again", "POST"): ("/matches/{match}/again", WRITERS | PARTNER),
    ("matches.promise", "POST"): ("/matches/{match}/promise", WRITERS | PARTNER),
    ("matches.revoke", "POST"): ("/matches/{match}/revoke", WRITERS | PARTNER),
    ("matches.end", "POST"): ("/matches/{match}/end", WRITERS | PARTNER),
    # meetings of the two sides
    ("meetings.index", "GET"): ("/matches/{match}/meetings", OWN | PARTNER),
    ("meetings.propose", "GET"): ("/matches/{match}/meetings/new", WRITERS | PARTNER),
    ("meetings.propose", "POST"): ("/matches/{match}/meetings/new", WRITERS | PARTNER),
    ("meetings.show", "GET"): ("/meetings/{meeting}", OWN | PARTNER),
    ("meetings.download", "GET"): ("/meetings/{meeting}/meeting.ics", OWN | PARTNER),
    ("meetings.accept", "POST"): ("/meetings/{meeting}/accept", WRITERS | PARTNER),
    ("meetings.move", "GET"): ("/meetings/{meeting}/move", WRITERS | PARTNER),
    ("meetings.move", "POST"): ("/meetings/{meeting}/move", WRITERS | PARTNER),
    ("meetings.cancel", "POST"): ("/meetings/{meeting}/cancel", WRITERS | PARTNER),
    ("meetings.note_attendance", "POST"): ("/meetings/{meeting}/attendance", WRITERS | PARTNER),
    ("meetings.write_minutes", "POST"): ("/meetings/{meeting}/minutes", WRITERS | PARTNER),
    # agreements of a match
    ("agreements.index", "GET"): ("/matches/{match}/agreements", OWN | PARTNER | CURATORS),
    ("agreements.writing.choose", "GET"): (
        "/matches/{match}/agreements/new",
        WRITERS | PARTNER,
    ),
    ("agreements.writing.begin", "GET"): (BEGIN, WRITERS | PARTNER),
    ("agreements.writing.begin", "POST"): (BEGIN, WRITERS | PARTNER),
    ("agreements.show", "GET"): (AGREEMENT, OWN | PARTNER | CURATORS),
    ("agreements.writing.edit", "GET"): (AGREEMENT + "/edit", WRITERS | PARTNER),
    ("agreements.writing.edit", "POST"): (AGREEMENT + "/edit", WRITERS | PARTNER),
    ("agreements.writing.discard", "POST"): (AGREEMENT + "/discard", WRITERS | PARTNER),
    ("agreements.consent", "POST"): (AGREEMENT + "/consent", WRITERS | PARTNER),
    ("agreements.send_back", "POST"): (AGREEMENT + "/send-back", WRITERS | PARTNER),
    ("agreements.take_back", "POST"): (AGREEMENT + "/take-back", WRITERS | PARTNER),
    ("agreements.end", "POST"): (AGREEMENT + "/end", WRITERS | PARTNER),
    ("agreements.fulfilment.name_person", "POST"): (AGREEMENT + "/people", WRITERS | PARTNER),
    # a person is shown to the side that named them
    ("agreements.fulfilment.person", "GET"): (PERSON, WRITERS),
    ("agreements.fulfilment.note_consent", "POST"): (PERSON + "/consent", WRITERS),
    ("agreements.fulfilment.remove_person", "POST"): (PERSON + "/remove", WRITERS),
    ("agreements.fulfilment.add_milestone", "POST"): (
        AGREEMENT + "/milestones",
        WRITERS | PARTNER,
    ),
    ("agreements.fulfilment.milestone", "GET"): (MILESTONE, WRITERS | PARTNER),
    ("agreements.fulfilment.edit_milestone", "POST"): (MILESTONE, WRITERS | PARTNER),
    ("agreements.fulfilment.finish_milestone", "POST"): (MILESTONE + "/done", WRITERS | PARTNER),
    # a file is deleted by the side that gave it
    ("agreements.fulfilment.remove_file", "POST"): (
        MILESTONE + "/files/{milestone_file}/delete",
        WRITERS,
    ),
    ("agreements.fulfilment.reopen_milestone", "POST"): (MILESTONE + "/reopen", WRITERS | PARTNER),
    ("agreements.fulfilment.remove_milestone", "POST"): (MILESTONE + "/remove", WRITERS | PARTNER),
    ("agreements.fulfilment.note_payment", "POST"): (AGREEMENT + "/payments", WRITERS | PARTNER),
    ("agreements.fulfilment.undo_payment", "POST"): (
        AGREEMENT + "/payments/1/undo",
        WRITERS | PARTNER,
    ),
    ("agreements.fulfilment.log_service", "POST"): (AGREEMENT + "/log", WRITERS | PARTNER),
    # an entry is struck out by the side that wrote it
    ("agreements.fulfilment.strike_service", "POST"): (AGREEMENT + "/log/{entry}/strike", WRITERS),
    ("agreements.registration.show", "GET"): (
        AGREEMENT + "/registration",
        OWN | PARTNER | CURATORS,
    ),
    ("agreements.registration.prepare", "POST"): (
        AGREEMENT + "/registration",
        WRITERS | PARTNER,
    ),
    ("agreements.registration.record_number", "POST"): (
        AGREEMENT + "/registration/number",
        WRITERS | PARTNER,
    ),
    ("agreements.slots.choose_facility", "POST"): (AGREEMENT + "/facility", WRITERS | PARTNER),
    ("agreements.slots.offer", "POST"): (AGREEMENT + "/slots", WRITERS | PARTNER),
    ("agreements.slots.booking", "GET"): (SLOT, WRITERS | PARTNER),
    ("agreements.slots.book", "POST"): (SLOT + "/book", WRITERS | PARTNER),
    ("agreements.slots.release", "POST"): (SLOT + "/release", WRITERS | PARTNER),
    # a slot is withdrawn by the owner of the facility
    ("agreements.slots.withdraw", "POST"): (SLOT + "/withdraw", PARTNER),
    ("conversations.show", "GET"): ("/matches/{match}/messages", OWN | PARTNER),
    ("conversations.post", "POST"): ("/matches/{match}/messages", WRITERS | PARTNER),
    ("conversations.keep_draft", "POST"): ("/matches/{match}/messages/draft", WRITERS | PARTNER),
    ("conversations.delete", "POST"): (
        "/matches/{match}/messages/{message}/delete",
        WRITERS | PARTNER,
    ),
    ("conversations.invite_curators", "POST"): ("/matches/{match}/curators", WRITERS | PARTNER),
    ("conversations.dismiss_curators", "POST"): (
        "/matches/{match}/curators/dismiss",
        WRITERS | PARTNER,
    ),
    ("files.download", "GET"): ("/files/{file}", OWN | PARTNER),
    # what came of a match
    ("outcomes.index", "GET"): ("/matches/{match}/outcomes", OWN | PARTNER | CURATORS),
    ("outcomes.report", "GET"): ("/matches/{match}/outcomes/new", WRITERS | PARTNER),
    ("outcomes.report", "POST"): ("/matches/{match}/outcomes/new", WRITERS | PARTNER),
    ("outcomes.verify_match", "POST"): ("/matches/{match}/outcomes/verify", CURATORS),
    ("outcomes.rate", "POST"): ("/matches/{match}/satisfaction", WRITERS | PARTNER),
    ("outcomes.correct", "GET"): ("/outcomes/{outcome}/correct", WRITERS | PARTNER),
    ("outcomes.correct", "POST"): ("/outcomes/{outcome}/correct", WRITERS | PARTNER),
    ("outcomes.confirm", "POST"): ("/outcomes/{outcome}/confirm", WRITERS | PARTNER),
    ("outcomes.dispute", "POST"): ("/outcomes/{outcome}/dispute", WRITERS | PARTNER),
    ("outcomes.withdraw", "POST"): ("/outcomes/{outcome}/withdraw", WRITERS | PARTNER),
    ("outcomes.verify", "POST"): ("/outcomes/{outcome}/verify", CURATORS),
    ("outcomes.send_back", "POST"): ("/outcomes/{outcome}/send-back", CURATORS),
    ("outcomes.follow_up.follow_up", "GET"): ("/follow-up/{follow_up}", ALL),
    ("outcomes.follow_up.follow_up", "POST"): ("/follow-up/{follow_up}", ALL),
    ("desk.results.download", "GET"): ("/desk/results.csv", ALL_CURATORS),
    # the desk
    ("desk.index", "GET"): ("/desk", ALL_CURATORS),
    ("desk.suggestions.index", "GET"): ("/desk/suggestions", ALL_CURATORS),
    ("desk.suggestions.show", "GET"): ("/desk/suggestions/{suggestion}", CURATORS),
    ("desk.suggestions.shortlist", "POST"): ("/desk/suggestions/{suggestion}/shortlist", CURATORS),
    ("desk.suggestions.release", "POST"): ("/desk/suggestions/{suggestion}/release", CURATORS),
    ("desk.suggestions.hold_back", "POST"): ("/desk/suggestions/{suggestion}/hold-back", CURATORS),
    ("desk.suggestions.propose", "POST"): ("/desk/suggestions/{suggestion}/propose", CURATORS),
    ("desk.suggestions.judge", "POST"): ("/desk/suggestions/{suggestion}/judge", CURATORS),
    ("desk.quality.index", "GET"): ("/desk/quality", ALL_CURATORS | {"evaluator"}),
    ("desk.quality.measure", "POST"): ("/desk/quality/measure", ALL_CURATORS),
    ("desk.quality.download_judged", "GET"): ("/desk/quality/judged.zip", ALL_CURATORS),
    ("desk.suggestions.decide", "POST"): ("/desk/suggestions/decide", ALL_CURATORS),
    ("desk.matches.index", "GET"): ("/desk/matches", ALL_CURATORS),
    ("desk.matches.as_csv", "GET"): ("/desk/matches.csv", ALL_CURATORS),
    ("desk.matches.as_xlsx", "GET"): ("/desk/matches.xlsx", ALL_CURATORS),
    ("desk.matches.put_right", "GET"): ("/desk/matches/{match}/right", CURATORS),
    ("desk.matches.put_right", "POST"): ("/desk/matches/{match}/right", CURATORS),
    ("desk.nudge", "POST"): ("/desk/matches/{match}/nudge", CURATORS),
    ("desk.follow_up", "POST"): ("/desk/matches/{match}/follow-up", CURATORS),
    ("desk.pairs.add", "GET"): ("/desk/pairs/new", ALL_CURATORS),
    ("desk.pairs.create", "POST"): ("/desk/pairs/new", ALL_CURATORS),
}

# Pages that are not there unless a setting asks for them.
SWITCHED_OFF = {("account.institution.go", "GET"), ("account.institution.come_back", "GET")}


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


def ask(
    app: Flask, world: dict[str, Any], route: Route, who: str, address: str | None = None
) -> int:
    """The status that a kind of visitor gets; a visitor's being sent to sign in counts as 401."""
    address = address or ROUTES[route][0].format(**world)
    if route[1] == "GET":
        return visit(app, world, who, address).status
    return status_of(browser_of(app, world, who).submit(address))


def of(app: Flask) -> set[Route]:
    """Every route of the application but static files."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def test_the_table_has_every_route_and_no_other(app: Flask) -> None:
    assert set(ROUTES) == of(app)


def test_every_view_declares_its_permission(app: Flask) -> None:
    assert [name for name, _ in of(app) if not hasattr(app.view_functions[name], "action")] == []


@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_everybody_else_finds_no_such_page(app: Flask, world: dict[str, Any], route: Route) -> None:
    denied = ALL - ROUTES[route][1]
    answers = {who: ask(app, world, route, who) for who in sorted(denied)}
    assert {who for who, status in answers.items() if status not in (401, 404)} == set()
    assert answers.get("visitor") in (None, 404 if route in SWITCHED_OFF else 401)


READS = sorted(route for route in ROUTES if route[1] == "GET")
# The last of those who may write stands for the others, but in `make examine`.
WRITES = [
    pytest.param(route, who, marks=[pytest.mark.slow] * (who != max(ROUTES[route][1])))
    for route in sorted(ROUTES)
    if route[1] == "POST"
    for who in sorted(ROUTES[route][1])
]


@pytest.mark.parametrize("route", READS, ids=" ".join)
def test_who_may_read_is_let_through(app: Flask, world: dict[str, Any], route: Route) -> None:
    answers = {who: ask(app, world, route, who) for who in sorted(ROUTES[route][1])}
    assert {who: status for who, status in answers.items() if status not in (200, 303)} == {}


@pytest.mark.parametrize(
    ("route", "who"), WRITES, ids=lambda part: part if isinstance(part, str) else part[0]
)
def test_who_may_write_is_let_through(
    app: Flask, world: dict[str, Any], route: Route, who: str
) -> None:
    status = ask(app, world, route, who)
    assert status not in (401, 403, 404)
    assert status < 500


@pytest.mark.parametrize("route", [r for r in sorted(ROUTES) if "{" in ROUTES[r][0]], ids=" ".join)
def test_what_is_absent_answers_as_what_is_forbidden(
    app: Flask, world: dict[str, Any], route: Route
) -> None:
    nothing = dict.fromkeys(world, 999_999)
    for who in ("visitor", "loner", "owner", "national", "admin"):
        address = ROUTES[route][0].format(**nothing)
        expected = (401, 404) if who == "visitor" else (404,)
        assert ask(app, world, route, who, address) in expected, who
