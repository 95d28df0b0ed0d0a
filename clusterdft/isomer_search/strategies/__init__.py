"""Search strategies, one a file: which geometry to start from next, given how the earlier starts ended."""

from clusterdft.files.choices import Choices

STRATEGIES = Choices(
    "strategy",
    {
        "random-starts": "clusterdft.isomer_search.strategies.random_starts:RandomStarts",
        "two-stage": "clusterdft.isomer_search.strategies.two_stage:TwoStage",
        "basin-hopping": "clusterdft.isomer_search.strategies.basin_hopping:BasinHopping",
        "genetic": "clusterdft.isomer_search.strategies.genetic:Genetic",
        "growth": "clusterdft.isomer_search.strategies.growth:Growth",
        "auto": "clusterdft.isomer_search.strategies.auto:Auto",
    },
)
