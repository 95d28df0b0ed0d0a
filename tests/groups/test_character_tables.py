"""Character tables against the orthogonality theorems, the groups' own products, and published tables."""

from collections import Counter

import numpy as np
import pytest
from point_group_names import EVERY

from clusterdft.errors import InputError
from clusterdft.groups.character_tables import character_table
from clusterdft.groups.group_matrices import group_matrices, multiplication_table
from clusterdft.groups.rotation_characters import representations

ROUNDING = 1e-12

G, H = (1 + 5**0.5) / 2, (1 - 5**0.5) / 2
P, M = 2 * np.cos(2 * np.pi / 5), 2 * np.cos(4 * np.pi / 5)
R = 2**0.5

# Atkins, Child and Phillips, Tables for Group Theory (1970); of conjugate pairs the sums
PUBLISHED = {
    "Cs": ("E sigma_h", {"A'": "1 1", "A''": "1 -1"}),
    "Ci": ("E i", {"Ag": "1 1", "Au": "1 -1"}),
    "C2": ("E C2", {"A": "1 1", "B": "1 -1"}),
    "C3": ("E C3 C3^2", {"A": "1 1 1", "E": "2 -1 -1"}),
    "C2v": (
        "E C2(z) sigma(xz) sigma(yz)",
        {"A1": "1 1 1 1", "A2": "1 1 -1 -1", "B1": "1 -1 1 -1", "B2": "1 -1 -1 1"},
    ),
    "C3v": ("E C3 sigma_v", {"A1": "1 1 1", "A2": "1 1 -1", "E": "2 -1 0"}),
    "C4v": (
        "E C4 C2 sigma_v sigma_d",
        {"A1": "1 1 1 1 1", "A2": "1 1 1 -1 -1", "B1": "1 -1 1 1 -1", "B2": "1 -1 1 -1 1", "E": "2 0 -2 0 0"},
    ),
    "C5v": ("E C5 C5^2 sigma_v", {"A1": "1 1 1 1", "A2": "1 1 1 -1", "E1": "2 P M 0", "E2": "2 M P 0"}),
    "C6v": (
        "E C6 C3 C2 sigma_v sigma_d",
        {
            "A1": "1 1 1 1 1 1",
            "A2": "1 1 1 1 -1 -1",
            "B1": "1 -1 1 -1 1 -1",
            "B2": "1 -1 1 -1 -1 1",
            "E1": "2 1 -1 -2 0 0",
            "E2": "2 -1 -1 2 0 0",
        },
    ),
    "C2h": ("E C2 i sigma_h", {"Ag": "1 1 1 1", "Bg": "1 -1 1 -1", "Au": "1 1 -1 -1", "Bu": "1 -1 -1 1"}),
    "C3h": (
        "E C3 C3^2 sigma_h S3 S3^5",
        {"A'": "1 1 1 1 1 1", "E'": "2 -1 -1 2 -1 -1", "A''": "1 1 1 -1 -1 -1", "E''": "2 -1 -1 -2 1 1"},
    ),
    "D2": (
        "E C2(z) C2(y) C2(x)",
        {"A": "1 1 1 1", "B1": "1 1 -1 -1", "B2": "1 -1 1 -1", "B3": "1 -1 -1 1"},
    ),
    "D3": ("E C3 C2'", {"A1": "1 1 1", "A2": "1 1 -1", "E": "2 -1 0"}),
    "D4": (
        "E C4 C2 C2' C2''",
        {"A1": "1 1 1 1 1", "A2": "1 1 1 -1 -1", "B1": "1 -1 1 1 -1", "B2": "1 -1 1 -1 1", "E": "2 0 -2 0 0"},
    ),
    "D2h": (
        "E C2(z) C2(y) C2(x) i sigma(xy) sigma(xz) sigma(yz)",
        {
            "Ag": "1 1 1 1 1 1 1 1",
            "B1g": "1 1 -1 -1 1 1 -1 -1",
            "B2g": "1 -1 1 -1 1 -1 1 -1",
            "B3g": "1 -1 -1 1 1 -1 -1 1",
            "Au": "1 1 1 1 -1 -1 -1 -1",
            "B1u": "1 1 -1 -1 -1 -1 1 1",
            "B2u": "1 -1 1 -1 -1 1 -1 1",
            "B3u": "1 -1 -1 1 -1 1 1 -1",
        },
    ),
    "D3h": (
        "E C3 C2' sigma_h S3 sigma_v",
        {
            "A1'": "1 1 1 1 1 1",
            "A2'": "1 1 -1 1 1 -1",
            "E'": "2 -1 0 2 -1 0",
            "A1''": "1 1 1 -1 -1 -1",
            "A2''": "1 1 -1 -1 -1 1",
            "E''": "2 -1 0 -2 1 0",
        },
    ),
    "D4h": (
        "E C4 C2 C2' C2'' i S4 sigma_h sigma_v sigma_d",
        {
            "A1g": "1 1 1 1 1 1 1 1 1 1",
            "A2g": "1 1 1 -1 -1 1 1 1 -1 -1",
            "B1g": "1 -1 1 1 -1 1 -1 1 1 -1",
            "B2g": "1 -1 1 -1 1 1 -1 1 -1 1",
            "Eg": "2 0 -2 0 0 2 0 -2 0 0",
            "A1u": "1 1 1 1 1 -1 -1 -1 -1 -1",
            "A2u": "1 1 1 -1 -1 -1 -1 -1 1 1",
            "B1u": "1 -1 1 1 -1 -1 1 -1 -1 1",
            "B2u": "1 -1 1 -1 1 -1 1 -1 1 -1",
            "Eu": "2 0 -2 0 0 -2 0 2 0 0",
        },
    ),
    "D5h": (
        "E C5 C5^2 C2' sigma_h S5 S5^3 sigma_v",
        {
            "A1'": "1 1 1 1 1 1 1 1",
            "A2'": "1 1 1 -1 1 1 1 -1",
            "E1'": "2 P M 0 2 P M 0",
            "E2'": "2 M P 0 2 M P 0",
            "A1''": "1 1 1 1 -1 -1 -1 -1",
            "A2''": "1 1 1 -1 -1 -1 -1 1",
            "E1''": "2 P M 0 -2 -P -M 0",
            "E2''": "2 M P 0 -2 -M -P 0",
        },
    ),
    "D6h": (
        "E C6 C3 C2 C2' C2'' i S3 S6 sigma_h sigma_d sigma_v",
        {
            "A1g": "1 1 1 1 1 1 1 1 1 1 1 1",
            "A2g": "1 1 1 1 -1 -1 1 1 1 1 -1 -1",
            "B1g": "1 -1 1 -1 1 -1 1 -1 1 -1 1 -1",
            "B2g": "1 -1 1 -1 -1 1 1 -1 1 -1 -1 1",
            "E1g": "2 1 -1 -2 0 0 2 1 -1 -2 0 0",
            "E2g": "2 -1 -1 2 0 0 2 -1 -1 2 0 0",
            "A1u": "1 1 1 1 1 1 -1 -1 -1 -1 -1 -1",
            "A2u": "1 1 1 1 -1 -1 -1 -1 -1 -1 1 1",
            "B1u": "1 -1 1 -1 1 -1 -1 1 -1 1 -1 1",
            "B2u": "1 -1 1 -1 -1 1 -1 1 -1 1 1 -1",
            "E1u": "2 1 -1 -2 0 0 -2 -1 1 2 0 0",
            "E2u": "2 -1 -1 2 0 0 -2 1 1 -2 0 0",
        },
    ),
    "D2d": (
        "E S4 C2 C2' sigma_d",
        {"A1": "1 1 1 1 1", "A2": "1 1 1 -1 -1", "B1": "1 -1 1 1 -1", "B2": "1 -1 1 -1 1", "E": "2 0 -2 0 0"},
    ),
    "D3d": (
        "E C3 C2' i S6 sigma_d",
        {
            "A1g": "1 1 1 1 1 1",
            "A2g": "1 1 -1 1 1 -1",
            "Eg": "2 -1 0 2 -1 0",
            "A1u": "1 1 1 -1 -1 -1",
            "A2u": "1 1 -1 -1 -1 1",
            "Eu": "2 -1 0 -2 1 0",
        },
    ),
    "D4d": (
        "E S8 C4 S8^3 C2 C2' sigma_d",
        {
            "A1": "1 1 1 1 1 1 1",
            "A2": "1 1 1 1 1 -1 -1",
            "B1": "1 -1 1 -1 1 1 -1",
            "B2": "1 -1 1 -1 1 -1 1",
            "E1": "2 R 0 -R -2 0 0",
            "E2": "2 0 -2 0 2 0 0",
            "E3": "2 -R 0 R -2 0 0",
        },
    ),
    "S4": ("E S4 C2 S4^3", {"A": "1 1 1 1", "B": "1 -1 1 -1", "E": "2 0 -2 0"}),
    "Td": (
        "E C3 C2 S4 sigma_d",
        {"A1": "1 1 1 1 1", "A2": "1 1 1 -1 -1", "E": "2 -1 2 0 0", "T1": "3 0 -1 1 -1", "T2": "3 0 -1 -1 1"},
    ),
    "O": (
        "E C3 C2 C4 C2'",
        {"A1": "1 1 1 1 1", "A2": "1 1 1 -1 -1", "E": "2 -1 2 0 0", "T1": "3 0 -1 1 -1", "T2": "3 0 -1 -1 1"},
    ),
    "Oh": (
        "E C3 C2' C4 C2 i S4 S6 sigma_h sigma_d",
        {
            "A1g": "1 1 1 1 1 1 1 1 1 1",
            "A2g": "1 1 -1 -1 1 1 -1 1 1 -1",
            "Eg": "2 -1 0 0 2 2 0 -1 2 0",
            "T1g": "3 0 -1 1 -1 3 1 0 -1 -1",
            "T2g": "3 0 1 -1 -1 3 -1 0 -1 1",
            "A1u": "1 1 1 1 1 -1 -1 -1 -1 -1",
            "A2u": "1 1 -1 -1 1 -1 1 -1 -1 1",
            "Eu": "2 -1 0 0 2 -2 0 1 -2 0",
            "T1u": "3 0 -1 1 -1 -3 -1 0 1 1",
            "T2u": "3 0 1 -1 -1 -3 1 0 1 -1",
        },
    ),
    "I": (
        "E C5 C5^2 C3 C2",
        {"A": "1 1 1 1 1", "T1": "3 G H 0 -1", "T2": "3 H G 0 -1", "G": "4 -1 -1 1 0", "H": "5 0 0 -1 1"},
    ),
    "Ih": (
        "E C5 C5^2 C3 C2 i S10 S10^3 S6 sigma",
        {
            "Ag": "1 1 1 1 1 1 1 1 1 1",
            "T1g": "3 G H 0 -1 3 H G 0 -1",
            "T2g": "3 H G 0 -1 3 G H 0 -1",
            "Gg": "4 -1 -1 1 0 4 -1 -1 1 0",
            "Hg": "5 0 0 -1 1 5 0 0 -1 1",
            "Au": "1 1 1 1 1 -1 -1 -1 -1 -1",
            "T1u": "3 G H 0 -1 -3 -H -G 0 1",
            "T2u": "3 H G 0 -1 -3 -G -H 0 1",
            "Gu": "4 -1 -1 1 0 -4 1 1 -1 0",
            "Hu": "5 0 0 -1 1 -5 0 0 1 -1",
        },
    ),
}


