"""Figures that are looked at instead of saved."""

import pytest


@pytest.fixture
def figure_of(monkeypatch, tmp_path):
    """Runs a function that draws into a file, and gives matplotlib's figure."""

    def look(draw, *args, **more):
        figures = []
        monkeypatch.setattr(
            "clusterdft.report.canvas.save_figure", lambda figure, *_, **__: figures.append(figure)
        )
        draw(*args, tmp_path / "figure.png", **more)
        (figure,) = figures
        return figure

    return look
