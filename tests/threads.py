"""Several people at once, each with their own application context, session and transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.db import db

Deed = Callable[[Session], Any]


def at_once(app: Flask, deeds: Sequence[Deed]) -> list[Any]:
    """Do all deeds at once, each in its own commit; return each result or exception."""
    db.session.commit()  # the caller's own transaction would be in everybody's way
    gate = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Deed) -> None:
        with app.app_context():
            try:
                gate.wait(timeout=60)
                results[place] = deed(db.session())
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "the deeds block each other"
    return results