def numbers(row):
    names = {"P": P, "M": M, "G": G, "H": H, "R": R}
    return [
        (-names[w[1:]] if w[0] == "-" else names[w]) if w[-1].isalpha() else float(w) for w in row.split()
    ]


def complex_characters(table):
    """Every complex representation, (nclass, nclass)."""
    heads = [c.members[0] for c in table.classes]
    return np.stack([one.characters[heads] for one in representations(table.name)])


@pytest.mark.parametrize("name", EVERY)
def test_both_orthogonality_theorems(name):
    table = character_table(name)
    chi, sizes = complex_characters(table), table.sizes
    order = len(group_matrices(name))
    assert chi.shape == (len(sizes), len(sizes))
    assert np.abs((chi * sizes) @ chi.conj().T - order * np.eye(len(sizes))).max() < ROUNDING * order
    columns = chi.conj().T @ chi * sizes
    assert np.abs(columns - order * np.eye(len(sizes))).max() < ROUNDING * order
    assert np.sum(np.abs(chi[:, 0]) ** 2) == pytest.approx(order, abs=ROUNDING)


@pytest.mark.parametrize("name", EVERY)
def test_characters_respect_the_products_of_classes(name):
    """Burnside: the class sums, times chi / dimension, multiply as the operations do."""
    table = character_table(name)
    products = multiplication_table(group_matrices(name))
    home = np.empty(table.order, dtype=int)
    for k, c in enumerate(table.classes):
        home[c.members] = k
    chi = complex_characters(table)
    omega = chi * table.sizes / chi[:, :1]
    for j, one in enumerate(table.classes):
        for k, other in enumerate(table.classes):
            hits = home[products[np.ix_(one.members, other.members)]].ravel()
            counts = np.bincount(hits, minlength=len(table.classes)) / table.sizes
            assert np.abs(omega[:, j] * omega[:, k] - omega @ counts).max() < 1e-9


