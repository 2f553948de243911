"""Markdown as a tree of harmless parts, for pages that show what somebody else wrote.

No HTML is made: the page builds each element itself, from the few names below, and everything
else arrives as text. So a script, a picture's address or a link's has no way to do anything.
"""

from __future__ import annotations

from typing import Any

import mistune

__all__ = ["DEEPEST", "TAGS", "parts"]

#: Elements that a page may be asked to build.
TAGS = (
    *("p", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "h4", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
)
#: Parts that lie deeper in one another are shown as text.
DEEPEST = 12

_TAG = {
    "paragraph": "p", "strong": "strong", "emphasis": "em", "strikethrough": "del",
    "codespan": "code", "block_code": "pre", "list_item": "li", "block_quote": "blockquote",
    "heading": "h4", "thematic_break": "hr", "linebreak": "br", "table": "table",
    "table_body": "tbody", "table_row": "tr",
}  # fmt: skip
_read = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])

Part = str | list[Any]


def parts(markdown: str) -> list[Part]:
    """Read markdown into parts.

    Parameters
    ----------
    markdown : str
        Anybody's text.

    Returns
    -------
    list
        Each part is a text, or a list of an element's name from `TAGS` and its own parts.
    """
    return [part for token in _read(markdown) for part in _parts(token, 0)]


def _parts(token: dict[str, Any], depth: int) -> list[Part]:
    kind = token["type"]
    if kind == "blank_line":
        return []
    if kind == "softbreak":
        return [" "]
    if depth > DEEPEST:
        return [_text(token)]
    inside: list[Part] = [token["raw"]] if "raw" in token else []
    for child in token.get("children", ()):
        inside += _parts(child, depth + 1)
    if kind in ("link", "image"):
        address = str(token["attrs"].get("url", ""))
        name = ["[picture: ", *inside, "]"] if kind == "image" else inside
        return name if inside == [address] else [*name, f" ({address})"]
    if kind == "list":
        return [["ol" if token["attrs"]["ordered"] else "ul", *inside]]
    if kind == "table_head":
        return [["thead", ["tr", *inside]]]
    if kind == "table_cell":
        return [["th" if token["attrs"]["head"] else "td", *inside]]
    if kind == "block_html":
        return [["pre", *inside]]
    return [[_TAG[kind], *inside]] if kind in _TAG else inside


def _text(token: dict[str, Any]) -> str:
    return token.get("raw", "") + "".join(_text(child) for child in token.get("children", ()))
