"""Tables that speak of the same things agree, or differ by what is known."""

from __future__ import annotations

import pytest

from course import tables


def figure(figure_id: str) -> float:
    published = tables.load("published_figures").set_index("figure_id")
    return published.loc[figure_id, "value"]


class TestReactorsAgainstStatedCounts:
    @pytest.mark.parametrize(
        ("figure_id", "country", "status"),
        [
            ("R034", None, "operational"),
            ("R041", None, "under_construction"),
            ("R040", None, "planned"),
            ("R036", "RUS", "operational"),
            ("R038", "RUS", "under_construction"),
            ("R039", "RUS", "planned"),
        ],
    )
    def test_the_list_counts_what_its_makers_state(self, figure_id, country, status):
        rows = tables.load("reactors")
        # The list counts CAREM-25, which stopped in 2024, among those that are being built.
        listed = rows["status"].replace("construction_suspended", "under_construction")
        rows = rows[listed == status]
        if country:
            rows = rows[rows["country_iso3"] == country]
        assert len(rows) == figure(figure_id)

    def test_other_counts_of_russia_differ_by_date_and_definition(self):
        # WNA 2024 and IAEA 2025: 36 operable; the list of March 2026 has 34 after two closures.
        listed = figure("R036")
        assert (figure("R027"), figure("R033")) == (36, 36)
        assert figure("R027") - listed == 2


class TestRussianClustersAgainstTop500:
    def test_every_russian_system_of_the_last_list_is_a_known_cluster(self):
        ranked = tables.load("top500_russia")
        last = ranked[ranked["list"] == ranked["list"].max()]
        clusters = tables.load("ai_clusters").query("country_iso3 == 'RUS'")
        names = " | ".join(clusters["cluster"])
        assert len(last) == 6
        assert [name for name in last["system"] if name not in names] == []

    def test_both_name_the_same_chips(self):
        ranked = tables.load("top500_russia")
        last = ranked[ranked["list"] == ranked["list"].max()].set_index("system")
        clusters = tables.load("ai_clusters").query("country_iso3 == 'RUS'")
        for system, row in last.iterrows():
            (cluster,) = clusters[clusters["cluster"].str.endswith(system)].itertuples()
            generation = next(word for word in ("A100", "V100", "K40") if word in cluster.chip)
            assert generation in row["accelerator"], system

    def test_linpack_per_chip_is_possible_for_the_three_a100_systems_of_yandex(self):
        # An A100 peaks at 19.5 TFLOP/s in double precision on its tensor cores (NVIDIA): what
        # Linpack reaches per chip must lie below that.
        ranked = tables.load("top500_russia")
        last = ranked[ranked["list"] == ranked["list"].max()].set_index("system")["rmax_tflops"]
        clusters = tables.load("ai_clusters").query("country_iso3 == 'RUS'")
        for system in ("Chervonenkis", "Galushkin", "Lyapunov"):
            (count,) = clusters.loc[clusters["cluster"].str.endswith(system), "chip_count"]
            assert 9 < last[system] / count < 19.5

    def test_the_country_table_holds_the_sum_of_the_systems(self):
        ranked = tables.load("top500_russia").groupby("list")["rmax_tflops"].sum()
        by_country = tables.load("top500_by_country").query("country_iso3 == 'RUS'")
        totals = by_country.set_index("list")["rmax_tflops"]
        shared = ranked.index.intersection(totals.index)
        assert len(shared) > 40
        assert (ranked[shared] - totals[shared]).abs().max() < 1


class TestParametersAgainstAccelerators:
    @pytest.mark.parametrize(
        ("parameter", "chip", "column", "scale"),
        [
            ("a100_peak_bf16_dense", "NVIDIA A100", "dense_fp16_tflops", 1e12),
            ("h100_peak_bf16_dense", "NVIDIA H100 SXM5 80GB", "dense_fp16_tflops", 1e12),
            ("h100_tdp", "NVIDIA H100 SXM5 80GB", "tdp_w", 1),
        ],
    )
    def test_ratings_are_those_of_the_table(self, parameter, chip, column, scale):
        row = tables.load("accelerators").set_index("accelerator").loc[chip]
        central = tables.parameter(parameter).central
        assert central == pytest.approx(row[column] * scale, rel=0.001)
        assert isinstance(row["confirmed_by"], str)

    def test_the_largest_russian_machine_has_the_chips_of_the_list(self):
        clusters = tables.load("ai_clusters").set_index("cluster")["chip_count"]
        assert tables.parameter("ru_a100_count").central == clusters["Yandex Chervonenkis"]

    def test_frontier_and_deepseek_as_the_table_of_models_has_them(self):
        flop = tables.load("ai_models").set_index("model")["training_flop"]
        assert flop.idxmax() == "Grok 4"
        assert tables.parameter("frontier_flop_2025").central == pytest.approx(flop.max(), rel=1e-3)


