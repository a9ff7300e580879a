"""How far long work is: a line filled in place on a terminal, or one for every ten percent."""

from __future__ import annotations

import shutil
from typing import TextIO

BAR = 24


class ProgressLine:
    """A line of progress: called with the percent done and the present work."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self.title, self.stream = title, stream
        self._shown = -1  # the last percent on a terminal, the last full ten elsewhere

    def __call__(self, percent: int, doing: str) -> None:
        step = percent if self.stream.isatty() else percent // 10 * 10
        if step <= self._shown:
            return
        self._shown = step
        if self.stream.isatty():
            self._fill(percent, doing)
        else:
            print(f"{self.title}: {step} %, {doing}", file=self.stream, flush=True)

    def _fill(self, percent: int, doing: str) -> None:
        done = BAR * percent // 100
        text = f"{self.title} [{'#' * done}{'-' * (BAR - done)}] {percent:3} %  {doing}"
        width = shutil.get_terminal_size().columns - 1
        self.stream.write("\r" + text[:width].ljust(width) + ("\n" if percent >= 100 else ""))
        self.stream.flush()
