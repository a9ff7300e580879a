"""Reports of undelivered mail, as real mail servers write them."""

from __future__ import annotations

from email import message_from_string, policy

import pytest
from sqlalchemy.orm import Session

from matchmaker.db import now
from matchmaker.notices import bounces, service
from matchmaker.notices.bounces import Bounce
from matchmaker.notices.models import OutboxMail
from matchmaker.organisations.jobs import deliver_mail
from tests.notices.conftest import Postbox

ID = "<outbox-7.c2lnbmVk@example.org>"

POSTFIX = f"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A.1/mx"

--A.1/mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A.1/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0800 (CST)

Final-Recipient: rfc822; gone@example.com
Original-Recipient: rfc822;gone@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: Recipient address
    rejected: User unknown

--A.1/mx
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: The site <matchmaker@example.org>
To: gone@example.com
Message-ID: {ID}
Subject: Hello

Text

--A.1/mx--
"""

HEADERS_ONLY = POSTFIX.replace(
    "Content-Type: message/rfc822", "Content-Type: text/rfc822-headers"
).replace("\n\nText\n", "\n")
WITHOUT_DIAGNOSTIC = POSTFIX.replace(
    """Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: Recipient address
    rejected: User unknown
""",
    "",
)
DELAYED = POSTFIX.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.1")
OUT_OF_OFFICE = """\
From: Ana <ana@example.com>
To: bounces@example.org
Subject: Out of office
In-Reply-To: <outbox-7.c2lnbmVk@example.org>

Back on Monday.
"""
WORDS = "550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(POSTFIX, Bounce(ID, WORDS), id="postfix"),
        pytest.param(POSTFIX.replace("\n", "\r\n"), Bounce(ID, WORDS), id="with CRLF"),
        pytest.param(HEADERS_ONLY, Bounce(ID, WORDS), id="headers alone"),
        pytest.param(WITHOUT_DIAGNOSTIC, Bounce(ID, "5.1.1"), id="a code alone"),
        pytest.param(DELAYED, None, id="a delay"),
        pytest.param(OUT_OF_OFFICE, None, id="an answer"),
        pytest.param("", None, id="nothing"),
        pytest.param(POSTFIX[:900], None, id="cut off"),
        pytest.param("Content-Type: message/delivery-status\n\nx", None, id="no fields"),
    ],
)
def test_a_report_says_which_mail_came_back_and_why(text: str, found: Bounce | None) -> None:
    message = message_from_string(text, policy=policy.default)
    assert bounces.read(message) == found  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_a_mail_that_came_back_is_given_up_once(session: Session, postbox: Postbox) -> None:
    service.mail(session, "gone@example.com", "en", "account.exists", "/")
    session.commit()
    (mail,) = session.query(OutboxMail)
    assert service.bounce(session, mail.id, WORDS) == 0, "it has not been sent yet"
    deliver_mail(session)
    at = now()
    assert [service.bounce(session, mail.id, WORDS, at=at) for _ in range(2)] == [1, 0]
    session.refresh(mail)
    assert (mail.given_up_at, mail.last_error) == (at, WORDS)
