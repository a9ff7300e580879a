"""PNG, JPEG and WebP. Each is decoded and written again: what is no picture does not come along."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from matchmaker.errors import Refusal, Refused
from matchmaker.files.states import FileType

MOST_PIXELS = 40_000_000
FORMATS = {"PNG": FileType.PNG, "JPEG": FileType.JPEG, "WEBP": FileType.WEBP}
OF_SEVERAL = "MPO"  # a JPEG of some cameras, with a second, smaller picture behind the first
QUALITY = 92


def clean(source: Path, target: Path) -> FileType:
    """Write the picture alone. Of its notes only which side is up is kept, and its colours."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(source, formats=tuple(FORMATS)) as picture:
            return _write(picture, target)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.FILE_PIXELS) from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError) as error:
        raise Refused(Refusal.FILE_BROKEN) from error


def _write(picture: Any, target: Path) -> FileType:
    kind = "JPEG" if picture.format == OF_SEVERAL else str(picture.format)
    if kind != "JPEG" and getattr(picture, "is_animated", False):
        raise Refused(Refusal.FILE_TYPE)
    picture.load()
    upright = Image.Exif()
    if side_up := picture.getexif().get(ExifTags.Base.Orientation):
        upright[ExifTags.Base.Orientation] = side_up
    options: dict[str, Any] = {
        "icc_profile": picture.info.get("icc_profile"),
        "exif": upright.tobytes() if side_up else b"",
    }
    picture.info = {name: picture.info[name] for name in ("transparency",) if name in picture.info}
    if kind == "JPEG":
        options["quality"] = "keep" if picture.format == "JPEG" else QUALITY
    elif kind == "WEBP":
        options |= {"quality": QUALITY, "method": 2}
    else:
        options["compress_level"] = 4
    picture.save(target, kind, **options)
    return FORMATS[kind]
