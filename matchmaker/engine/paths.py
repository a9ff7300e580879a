"""Where the engine's data files lie."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
