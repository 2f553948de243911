"""Keep a shown chart small in the saved notebook: only what is drawn, and a tight picture.

Neither changes what is seen: the columns left out are drawn nowhere, and the picture keeps every
pixel.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["only_drawn", "packed"]

# A record used as a whole, or by a name that an expression works out.
_WHOLE = re.compile(r"\bdatum\b(?!\s*\.|\s*\[\s*['\"])")


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def only_drawn(spec: dict[str, Any]) -> dict[str, Any]:
    """Leave out the columns that nothing in a specification names.

    Parameters
    ----------
    spec : dict
        A Vega-Lite specification with its data in ``datasets``.

    Returns
    -------
    dict
        The same with fewer columns. All stay where the chart may use a record as a whole:
        tooltips of all its data, shapes on a map, an expression of the record itself.
    """
    texts = list(_texts({key: part for key, part in spec.items() if key != "datasets"}))
    # Vega-Lite wants some signs of a column's name escaped.
    said = "\n".join(texts).replace("\\", "")
    if "geoshape" in texts or "data" in texts or _WHOLE.search(said):
        return spec
    kept = {}
    for name, rows in spec.get("datasets", {}).items():
        columns = dict.fromkeys(column for row in rows for column in row)
        named = [column for column in columns if column in said]
        kept[name] = [{column: row[column] for column in named if column in row} for row in rows]
    return {**spec, "datasets": kept} if kept else spec


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(png: bytes) -> bytes:
    """Write a picture with the same pixels in fewer bytes.

    A chart has few colours; as numbers into a palette they take a tenth of what vl-convert, which
    is made for speed, writes.

    Parameters
    ----------
    png : bytes
        A PNG as vl-convert makes it: 8-bit RGBA, each pixel stored as its difference from the one
        before. Any other is given back as it is, and so is one that is transparent somewhere.

    Returns
    -------
    bytes
        A PNG of at most 256 colours with a palette, otherwise one of RGB.
    """
    parts = list(_chunks(png))
    head = dict(parts)[b"IHDR"]
    width, height, *form = struct.unpack(">IIBBBBB", head)
    if form != [8, 6, 0, 0, 0]:
        return png
    stored = zlib.decompress(b"".join(data for kind, data in parts if kind == b"IDAT"))
    lines = np.frombuffer(stored, np.uint8).reshape(height, 1 + 4 * width)
    if (lines[:, 0] != 1).any():
        return png
    pixels = lines[:, 1:].reshape(height, width, 4).cumsum(axis=1, dtype=np.uint8)
    if (pixels[:, :, 3] != 255).any():
        return png
    places, colours = pd.factorize(pixels.reshape(-1, 4).view(np.uint32).ravel())
    if len(colours) <= 256:
        form[1], drawn = 3, places.astype(np.uint8).reshape(height, width)
        palette = [(b"PLTE", colours.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())]
    else:
        form[1], drawn, palette = 2, pixels[:, :, :3].reshape(height, -1), []
    # A first byte of 0 in each line: the values as they are.
    data = zlib.compress(np.pad(drawn, ((0, 0), (1, 0))).tobytes(), 8)
    kept = [(kind, data) for kind, data in parts if kind == b"pHYs"]
    head = struct.pack(">IIBBBBB", width, height, *form)
    written = [(b"IHDR", head), *kept, *palette, (b"IDAT", data), (b"IEND", b"")]
    return png[:8] + b"".join(_chunk(kind, data) for kind, data in written)
