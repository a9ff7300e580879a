"""Pages and small tables need no heavy library, which would cost a second and 100 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from matchmaker.paths import ROOT

SCRIPT = """
import sys
from matchmaker import schema
from matchmaker.app import create_app
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.listings import service
from matchmaker.server import warm
from tests import factories
from tests.listings.conftest import (published)

app = create_app(Settings(home=sys.argv[1], secret_key="k" * 40, secure_cookies=False))
with app.app_context():
    schema.migrate(db.engine)
    ids = [published(title=f"Drip irrigation of cotton, field {n}").id for n in range(2)]
warm(app)
browser = app.test_client()
for path in ("/", "/listings", "/listings?q=drip", f"/listings/{ids[0]}", "/plan", "/home"):
    page = browser.get(path)
    assert page.status_code in (200, 302, 303), (path, page.status)
    assert path[:11] != "/listings?q" or "field 1" in page.text
    assert not path.endswith(f"/{ids[0]}") or "field 1" in page.text
heavy = {"sklearn", "joblib", "numba", "llvmlite"} & set(sys.modules)
assert not heavy, heavy
"""


def test_pages_are_served_without_scikit_learn_or_numba(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]


MATCH = """
import json, sys
from click.testing import CliRunner
from matchmaker.commands.match import match

for kind in ("needs", "capabilities"):
    with open(f"{sys.argv[1]}/{kind}.jsonl", "w") as file:
        for n in range(30):
            row = {"id": f"{kind}{n}", "title": f"Drip irrigation of cotton, field {n}"}
            print(json.dumps(row), file=file)
files = [f"{sys.argv[1]}/{kind}.jsonl" for kind in ("needs", "capabilities")]
done = CliRunner().invoke(match, files)
assert (done.exit_code, len(done.stdout.splitlines()) >= 30) == (0, True), done.output
heavy = {"sklearn", "joblib", "numba", "llvmlite", "flask", "sqlalchemy"} & set(sys.modules)
assert not heavy, heavy
"""


def test_small_tables_are_matched_without_them(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", MATCH, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