@pytest.mark.parametrize("name", EVERY)
def test_labels_are_unique_and_the_first_is_totally_symmetric(name):
    table = character_table(name)
    assert len(set(table.labels)) == len(table.labels)
    assert (table.characters[0] == 1).all()
    assert sum(i.dimension**2 / (2 if i.separable else 1) for i in table.irreps) == table.order


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_tables(name):
    heading, rows = PUBLISHED[name]
    table = character_table(name)
    labels = [c.label for c in table.classes]
    assert sorted(labels) == sorted(heading.split())
    assert set(table.labels) == set(rows)
    at = [labels.index(label) for label in heading.split()]
    for label, row in rows.items():
        assert table.character(label)[at] == pytest.approx(numbers(row), abs=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_functions_are_in_one_place_each_and_all_there(name):
    table = character_table(name)
    found = [f for irrep in table.irreps for partners in irrep.functions for f in partners]
    assert len(found) == len(set(found)) == 12
    assert {"x", "y", "z", "Rx", "Ry", "Rz", "xy", "xz", "yz", "x2-y2"} < set(found)


FUNCTIONS = {
    ("C2v", "B1"): (("x",), ("Ry",), ("xz",)),
    ("D3h", "E'"): (("x", "y"), ("x2-y2", "xy")),
    ("D4h", "B1g"): (("x2-y2",),),
    ("D2h", "B3u"): (("x",),),
    ("Td", "T2"): (("x", "y", "z"), ("xy", "xz", "yz")),
    ("D4d", "E3"): (("Rx", "Ry"), ("xz", "yz")),
    ("Ih", "Hg"): (("2z2-x2-y2", "x2-y2", "xy", "xz", "yz"),),
}


@pytest.mark.parametrize(("name", "label"), FUNCTIONS)
def test_published_functions(name, label):
    table = character_table(name)
    assert table.irreps[table.labels.index(label)].functions == FUNCTIONS[name, label]


@pytest.mark.parametrize(
    ("name", "infrared", "raman"),
    [
        ("Td", ["T2"], ["A1", "E", "T2"]),
        ("Ih", ["T1u"], ["Ag", "Hg"]),
        ("D3h", ["E'", "A2''"], ["A1'", "E'", "E''"]),
        ("Ci", ["Au"], ["Ag"]),
    ],
)
def test_active_vibrations(name, infrared, raman):
    """Wilson, Decius and Cross, Molecular Vibrations (1955), appendix X."""
    irreps = character_table(name).irreps
    assert [irrep.label for irrep in irreps if irrep.is_infrared_active] == infrared
    assert [irrep.label for irrep in irreps if irrep.is_raman_active] == raman


def test_direct_products():
    assert character_table("Oh").product("T1u", "T2g") == {"A2u": 1, "Eu": 1, "T1u": 1, "T2u": 1}
    assert character_table("C2v").product("B1", "B2") == {"A2": 1}
    assert character_table("C3").product("E", "E") == {"A": 2, "E": 1}
    assert character_table("D3h").product("E'", "A2''", "E'") == {"A1''": 1, "A2''": 1, "E''": 1}


def test_squares():
    """The active modes of E x e, T x (e + t2), and of the icosahedral H and G (Judd 1974)."""
    ih, td, d4h = character_table("Ih"), character_table("Td"), character_table("D4h")
    assert character_table("D3h").symmetric_square("E'") == {"A1'": 1, "E'": 1}
    assert td.symmetric_square("T2") == {"A1": 1, "E": 1, "T2": 1}
    assert d4h.symmetric_square("Eu") == {"A1g": 1, "B1g": 1, "B2g": 1}
    assert ih.symmetric_square("T1u") == {"Ag": 1, "Hg": 1}
    assert ih.symmetric_square("Gg") == {"Ag": 1, "Gg": 1, "Hg": 1}
    assert ih.symmetric_square("Hg") == {"Ag": 1, "Gg": 1, "Hg": 2}


@pytest.mark.parametrize("name", ["D4d", "Oh", "Ih", "S6", "C5h"])
def test_symmetric_squares_are_in_the_product(name):
    """Of d partners d (d + 1) / 2 products are symmetric."""
    table = character_table(name)
    dimension = {irrep.label: irrep.dimension for irrep in table.irreps}
    for label in table.labels:
        square = table.symmetric_square(label)
        assert Counter(square) <= Counter(table.product(label, label))
        d = dimension[label]
        assert sum(dimension[part] * n for part, n in square.items()) == d * (d + 1) // 2


def test_what_is_no_group_and_no_representation_is_told():
    with pytest.raises(InputError, match="unknown point group"):
        character_table("Dinfh")
    with pytest.raises(InputError, match="no representation 'A3'"):
        character_table("Td").character("A3")
    with pytest.raises(InputError, match="no characters"):
        character_table("Td").reduce(np.array([1.0, 0, 0, 0, 0]))
