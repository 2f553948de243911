"""Find a lesson's cells again among those of a notebook that was handed in.

By nbgrader's id where it is there; else by the cell's own id, by its text, by the names that it
defines, by the words that it shares, by where it stands. Of what can be told, nothing is lost; how
each answer was told is said.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from grading.marking.reading import GivenCell
from grading.marking.released import ReleasedLesson

__all__ = ["Matches", "code_in", "match", "plain", "written"]

_WORD = re.compile(r"\w+")
_CHECKED = re.compile(r"""check\(\s*["'][0-9]{2}-([\w-]+)["']""")
_FENCE = re.compile(r"^\s*(?:```|~~~)[\w ]*$", re.M)
#: Cells of which at least this share of the words is common are one cell that was edited.
_ALIKE = 0.5
#: As many cells are compared by their words; more has no lesson and no honest student.
_MOST_COMPARED = 60
#: A longer text is not read as Python to tell what it defines.
_LONGEST_PARSED = 20_000
#: Words beyond the released ones that make an answer of an edited question.
_FEWEST_WORDS = 5


@dataclass
class Matches:
    """Which given cell is which released one.

    Parameters
    ----------
    found : dict of int to int
        Place in the release to place in what was handed in.
    how : dict of int to str
        How it was told: ``mark``, ``id``, ``text``, ``names``, ``words``, ``place``,
        ``question`` (typed into the text that asks).
    copies : dict of int to list of int
        Other given cells that claim to be the same one.
    texts : dict of int to str
        What is to stand in a released cell, where that is not the text of one given cell.
    elsewhere : dict of int to int
        Given cells far from where an answer belongs, which hold it and stay where they are too.
    used : set of int
        Given cells whose text stands elsewhere now, or that say nothing of their own.
    """

    found: dict[int, int] = field(default_factory=dict)
    how: dict[int, str] = field(default_factory=dict)
    copies: dict[int, list[int]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    elsewhere: dict[int, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def take(self, place: int, given: int, how: str) -> None:
        """Say that a released cell is this given one."""
        self.found[place], self.how[place] = given, how

    @property
    def taken(self) -> set[int]:
        """Given cells that are some released one, or are used up."""
        return {*self.found.values(), *self.used}


def plain(source: str) -> str:
    """A text without what editors change by themselves: spaces at the ends of lines."""
    return "\n".join(map(str.rstrip, source.strip("\n").split("\n"))).rstrip()


def written(source: str, released: str) -> bool:
    """Whether something stands in a cell that was not released with it."""
    return bool(_beyond(source, released))


def _beyond(source: str, released: str) -> list[str]:
    """Lines of a cell that were not released with it, empty ones left out."""
    known = {line.strip() for line in released.split("\n")}
    return [line for line in source.split("\n") if line.strip() and line.strip() not in known]


def code_in(source: str) -> str:
    """Code out of a cell that was turned to text, without the fence around it."""
    return _FENCE.sub("", source).strip("\n") if "```" in source or "~~~" in source else source


class _Search:
    """One search; each step looks only for what the steps before it did not find."""

    def __init__(self, lesson: ReleasedLesson, given: list[GivenCell]) -> None:
        self.lesson, self.given = lesson, given
        self.matches = Matches()
        self._texts = {plain(cell.source) for cell in lesson.cells}
        names = {cell.names[0]: i for i, cell in enumerate(lesson.cells) if cell.names}
        self._owner = names
        some = "|".join(map(re.escape, names)) or r"(?!)"
        # A definition, or an assignment, also of several names at once.
        self._defining = re.compile(
            rf"(?:^|;)[ \t]{{0,40}}(?:async[ \t]+)?def[ \t]+({some})\b"
            rf"|(?:^|;)[ \t]{{0,40}}(?:[\w, \t=*]{{0,120}}[,= \t*])?({some})[ \t]*"
            r"(?:,[\w, \t]{0,120})?(?::[^=\n]{0,120})?=(?!=)",
            re.M,
        )
        self.defines = [self._defined(code_in(cell.source)) for cell in given]

    def _defined(self, source: str) -> set[int]:
        """Places of the answers whose name a text defines."""
        found = {one[1] or one[2] for one in self._defining.finditer(source)}
        if found and len(source) < _LONGEST_PARSED and (tree := _parsed(source)) is not None:
            # An argument's name in a call of several lines looks like an assignment.
            found = found & set(_assigned(tree.body))
        return {self._owner[name] for name in found}

    # ---- the steps -------------------------------------------------------------------------

    def by_claim(self) -> None:
        """By the ids that nbgrader wrote; of copies the last that says something counts."""
        claims = defaultdict(list)
        for i, cell in enumerate(self.given):
            place = self.lesson.places.get(str(cell.mark.get("grade_id")))
            if place is None or self._another(i, place):
                continue
            if self.lesson.cells[place].role != "author":
                claims[place].append(i)
        for place, some in claims.items():
            if len(some) > 1:
                # A copy has a new id; who has another cell's is that one with a wrong mark.
                claims[place] = [i for i in some if self._known(i) in (None, place)] or some
        self._settle(claims, "mark")

    def by_id(self, edited: bool) -> None:
        """By the cell's own id; an author's cell that was edited only after all texts."""
        claims = defaultdict(list)
        for i in self._free():
            cell, place = self.given[i], self._known(i)
            if place is None or self._another(i, place):
                continue
            own = self.lesson.cells[place]
            if own.role != "answer" and (
                place in self.matches.found or self.defines[i] - self._defined(own.source)
            ):
                continue
            if own.role == "answer" or edited or plain(own.source) == plain(cell.source):
                claims[place].append(i)
        for place in claims.keys() & self.matches.found.keys():
            # One half of a cell that was cut in two kept nbgrader's id, the other its own.
            claims[place] = sorted([*claims[place], self.matches.found[place]])
        self._settle(claims, "id")

    def _settle(self, claims: dict[int, list[int]], how: str) -> None:
        """Of the cells that claim to be one, the last that says something; others are copies."""
        for place, some in claims.items():
            cell = self.lesson.cells[place]
            fit = [i for i in some if self._fits(i, place)]
            if len(fit) > 1:
                # An id that many cells have tells little: what they say must agree with it.
                fit = [i for i in fit if self.given[i].kind == cell.kind] or fit
                fit = [i for i in fit if place in self.defines[i]] or fit
            best = [i for i in fit if written(self.given[i].source, cell.source)]
            if cell.role == "author":
                best = [i for i in fit if plain(self.given[i].source) == plain(cell.source)]
                fit = fit if len(fit) == 1 else best
            if not fit:
                continue  # another's text: names, words and places tell whose
            last = (best or fit)[-1]
            self.matches.take(place, last, self.matches.how.get(place, how))
            if others := [i for i in fit if i != last]:
                self.matches.copies.setdefault(place, []).extend(others)

    def _known(self, i: int) -> int | None:
        """The released cell whose id a cell has."""
        places = self.lesson.places
        return next((places[name] for name in self.given[i].ids if name in places), None)

    def _another(self, i: int, place: int) -> bool:
        """Whether a cell says, word for word, what another one was released with."""
        text = plain(self.given[i].source)
        return text in self._texts and text != plain(self.lesson.cells[place].source)

    def _fits(self, i: int, place: int) -> bool:
        """Whether a cell may be this one: an answer defines its name, or at least no other's."""
        cell = self.lesson.cells[place]
        if cell.role == "test":
            return self.given[i].kind == cell.kind and not self.defines[i]
        return cell.role == "author" or place in self.defines[i] or not self.defines[i]

    def by_text(self) -> None:
        """By a text that is the released one."""
        waiting = defaultdict(list)
        for place, cell in enumerate(self.lesson.cells):
            if place not in self.matches.found:
                waiting[plain(cell.source)].append(place)
        last = -1
        for i in self._free():
            places = waiting.get(plain(self.given[i].source))
            if places:
                place = next((one for one in places if one > last), places[0])
                places.remove(place)
                self.matches.take(place, i, "text")
                last = place

    def by_check(self) -> None:
        """Tests that were edited, by the question that they check."""
        for i in self._free():
            asked = _CHECKED.findall(self.given[i].source)
            place = self.lesson.places.get(f"{asked[0]}-check") if len(asked) == 1 else None
            if place is not None and place not in self.matches.found and not self.defines[i]:
                self.matches.take(place, i, "text")

    def by_names(self) -> None:
        """Answers that are lost or stand as released, by the names that they were to define."""
        for place in self.lesson.answers:
            if not self.lesson.cells[place].names or not self._blank(place):
                continue
            there = [i for i in self._free() if place in self.defines[i]]
            there = [i for i in there if self._says(i, place)]
            there = [i for i in there if self.given[i].kind == "code"] or there
            low, high = self._gap(place)
            near = [i for i in there if low < i < high] or ([] if there else self._spoiled(place))
            # Written elsewhere: the cell with the name, not the one that was left as it was.
            if near:
                self._give(place, near[-1], "names")
                if others := [i for i in near[:-1] if i not in self.matches.found.values()]:
                    self.matches.copies.setdefault(place, []).extend(others)
            elif there:
                # It runs where it stands as well: what follows there may need what it makes.
                self.matches.how[place] = "names"
                self.matches.elsewhere[place] = there[-1]
                self.matches.texts[place] = code_in(self.given[there[-1]].source)

    def _spoiled(self, place: int) -> list[int]:
        """Tests, then authors' cells, into which the answer was written."""
        tests, authors = [], []
        for other, i in self.matches.found.items():
            cell = self.lesson.cells[other]
            if other == place or place not in self.defines[i] or cell.role == "answer":
                continue
            if not written(self.given[i].source, cell.source):
                continue
            if cell.role == "test":
                tests.append(i)
            elif place not in self.matches.found and place not in self._defined(cell.source):
                authors.append(i)
        return tests or authors

    def by_words(self) -> None:
        """The authors' cells that were edited, by the words that are left."""
        lost = self._lost("author")[:_MOST_COMPARED]
        free = [i for i in self._free() if not self.defines[i]][:_MOST_COMPARED]
        words = {i: set(_WORD.findall(self.given[i].source)) for i in free}
        for place in lost:
            cell = self.lesson.cells[place]
            own = set(_WORD.findall(cell.source))
            low, high = self._gap(place)
            shares = [
                (len(own & words[i]) / max(len(own | words[i]), 1), i)
                for i in free
                if low < i < high and self.given[i].kind == cell.kind
            ]
            share, best = max(shares, default=(0, -1))
            if share >= _ALIKE:
                self.matches.take(place, best, "words")
                free.remove(best)

    def by_place(self) -> None:
        """Answers without a name, and those whose name is nowhere, by what stands around them."""
        for place in self.lesson.answers:
            cell = self.lesson.cells[place]
            if not self._blank(place) or (cell.names and place in self.matches.found):
                continue
            if place in self.matches.texts:
                continue
            low, high = self._gap(place)
            free = [i for i in self._free() if low < i < high and not self.defines[i]]
            free = [i for i in free if self._says(i, place)]
            if cell.kind == "code":
                here = [i for i in free if self.given[i].kind == "code"][-1:]
            else:
                here = [i for i in free if self.given[i].kind != "code"]
                here = here or [i for i in free if _parsed(self.given[i].source) is None]
                if len(self._between(place)) > 1:
                    here = here[:1]  # the others belong to the answers that follow
            if here:
                self._give(place, here[0], "place")
                self.matches.texts[place] = "\n\n".join(self.given[i].source for i in here)
                self.matches.used |= set(here[1:])
            elif cell.kind == "markdown":
                self._in_its_question(place)

    def _in_its_question(self, place: int) -> None:
        """An answer that was typed into the text that asks for it."""
        ask = place - 1
        i = self.matches.found.get(ask)
        if i is None or self.lesson.cells[ask].kind != "markdown":
            return
        more = "\n".join(_beyond(self.given[i].source, self.lesson.cells[ask].source))
        if len(_WORD.findall(more)) >= _FEWEST_WORDS:
            self.matches.texts[place] = more
            self.matches.how[place] = "question"

    def by_what_is_left(self) -> None:
        """A cell that is found nowhere else: the one that claimed to be it, whatever it says."""
        places = self.lesson.places
        for i in self._free():
            marked = places.get(str(self.given[i].mark.get("grade_id")))
            place = self._known(i) if marked is None else marked
            if place is None or place in self.matches.found or place in self.matches.texts:
                continue
            self.matches.take(place, i, "id" if marked is None else "mark")

    # ---- what the steps share ---------------------------------------------------------------

    def _free(self) -> list[int]:
        taken = self.matches.taken | {i for some in self.matches.copies.values() for i in some}
        return [i for i in range(len(self.given)) if i not in taken]

    def _lost(self, role: str) -> list[int]:
        return [
            place
            for place, cell in enumerate(self.lesson.cells)
            if cell.role == role and place not in self.matches.found
        ]

    def _blank(self, place: int) -> bool:
        """Whether an answer was not found, or was found as it was released."""
        i = self.matches.found.get(place)
        return i is None or not written(self.given[i].source, self.lesson.cells[place].source)

    def _says(self, i: int, place: int) -> bool:
        """Whether a cell holds more than this answer's stub."""
        return written(self.given[i].source, self.lesson.cells[place].source)

    def _gap(self, place: int) -> tuple[int, int]:
        """Given places between which a released cell must stand, by those found around it."""
        found = self.matches.found
        own = self.lesson.cells[place].id
        # Its own tests follow it: what was written below them is near enough.
        after = place + 1
        while after < len(self.lesson.cells) and self.lesson.cells[after].id.startswith(f"{own}-"):
            after += 1
        low = next((found[p] for p in range(place - 1, -1, -1) if p in found), -1)
        end = len(self.given)
        high = next((found[p] for p in range(after, len(self.lesson.cells)) if p in found), end)
        return (low, high) if low < high else (-1, -1)

    def _between(self, place: int) -> list[int]:
        """Answers that are lost between the same two cells as this one."""
        return [other for other in self._lost("answer") if self._gap(other) == self._gap(place)]

    def _give(self, place: int, i: int, how: str) -> None:
        """Put a cell in an answer's place; the stub, or the cell that it spoiled, is let go."""
        if place in self.matches.found:
            self.matches.used.add(self.matches.found[place])
        for other in [other for other, held in self.matches.found.items() if held == i]:
            del self.matches.found[other], self.matches.how[other]
        self.matches.take(place, i, how)


def _parsed(source: str) -> ast.Module | None:
    """A text as Python; None if it is none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _assigned(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements define, those inside if, for, with and try too."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
        else:
            inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]
            yield from _assigned(inner)


def match(lesson: ReleasedLesson, given: list[GivenCell]) -> Matches:
    """Find each released cell among the given ones.

    Parameters
    ----------
    lesson : ReleasedLesson
        The lesson as it was handed out.
    given : list of GivenCell
        The cells as they were handed in.

    Returns
    -------
    Matches
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python has to say of a student's backslashes
        search = _Search(lesson, given)
        search.by_claim()
        search.by_id(edited=False)
        search.by_text()
        search.by_id(edited=True)
        search.by_check()
        search.by_names()
        search.by_words()
        search.by_place()
        search.by_what_is_left()
    return search.matches