class TestPublishedFiguresAgainstTables:
    RUSSIA = ("country_iso3", "RUS")
    SOME = {  # noqa: RUF012
        "electricity_by_country": [
            ("K106", ("country", "Russia"), ("year", 2024), "generation_twh"),
            ("K108", ("country", "Russia"), ("year", 2024), "nuclear_twh"),
            ("K110", ("country", "World"), ("year", 2024), "generation_twh"),
        ],
        "top500_by_country": [
            ("K112", RUSSIA, ("list", "2021-11-01"), "rmax_tflops"),
            ("K113", RUSSIA, ("list", "2025-06-01"), "rmax_tflops"),
            ("K114", ("country_iso3", "CHN"), ("list", "2021-11-01"), "rmax_share_pct"),
            ("K115", ("country_iso3", "CHN"), ("list", "2025-06-01"), "rmax_share_pct"),
            ("K116", ("country_iso3", "USA"), ("list", "2025-06-01"), "rmax_share_pct"),
            ("K118", ("list", "2025-06-01"), "systems_with_power"),
        ],
        "ai_clusters": [
            ("K121", RUSSIA, "h100_equivalents"),
            ("K122", RUSSIA, "power_mw"),
        ],
        "accelerators": [
            ("K127", ("accelerator", "NVIDIA Tesla V100 SXM2 32 GB"), "tdp_w"),
            ("K128", ("accelerator", "NVIDIA A100 SXM4 80 GB"), "tdp_w"),
            ("K129", ("accelerator", "NVIDIA H100 SXM5 80GB"), "tdp_w"),
            ("K130", ("accelerator", "NVIDIA HGX H20"), "tdp_w"),
            ("K131", ("accelerator", "Huawei Ascend 910C"), "tdp_w"),
            ("K132", ("accelerator", "NVIDIA B200"), "tdp_w"),
        ],
        "ai_models": [
            ("K133", ("model", "Grok 4"), "training_flop"),
            ("K134", ("model", "YandexGPT 5 Lite"), "training_flop"),
            ("K135", ("model", "YaLM"), "training_flop"),
            ("K136", ("model", "ruGPT-3.5 13B"), "training_flop"),
            ("K137", ("model", "Llama 3.1-405B"), "training_power_mw"),
            ("K139", ("model", "Grok 3"), "training_flop"),
        ],
    }

    @pytest.mark.parametrize(
        ("table", "taken"), [(table, row) for table, rows in SOME.items() for row in rows]
    )
    def test_a_figure_taken_from_a_table_is_what_the_table_holds(self, table, taken):
        figure_id, *where, column = taken
        rows = tables.load(table)
        for name, value in where:
            rows = rows[rows[name] == value]
        assert len(rows) > 0
        assert rows[column].sum() == pytest.approx(figure(figure_id), rel=2e-3)


class TestElectricityAgainstReactors:
    def test_russian_nuclear_generation_of_2014_agrees_within_the_break_of_the_series(self):
        owid = tables.load("electricity_by_country").query("country_iso3 == 'RUS' and year == 2014")
        pris = tables.load("load_factors").query("country_iso3 == 'RUS' and year == 2014")
        ratio = pris["counted_generation_twh"].iloc[0] / owid["nuclear_twh"].iloc[0]
        # PRIS counts net of the plants' own use, the national statistics gross.
        assert 0.90 < ratio < 1.0


def test_a_country_has_one_name_over_all_tables():
    names, codes = {}, {}
    for table in tables.catalogue().index:
        frame = tables.load(table)
        for column in [c for c in frame.columns if c.endswith("_iso3")]:
            name = column.removesuffix("_iso3")
            if name not in frame:
                continue
            pairs = frame[[column, name]].dropna().drop_duplicates()
            for code, country in pairs.itertuples(index=False):
                names.setdefault(code, set()).add(country)
                codes.setdefault(country, set()).add(code)
    assert len(names) > 200
    assert {code: said for code, said in names.items() if len(said) > 1} == {}
    assert {name: said for name, said in codes.items() if len(said) > 1} == {}
    listed = tables.load("countries").set_index("country_iso3")["country"]
    single = {code: next(iter(said)) for code, said in names.items() if "|" not in code}
    assert single == listed.to_dict()


class TestWitnesses:
    """A page that confirms a row is another page than the one the row is taken from."""

    # The printed report and the workbook beside it have one landing page.
    ONE_LANDING_PAGE = frozenset({"iea", "iea-energy-ai"})

    @staticmethod
    def pages(sources, key):
        where = [sources.loc[key, "address"], sources.loc[key, "read_at"]]
        read = " ; ".join(w for w in where if isinstance(w, str)).lower().split(" ; ")
        bare = {page.strip().split("://")[-1].removeprefix("www.").rstrip("/") for page in read}
        # A front page or a repository of many files is no single page.
        return {page for page in bare if "/" in page and not page.startswith("github.com/")}

    def test_a_confirming_page_is_not_the_row_s_own(self):
        sources = tables.load("sources").set_index("key")
        shared = set()
        for name in tables.catalogue().index:
            table = tables.load(name)
            if not {"confirmed_by", "source"} <= set(table.columns):
                continue
            for _, row in table.dropna(subset=["confirmed_by"]).iterrows():
                witnesses = row["confirmed_by"].split("|")
                own = [key for key in row["source"].split("|") if key not in witnesses]
                for pair in ((w, o) for w in witnesses for o in own):
                    if set(pair) != self.ONE_LANDING_PAGE and self.pages(
                        sources, pair[0]
                    ) & self.pages(sources, pair[1]):
                        shared.add((name, *pair))
        assert not shared

    def test_one_page_is_one_source(self):
        # Two keys with one page and two grades: the page would be graded twice.
        sources = tables.load("sources").set_index("key")
        graded: dict[str, set[str]] = {}
        for key, grade in sources["grade"].items():
            for page in self.pages(sources, key):
                graded.setdefault(page, set()).add(grade)
        assert {page for page, grades in graded.items() if len(grades) > 1} <= {
            "pris.iaea.org/pris"
        }
