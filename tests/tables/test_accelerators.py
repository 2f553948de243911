"""Ratings of accelerators, row by row against second lists: facts, read in November 2026.

Each list is named by its key in ``sources.csv``. A dash: the list does not say it, or says it of
another variant. Columns: board power W, memory GB, memory bandwidth GB/s, dense 16-bit peak
TFLOP/s, INT8 peak TOP/s.
"""

import pandas as pd
import pytest

from course import tables

COLUMNS = (
    "tdp_w",
    "memory_gb",
    "memory_bandwidth_gb_per_s",
    "dense_fp16_tflops",
    "int8_tops",
)

LISTS = {
    # Wikipedia, List of Nvidia (AMD) graphics processing units, August 2026 and June 2025.
    "wiki-gpus": """
        AMD Instinct MI300A             760    128    5300    980.6   -
        AMD Instinct MI300X             750    192    5300    1307.4  -
        AMD Instinct MI350X             -      288    8000    -       -
        AMD Instinct MI355X             -      288    8000    -       -
        AMD Radeon Instinct MI250X      500    128    3276.8  383     -
        AMD Radeon RX 7900 XTX          355    24     960     -       -
        NVIDIA A10 PCIe                 150    24     600     125     -
        NVIDIA A40 PCIe                 300    48     695.8   149.7   -
        NVIDIA B200                     1000   180    8000    -       -
        NVIDIA B300 (Blackwell Ultra)   1400   288    8000    -       -
        NVIDIA GeForce GTX 1080 Ti      250    11     484.4   -       -
        NVIDIA GeForce GTX 280          236    1.024  141.7   -       -
        NVIDIA GeForce GTX 580          244    1.536  192.4   -       -
        NVIDIA GeForce GTX 780          250    3      288.4   -       -
        NVIDIA GeForce GTX 980          165    4      224.4   -       -
        NVIDIA GeForce GTX TITAN        250    6      288.4   -       -
        NVIDIA GeForce GTX TITAN X      250    12     336.6   -       -
        NVIDIA GeForce GTX Titan Black  250    6      336     -       -
        NVIDIA GeForce RTX 2080 Ti 11GB 250    11     616     -       -
        NVIDIA GeForce RTX 3080         320    10     760.3   -       -
        NVIDIA GeForce RTX 3090         350    24     936.2   -       -
        NVIDIA GeForce RTX 3090 Ti      450    24     1008.3  -       -
        NVIDIA GeForce RTX 4070         200    12     504.2   -       -
        NVIDIA GeForce RTX 4080         320    16     716.8   -       -
        NVIDIA GeForce RTX 4090         450    24     1008    -       -
        NVIDIA H100 PCIe                350    80     2039    756.4   -
        NVIDIA H100 SXM5 80GB           700    80     3352    989.4   -
        NVIDIA H200 SXM                 700    141    3360    -       -
        NVIDIA H800 SXM5                700    80     3360    -       -
        NVIDIA L4                       72     24     300     121     -
        NVIDIA L40                      300    48     864     -       -
        NVIDIA M40                      250    12     288     -       -
        NVIDIA P100                     250    16     732     -       -
        NVIDIA P100 PCIe 16GB           250    16     732     -       -
        NVIDIA P40                      250    24     345.6   -       -
        NVIDIA Quadro K1200             45     -      80.2    -       -
        NVIDIA Quadro K4000             80     -      134.8   -       -
        NVIDIA Quadro K6000             225    -      288     -       -
        NVIDIA Quadro M4000             120    -      192.4   -       -
        NVIDIA Quadro P4000             105    -      243     -       -
        NVIDIA Quadro P5000             180    -      288     -       -
        NVIDIA Quadro P600              40     -      64      -       -
        NVIDIA Quadro P6000             250    -      432     -       -
        NVIDIA Quadro RTX 4000          125    -      416     -       -
        NVIDIA Quadro RTX 5000          230    -      448     -       -
        NVIDIA Quadro RTX 6000          260    -      672     -       -
        NVIDIA Quadro RTX 8000          260    -      672     -       -
        NVIDIA RTX A4000                140    -      448     -       -
        NVIDIA RTX A5000                230    -      768     -       -
        NVIDIA RTX A6000                300    -      768     -       -
        NVIDIA TESLA M60                300    16     320     -       -
        NVIDIA TITAN Xp                 250    12     547.6   -       -
        NVIDIA Tesla K20c               225    5      208     -       -
        NVIDIA Tesla K40s               235    12     288     -       -
        NVIDIA Tesla K40t               235    12     288     -       -
        NVIDIA Tesla K80                300    24     480     -       -
        NVIDIA Tesla K20X               235    -      -       -       -
        NVIDIA Tesla P100 DGXS          300    -      -       -       -
        NVIDIA Tesla P100 SXM2          300    -      -       -       -
        NVIDIA Tesla P100 PCIe 12GB     250    12     549     -       -
        NVIDIA Tesla P100 PCIe 16GB     250    16     732     -       -
        NVIDIA Tesla P4                 75     8      192     -       -
        NVIDIA Tesla T4                 70     16     320     -       -
        NVIDIA Tesla V100 PCIe 16 GB    250    16     900     112     -
        NVIDIA Tesla V100 PCIe 32 GB    250    32     900     112     -
        NVIDIA Tesla V100 SXM2          300    16     900     125     -
        NVIDIA Tesla V100 SXM2 16 GB    300    16     900     125     -
        NVIDIA Tesla V100 SXM2 32 GB    300    32     900     125     -
        NVIDIA Titan V                  250    12     651.3   -       -
        NVIDIA V100                     300    16     900     125     -
    """,
    # Bekman, Machine Learning Engineering, chapter on accelerators, August 2026.
    "ml-engineering": """
        AMD Instinct MI300X             -      192    5300    1300    2600
        AMD Instinct MI325X             -      256    6000    1300    2600
        AMD Instinct MI350X             -      288    8000    2300    -
        AMD Instinct MI355X             -      288    8000    2500    5000
        AMD Radeon Instinct MI250X      -      128    3280    383     383
        Amazon Trainium2                -      96     2900    667     -
        Google TPU v4                   -      32     1200    275     275
        Google TPU v5e                  -      16     820     197     394
        Google TPU v5p                  -      95     2760    459     918
        Google TPU v6e Trillium         -      -      -       918     1836
        Google TPU v7 Ironwood          -      -      -       2307    -
        Intel Habana Gaudi2             -      96     2460    432     -
        Intel Habana Gaudi3             -      128    3700    1677    -
        NVIDIA A100 PCIe                -      80     1940    312     624
        NVIDIA A100 SXM4 80 GB          -      80     2000    312     624
        NVIDIA B200                     -      180    8000    2250    4500
        NVIDIA B300 (Blackwell Ultra)   -      288    8000    2250    4500
        NVIDIA GB200                    -      186    8000    2500    5000
        NVIDIA GB300 (Blackwell Ultra)  -      -      -       2500    5000
        NVIDIA GH200                    -      141    4800    989     1979
        NVIDIA H100 PCIe                -      80     2000    756     -
        NVIDIA H100 SXM5 80GB           -      80     3350    989     1979
        NVIDIA H200 SXM                 -      141    4800    989     1979
    """,
    # Lightning Fabric 2.6.6, peaks by device, each with the maker's data sheet.
    "lightning-peaks": """
        Google TPU v2                   -      -      -       45      -
        Google TPU v3                   -      -      -       123     -
        Google TPU v4                   -      -      -       275     -
        Google TPU v5e                  -      -      -       197     -
        NVIDIA A100                     -      -      -       312     624
        NVIDIA A100 PCIe                -      -      -       312     624
        NVIDIA A100 SXM4 40 GB          -      -      -       312     624
        NVIDIA A100 SXM4 80 GB          -      -      -       312     624
        NVIDIA GeForce RTX 2080 Ti 11GB -      -      -       -       227.7
        NVIDIA GeForce RTX 3090         -      -      -       -       284
        NVIDIA GeForce RTX 3090 Ti      -      -      -       -       320
        NVIDIA GeForce RTX 4080         -      -      -       -       389.9
        NVIDIA GeForce RTX 4090         -      -      -       -       660.6
        NVIDIA H100 PCIe                -      -      -       756     -
        NVIDIA H100 SXM5 80GB           -      -      -       989.4   1978.9
        NVIDIA L4                       -      -      -       121     242
        NVIDIA L40                      -      -      -       181     362
        NVIDIA Tesla V100 PCIe 16 GB    -      -      -       112     -
        NVIDIA Tesla V100 PCIe 32 GB    -      -      -       112     -
        NVIDIA Tesla V100 SXM2          -      -      -       125     -
        NVIDIA Tesla V100 SXM2 16 GB    -      -      -       125     -
        NVIDIA Tesla V100 SXM2 32 GB    -      -      -       125     -
        NVIDIA Tesla V100S PCIe 32 GB   -      -      -       130     -
        NVIDIA V100                     -      -      -       125     -
    """,
    # Lynskey, Ten years of TPUs, from Google's pages and papers.
    "tpu-overview": """
        Google TPU v1                   -      8      -       -       92
        Google TPU v2                   -      16     -       45      -
        Google TPU v3                   -      32     -       123     -
        Google TPU v4                   -      32     -       275     -
        Google TPU v4i                  -      8      -       138     -
        Google TPU v5e                  -      16     -       197     393
        Google TPU v5p                  -      95     -       459     918
        Google TPU v6e Trillium         -      32     -       918     1836
        Google TPU v7 Ironwood          -      192    -       2307    -
    """,
    # AWS Neuron documentation 2.28 and 2.29 (version 2.9 of 2023 printed 420 for Trainium1).
    "aws-neuron": """
        Amazon Trainium1                -      32     820     190     380
        Amazon Trainium3                -      -      -       671     -
    """,
    # The Decoder, 12 March 2026, with Meta's table of four chips.
    "decoder-mtia": """
        Meta MTIA 300                   800    216    6100    600     -
    """,
    # WinBuzzer, 20 April 2025: 384 chips, 49.2 TB, 1,229 TB/s, 780 TFLOP/s each.
    "winbuzzer-910c": """
        Huawei Ascend 910C              -      128    3200    780     -
    """,
    # Notes on Intel's Max series with its three boards.
    "intel-max-notes": """
        Intel Data Center GPU Max 1100  300    48     -       -       -
        Intel Data Center GPU Max 1350  450    96     -       -       -
        Intel Data Center GPU Max 1550  600    128    -       -       -
    """,
}

