"""Has anything become slower? Ratios and counts beside the last ones that were recorded.

    python runs/benchmarks/record.py                                 compares, and records what is not worse
    python runs/benchmarks/record.py --groups start searches         some groups only
    python runs/benchmarks/record.py --groups slow-searches coverage    what takes long
    python runs/benchmarks/record.py --only-compare                  records nothing
    python runs/benchmarks/record.py --accept                        records what is worse, too

All times are CPU seconds of one thread, as ratios to another program's in the same run, so that records of
different machines can be compared. All values are better when they are lower. A value is worse when it is
higher than the last one by more than --share and twice the noise of both. The noise is the standard error of
the repeats: of the median of timings, of the mean of counts. Records are kept in records.csv beside this
file. The command ends with 1 if something is worse, and then records nothing.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.util import find_spec
from math import hypot, sqrt
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDS = Path(__file__).resolve().parent / "records.csv"
ALLOWED_RISE = 0.15  # by so much a value may rise beyond its noise
MEDIAN_ERROR = 1.2533 * 1.4826  # standard error of a median, in median absolute deviations over sqrt(n)
STARTS_OF_PYTHON = 15  # repeats
STEPS = {2: 15, 8: 9, 20: 3}  # steps of each size: PySCF takes ten seconds for one of Na20


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One quantity, better when lower.

    Attributes
    ----------
    quantity : str
        What was measured, the same words in each record.
    value : float
        Median or mean of the repeats.
    noise : float
        Standard error of the value, as a share of it.
    repeats : int
        How many there were.
    """

    quantity: str
    value: float
    noise: float
    repeats: int


@dataclass(frozen=True, kw_only=True)
class Record(Measurement):
    """A Measurement with the day (YYYY-MM-DD) and the version of the program."""

    date: str
    version: str


def timing(quantity: str, ratios: Sequence[float]) -> Measurement:
    """Median of ratios of CPU times."""
    middle = median(ratios)
    spread = median(abs(ratio - middle) for ratio in ratios)
    return Measurement(
        quantity=quantity,
        value=middle,
        noise=MEDIAN_ERROR * spread / sqrt(len(ratios)) / middle,
        repeats=len(ratios),
    )


def count(quantity: str, counts: Sequence[float]) -> Measurement:
    """Mean of counts, one for each seed."""
    average = mean(counts)
    error = stdev(counts) / sqrt(len(counts)) if len(counts) > 1 else 0.0
    return Measurement(quantity=quantity, value=average, noise=error / average, repeats=len(counts))


def start() -> Iterator[Measurement]:
    """What `clusterdft --help` costs, over what Python alone costs."""
    ratios = []
    for _ in range(STARTS_OF_PYTHON):
        alone = _child_seconds("-c", "pass")
        ratios.append(_child_seconds("-m", "clusterdft", "--help") / alone)
    yield timing("clusterdft --help, over python -c pass", ratios)


