"""Names in figures, and files that cannot be written."""

import pytest

from clusterdft.errors import InputError
from clusterdft.report.canvas import check_figure, journal_figure, new_figure, save_figure, typeset


def test_names():
    assert typeset("Na4+") == "Na$_{4}$$^{+}$"
    assert typeset("Na8-2") == "Na$_{8}$$^{2-}$"
    assert typeset("Na6K2") == "Na$_{6}$K$_{2}$"
    assert typeset("Na") == "Na"


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_the_same_figure_has_the_same_bytes(tmp_path, ending):
    for name in ("first", "second"):
        with journal_figure(tmp_path / f"{name}.{ending}", 2.0, 1.5) as figure:
            figure.subplots().plot([0, 1], [1, 0])
    assert (tmp_path / f"first.{ending}").read_bytes() == (tmp_path / f"second.{ending}").read_bytes()


def test_resolution_is_in_dots_an_inch(tmp_path):
    from matplotlib.image import imread

    save_figure(new_figure(2.0, 1.0, layout=None), tmp_path / "x.png", 100)
    assert imread(tmp_path / "x.png").shape[:2] == (100, 200)


@pytest.mark.parametrize("name", ["x.gif", "x", "missing/x.png", "folder.png"])
def test_files_that_cannot_be_written_are_refused(tmp_path, name):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="cannot"):
        check_figure(tmp_path / name)


def test_a_figure_that_fails_writes_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), journal_figure(tmp_path / "x.png", 2.0, 1.5):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