CLOSE = 0.03  # two lists agree within this share: data sheets round 3,276.8 to 3,280


def rows():
    """Give (list, accelerator, {column: value}) of each line."""
    for key, text in LISTS.items():
        for line in text.strip().splitlines():
            *name, tdp, memory, bandwidth, fp16, int8 = line.split()
            said = zip(COLUMNS, (tdp, memory, bandwidth, fp16, int8), strict=True)
            yield key, " ".join(name), {column: float(v) for column, v in said if v != "-"}


@pytest.fixture(scope="module")
def chips():
    return tables.load("accelerators").set_index("accelerator")


def test_each_row_agrees_with_second_lists_or_says_where_it_differs(chips):
    silent, borne = [], {}
    for key, name, said in rows():
        row = chips.loc[name]
        have = {column: v for column, v in said.items() if pd.notna(row[column])}
        near = {c for c, v in have.items() if abs(row[c] / v - 1) <= CLOSE}
        conflicts = str(row["conflicts_with"])
        silent += [
            (name, c, v)
            for c, v in have.items()
            if c not in near and f"{c}={v:g} [{key}]" not in conflicts
        ]
        if near:
            borne.setdefault(name, set()).add(key)
    assert not silent
    sheets = {"amd-datasheets", "nvidia-datasheets"}  # through the table ai_chip_thresholds
    for name, cell in chips["confirmed_by"].items():
        keys = set(cell.split("|")) if isinstance(cell, str) else set()
        assert keys - sheets == borne.get(name, set()), name