def _child_seconds(*words: str) -> float:
    """CPU seconds of Python with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def steps() -> Iterator[Measurement]:
    """SCF and forces inside a relaxation, over those of tuned PySCF, taken in turn."""
    from steady_step import OurSteps, PeerSteps, compile_kernels, geometries

    compile_kernels()
    for natom, n_steps in STEPS.items():
        ours, peer = OurSteps(natom), PeerSteps(natom)
        pairs = [(ours(positions), peer(positions)) for positions in geometries(natom, n_steps)]
        ratios = [mine.seconds / theirs.seconds for mine, theirs in pairs[1:]]
        yield timing(f"step of Na{natom}, over tuned PySCF's", ratios)


def searches() -> Iterator[Measurement]:
    """A search for Na4, relaxations of Na8, and what finding the lowest Lennard-Jones cluster takes."""
    from steady_step import PeerSteps, compile_kernels, geometries

    from clusterdft import Method, relax, search
    from clusterdft.generate.random_cube import random_cube

    compile_kernels()
    peer, path = PeerSteps(4), geometries(4, 9)
    peer(path[0])
    step = median(peer(positions).seconds for positions in path[1:])
    search("Na2", Method(), starts=1)  # compiles what is left
    ratios, calls = [], []
    for _ in range(3):
        before = time.process_time()
        result = search("Na4", Method(), starts=12, check_within=None)
        ratios.append((time.process_time() - before) / step)
        calls.append(result.n_force_calls)
    yield timing("search of Na4, 12 starts, over a step of PySCF", ratios)
    yield count("search of Na4, 12 starts, force calls", calls)
    starts = [random_cube(("Na",) * 8, seed=0, index=index) for index in range(10)]
    calls = [relax(start, Method()).n_force_calls for start in starts]
    yield count("relaxations of Na8, force calls of ten", [sum(calls)])  # of the same starts: no noise
    yield _relaxations("auto-unaided", 13, seeds=100)


def slow_searches() -> Iterator[Measurement]:
    """Force calls and relaxations that larger searches take to the lowest known minimum."""
    yield _relaxations("auto-unaided", 19, seeds=40)
    yield _relaxations("auto", 31, seeds=10)
    for natom in (6, 8):
        runs = _runs("sodium", natom, "random-starts", 20)
        yield count(f"Na{natom}, random starts, force calls to the lowest", [run.calls for run in runs])


def _relaxations(strategy: str, natom: int, *, seeds: int) -> Measurement:
    """Relaxations of Lennard-Jones searches to the global minimum."""
    runs = _runs("lennard-jones", natom, strategy, seeds)
    quantity = f"Lennard-Jones {natom}, {strategy}, relaxations to the lowest"
    return count(quantity, [run.relaxations for run in runs])


def _runs(surface: str, natom: int, strategy: str, seeds: int) -> list[Any]:
    """The Runs of one search with the seeds 0, 1, ...; those that never got there count with their budget."""
    from search import measure
    from search_runs import Case

    case = {"surface": surface, "natom": natom, "charge": 0, "search": strategy}
    budget = {"max_calls": 1_000_000, "max_relaxations": 200 * natom}
    return [measure(Case(**case, **budget, seed=seed)) for seed in range(seeds)]


def coverage() -> Iterator[Measurement]:
    """Share of the lines that the fast tests do not reach; compiled kernels are among them."""
    if not find_spec("pytest_cov"):
        raise SystemExit("coverage needs pytest-cov: pip install pytest-cov")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        command = ["-m", "pytest", "-q", "--cov=clusterdft", f"--cov-report=json:{report}"]
        environment = os.environ | {"COVERAGE_FILE": str(Path(folder) / "coverage")}
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, env=environment)
        totals = json.loads(report.read_text())["totals"]
    yield count("lines that fast tests do not reach, share", [1.0 - totals["percent_covered"] / 100.0])


GROUPS: dict[str, Callable[[], Iterator[Measurement]]] = {
    "start": start,
    "steps": steps,
    "searches": searches,
    "slow-searches": slow_searches,
    "coverage": coverage,
}
QUICK = ("start", "steps", "searches")  # some minutes together


def read_records(path: Path) -> list[Record]:
    """All records of a file, oldest first; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Record(
                date=row["date"],
                version=row["version"],
                quantity=row["quantity"],
                value=float(row["value"]),
                noise=float(row["noise"]),
                repeats=int(row["repeats"]),
            )
            for row in csv.DictReader(file)
        ]


def append_records(path: Path, measurements: Sequence[Measurement], *, date: str, version: str) -> None:
    """Add measurements to a file, which is made where there is none."""
    columns = ["date", "version", *(field.name for field in fields(Measurement))]
    new = not path.is_file()
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        if new:
            table.writeheader()
        for measurement in measurements:
            values = asdict(measurement)
            values |= {"value": f"{measurement.value:.4g}", "noise": f"{measurement.noise:.3f}"}
            table.writerow({"date": date, "version": version, **values})


def last_records(records: Sequence[Record]) -> dict[str, Record]:
    """The newest record of each quantity."""
    return {record.quantity: record for record in records}


def allowed_rise(now: Measurement, last: Measurement, share: float) -> float:
    """By how much a value may be above the last one, as a share of that."""
    return share + 2.0 * hypot(now.noise, last.noise)


def is_worse(now: Measurement, last: Measurement | None, share: float) -> bool:
    """Whether a value is higher than the last one by more than is allowed; a first one never is."""
    return last is not None and now.value > last.value * (1.0 + allowed_rise(now, last, share))


def line(now: Measurement, last: Record | None, share: float) -> str:
    """A row of the printed table."""
    text = f"{now.quantity:58s} {now.value:9.4g} ± {100 * now.noise:4.1f} %"
    if last is None:
        return f"{text}   first record"
    rise, limit = now.value / last.value - 1.0, allowed_rise(now, last, share)
    words = "WORSE" if is_worse(now, last, share) else "as before" if abs(rise) <= limit else "better"
    before = f"{last.value:.4g} in {last.version}, {last.date}"
    return f"{text}   {before}: {100 * rise:+.0f} % ({100 * limit:.0f} % allowed), {words}"


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groups", nargs="+", choices=tuple(GROUPS), default=QUICK, help="what to measure")
    parser.add_argument("--share", type=float, default=ALLOWED_RISE, help="by so much a value may rise")
    parser.add_argument("--records", type=Path, default=RECORDS, help="CSV file of all records")
    parser.add_argument("--only-compare", action="store_true", help="record nothing")
    parser.add_argument("--accept", action="store_true", help="record values that are worse, too")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, record; 1 if something is worse."""
    options = parsed(arguments)
    last, measurements, worse = last_records(read_records(options.records)), [], False
    for group in options.groups:
        for now in GROUPS[group]():
            before = last.get(now.quantity)
            worse |= is_worse(now, before, options.share)
            measurements.append(now)
            print(line(now, before, options.share), flush=True)
    if not options.only_compare and (options.accept or not worse):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        today = datetime.now(UTC).date().isoformat()
        append_records(options.records, measurements, date=today, version=project["version"])
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
