"""Where the product's own files lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent
ROOT = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else PACKAGE / "bundled"

TEMPLATES = ROOT / "templates"
MIGRATIONS = ROOT / "migrations"
SEED_DATA = ROOT / "seed_data"
MANUAL = ROOT / "docs" / "manual"
STATIC = PACKAGE / "static"
TRANSLATIONS = PACKAGE / "translations"
