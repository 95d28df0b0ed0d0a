"""Searches: start geometries are asked for, relaxed, and merged into distinct isomers."""

import sys

from clusterdft.callable_package import CallablePackage
from clusterdft.choices import Choices

sys.modules[__name__].__class__ = CallablePackage

STRATEGIES = Choices(
    "strategy",
    {
        "random-starts": "clusterdft.search.random_starts:RandomStarts",
        "two-stage": "clusterdft.search.two_stage:TwoStage",
        "basin-hopping": "clusterdft.search.basin_hopping:BasinHopping",
        "genetic": "clusterdft.search.genetic:Genetic",
        "growth": "clusterdft.search.growth:Growth",
        "auto": "clusterdft.search.auto:Auto",
    },
)


def __getattr__(name):
    if name == "search":
        from clusterdft.search.driver import search

        return search
    if name == "SearchResult":
        from clusterdft.search.result import SearchResult

        return SearchResult
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
