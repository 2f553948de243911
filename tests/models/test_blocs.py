"""Blocs: the worked figures of models (h) and (i), properties, and what is refused."""

import networkx as nx
import numpy as np
import pytest

from course import tables
from course.models import blocs

# Invented: seven countries, two blocs and two connectors; lesson 09 shows the same numbers.
BEFORE = (
    "AB 152.8 AC 195 AD 110.4 AE 101.1 AG 18 BC 24.2 BD 164.1 CD 199.4 DE 5 DF 25.5 DG 0.2 EG 4.3"
)
AFTER = (
    "AB 77.3 AC 90.1 AE 0.6 AF 3.4 AG 12.5 BC 300.6 BD 53.1 BE 142.4 BF 14.1 BG 2 CD 233.9 CF 19 "
    "DE 23 DG 28"
)
LIST = ["west", "west", "west", "east", "east", None, None]


def matrix(text):
    flows = np.zeros((7, 7))
    words = text.split()
    for pair, value in zip(words[::2], words[1::2], strict=True):
        flows["ABCDEFG".index(pair[0]), "ABCDEFG".index(pair[1])] = float(value)
    return flows


def test_worked_shares_before_and_after():
    before, after = (blocs.bloc_shares(matrix(text), LIST) for text in (BEFORE, AFTER))
    assert [f"{100 * one:.1f}" for one in before] == ["37.7", "57.5", "4.8"]
    assert [f"{100 * one:.1f}" for one in after] == ["49.1", "43.0", "7.9"]


def test_worked_modularity_rises_and_stays_negative():
    assert f"{blocs.modularity(matrix(BEFORE), LIST):.3f}" == "-0.165"
    assert f"{blocs.modularity(matrix(AFTER), LIST):.3f}" == "-0.076"


@pytest.mark.parametrize("text", [BEFORE, AFTER])
def test_worked_best_partition_is_one_community(text):
    assert blocs.best_partition(matrix(text)) == [set(range(7))]
    # And no other partition into two is better: one community has Q = 0.
    graph = nx.from_numpy_array(matrix(text) + matrix(text).T)
    for code in range(1, 64):
        part = {i for i in range(7) if code >> i & 1}
        halves = [part, set(range(7)) - part]
        assert nx.community.modularity(graph, halves, weight="weight") <= 1e-12


def test_schism_index_rises_where_blocs_drift_apart():
    before, after = (blocs.schism_index(matrix(text), LIST) for text in (BEFORE, AFTER))
    assert before < after


def test_proportional_trade_has_no_schism_and_no_trade_between_is_a_whole_one():
    size = np.array([5.0, 3, 8, 2])
    mixed = np.outer(size, size)
    names = ["a", "a", "b", "b"]
    assert blocs.schism_index(mixed, names) < 0.12
    apart = [[0, 4, 0, 0], [0, 0, 0, 0], [0, 0, 0, 5], [0, 0, 0, 0]]
    assert blocs.schism_index(apart, names) == 1
    assert blocs.bloc_shares(apart, names) == (1, 0, 0)


def test_shares_add_up_and_do_not_hang_on_direction_or_self_trade():
    chance = np.random.default_rng(4)
    for _ in range(20):
        flows = chance.random((7, 7))
        shares = blocs.bloc_shares(flows, LIST)
        assert sum(shares) == pytest.approx(1)
        assert blocs.bloc_shares(flows.T, LIST) == pytest.approx(shares)
        heavy = flows + np.diag(np.full(7, 9.0))
        assert blocs.bloc_shares(heavy, LIST) == pytest.approx(shares)
        sure = blocs.modularity(flows, LIST)
        assert -0.5 <= sure < 1


def test_russian_pages_fell_by_a_third_and_stay_second():
    rows = tables.load("web_languages")
    share = {
        crawl: rows[rows["crawl"] == crawl].set_index("language")["share_pct"]
        for crawl in ("CC-MAIN-2018-34", "CC-MAIN-2024-42")
    }
    first, later = (one["Russian"] for one in share.values())
    assert (f"{first:.2f}", f"{later:.2f}") == ("8.95", "6.04")
    assert f"{100 * (later / first - 1):.0f}" == "-32"
    for one in share.values():
        assert one.drop("not recognised", errors="ignore").nlargest(2).index[1] == "Russian"


def test_tokens_and_one_exporters_blocs():
    assert blocs.tokens(2e9, [0.06, 0.09], 500).tolist() == pytest.approx([6e10, 9e10])
    shares = blocs.shares_by_bloc({"a": 1, "b": 2, "c": 1}, {"a": "x", "b": "x"})
    assert shares == {"x": 0.75, "other": 0.25}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: blocs.bloc_shares([[0, 1]], ["a"]), "must be square"),
        (lambda: blocs.bloc_shares([[0, 1], [0, 0]], ["a"]), "blocs names 1 countries"),
        (lambda: blocs.bloc_shares([[3, 0], [0, 3]], ["a", "b"]), "no trade between"),
        (lambda: blocs.bloc_shares([[0, -1], [0, 0]], ["a", "b"]), "is -1"),
        (lambda: blocs.schism_index([[0, 1], [0, 0]], ["a", "a"]), "fewer than two blocs"),
        (lambda: blocs.best_partition([[0, 1], [0, 0]], seed=-1), "seed is -1"),
        (lambda: blocs.shares_by_bloc({"a": 0}, {}), "nothing to share out"),
        (lambda: blocs.tokens(1e9, 6, 500), "share is 6"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
