"""Searches: start geometries are asked for, relaxed, and merged into distinct isomers."""

from clusterdft.choices import Choices

STRATEGIES = Choices("strategy", {"random-starts": "clusterdft.search.random_starts:RandomStarts"})


def __getattr__(name):
    if name in ("search", "SearchResult"):
        from clusterdft.search import driver

        return getattr(driver, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