def test_every_conflict_names_a_column_and_a_source(chips):
    known = set(tables.load("sources")["key"])
    for name, cell in chips["conflicts_with"].dropna().items():
        for conflict in cell.split("; "):
            said, key = conflict.removesuffix("]").split(" [")
            column, value = said.split("=")
            assert column in chips and value and key in known, (name, conflict)


@pytest.mark.parametrize(
    ("chip", "column", "value"),
    # Each was otherwise in the compilation: makers' pages through the lists above.
    [
        ("NVIDIA GeForce RTX 4070", "tdp_w", 200),
        ("NVIDIA P40", "memory_bandwidth_gb_per_s", 347.1),
        ("AMD Radeon RX 7900 XTX", "tdp_w", 355),
        ("Meta MTIA 300", "total_processing_performance", 9600),
        ("NVIDIA A100 PCIe", "memory_gb", 80),
        ("NVIDIA Tesla K80", "memory_bandwidth_gb_per_s", 480),
        ("Intel Habana Gaudi2", "dense_fp16_tflops", 432),
        ("Google TPU v2", "dense_fp16_tflops", 45),
        ("Amazon Trainium1", "int8_tops", 380),
    ],
)
def test_what_was_wrong_in_the_compilation_is_mended_and_said(chips, chip, column, value):
    assert chips.loc[chip, column] == value
    assert f"{column}=" in chips.loc[chip, "conflicts_with"]
    assert "[epoch-hardware]" in chips.loc[chip, "conflicts_with"]


