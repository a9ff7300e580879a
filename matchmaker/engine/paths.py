"""The folder of the engine's data files."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