def test_launch_is_not_announcement(chips):
    # AMD showed the MI300A on 4 January 2023 and launched it on 6 December, with the MI300X.
    both = chips.loc["AMD Instinct MI300A"]
    assert (both["announced_date"], both["release_date"]) == (
        pd.Timestamp("2023-01-04"),
        pd.Timestamp("2023-12-06"),
    )
    wait = (chips["release_date"] - chips["announced_date"]).dropna()
    assert (wait > pd.Timedelta(0)).all()
    assert pd.isna(chips.loc["Meta MTIA 300", "release_date"])  # shown, its launch not known


def test_tpp_is_the_largest_peak_times_bits(chips):
    bits = {"dense_fp16_tflops": 16, "int8_tops": 8, "fp32_tflops": 32}
    largest = (chips[list(bits)] * bits).max(axis=1)
    both = chips["total_processing_performance"].notna() & largest.notna()
    # Above, where a format without a column decides (FP8, FP4, TF32); never below.
    assert both.sum() > 140
    assert (chips["total_processing_performance"] >= 0.97 * largest)[both].all()


def test_int8_runs_at_twice_the_dense_sixteen_bit_peak_or_as_fast(chips):
    ratio = (chips["int8_tops"] / chips["dense_fp16_tflops"]).dropna().round(1)
    odd = ratio[~ratio.isin([1.0, 2.0])]
    # Blackwell Ultra cut INT8.
    assert set(odd.index) == {
        "NVIDIA B300 (Blackwell Ultra)",
        "NVIDIA GB300 (Blackwell Ultra)",
    }


def test_no_rating_is_below_what_was_measured(chips):
    # FlagPerf (BAAI), means of eight cards: a peak below what was measured cannot be.
    measured = [
        ("NVIDIA A100 SXM4 40 GB", "dense_fp16_tflops", 251.5),
        ("Huawei Ascend 800T A2", "int8_tops", 608.6),
    ]
    below = [chip for chip, column, rate in measured if chips.loc[chip, column] < rate]
    assert below == ["Huawei Ascend 800T A2"]
    assert chips.loc[below[0], "flag"] == "doubtful"


def test_bandwidth_and_power_are_plausible(chips):
    sound = chips[chips["flag"].isna()]
    per_watt = (sound["memory_bandwidth_gb_per_s"] / sound["tdp_w"]).dropna()
    # HBM boards move up to 12 GB/s a watt; a value beyond is another kind of memory, or wrong.
    assert per_watt.between(0.4, 12).all()
    assert sound["tdp_w"].dropna().between(8, 1500).all()
    modern = sound[sound["release_date"].dt.year >= 2016]
    assert (modern["dense_fp16_tflops"] / modern["tdp_w"]).dropna().between(0.1, 2.6).all()


def test_one_chip_under_two_names_agrees(chips):
    twins = [
        ("NVIDIA A100", "NVIDIA A100 SXM4 40 GB"),
        ("NVIDIA V100", "NVIDIA Tesla V100 SXM2 16 GB"),
        ("NVIDIA Tesla V100 SXM2", "NVIDIA Tesla V100 SXM2 16 GB"),
        ("NVIDIA P100 PCIe 16GB", "NVIDIA Tesla P100 PCIe 16GB"),
        ("NVIDIA Tesla K40s", "NVIDIA Tesla K40t"),
    ]
    columns = ["tdp_w", "dense_fp16_tflops", "fp32_tflops", "memory_bandwidth_gb_per_s"]
    for one, other in twins:
        ratio = (chips.loc[one, columns] / chips.loc[other, columns]).dropna()
        assert ((ratio - 1).abs() <= 0.01).all(), (one, other)


def test_a_flag_has_its_reason(chips):
    assert (chips["flag"].notna() == chips["flag_note"].notna()).all()
