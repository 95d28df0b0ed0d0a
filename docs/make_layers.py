"""Draws which room of the package imports which, from the imports themselves: layers.svg and layers.txt.

    python docs/make_layers.py            writes both
    python docs/make_layers.py --check    ends with 1 where they are not those of the imports

A room is a folder or a file at the top of clusterdft/. It stands one row above the highest room that it
imports, inside functions or by a "module:attribute" string too. An arrow that other arrows make superfluous
is left out of the picture: where a imports b and b imports c, there is none from a to c. layers.txt has the
rows as text, each room with all that it imports.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from statistics import mean

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "clusterdft"
PICTURE, TEXT = "layers.svg", "layers.txt"

ROW, BOX, GAP, MARGIN = 62.0, 28.0, 22.0, 20.0  # pixels: between rows, height of a box, between boxes, around
LETTER, PADDING, POINT = 7.6, 18.0, 2.0  # pixels: width of a letter, of the empty space of a box, of a bend
LAZY = re.compile(rf"{PACKAGE.name}(\.\w+)+:\w+$")
SWEEPS = 40  # of the order within rows, and of the places; both have settled long before

Graph = dict[str, set[str]]


def room_of(module: str) -> str:
    """The room that a module such as clusterdft.scf.dipole is in; empty for others and the package itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == PACKAGE.name and len(parts) > 1 else ""


def imported(path: Path) -> Iterator[str]:
    """Names of the modules that a file imports, inside functions and by "module:attribute" strings too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == PACKAGE.name:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and LAZY.match(node.value):
            yield node.value.partition(":")[0]


def imports_of_rooms(package: Path = PACKAGE) -> Graph:
    """{room: the rooms that it imports}; the package's own __init__ and __main__ are no rooms."""
    files = {path: path.relative_to(package).with_suffix("").parts[0] for path in package.rglob("*.py")}
    rooms = {room for room in files.values() if not room.startswith("__")}
    graph: Graph = {room: set() for room in rooms}
    for path, room in files.items():
        if room in rooms:
            graph[room] |= {room_of(name) for name in imported(path)} & rooms - {room}
    return {room: graph[room] for room in sorted(graph) if graph[room] or _is_imported(room, graph)}


def _is_imported(room: str, graph: Graph) -> bool:
    return any(room in below for below in graph.values())


def rows_of(graph: Graph) -> dict[str, int]:
    """{room: its row}, 0 for a room that imports none.

    Raises
    ------
    SystemExit
        When rooms import each other in a circle.
    """
    rows: dict[str, int] = {}

    def row(room: str, above: tuple[str, ...]) -> int:
        if room in above:
            raise SystemExit("a circle: " + " imports ".join([*above[above.index(room) :], room]))
        if room not in rows:
            rows[room] = 1 + max((row(low, (*above, room)) for low in sorted(graph[room])), default=-1)
        return rows[room]

    for room in graph:
        row(room, ())
    return rows


def text_of(graph: Graph) -> str:
    """The rows as text, the highest first."""
    rows = rows_of(graph)
    lines = []
    for level in range(max(rows.values()), -1, -1):
        lines.append(f"row {level}")
        for room in graph:
            if rows[room] == level:
                lines.append(f"  {room}: {', '.join(sorted(graph[room])) or 'nothing'}")
    return "\n".join(lines) + "\n"


def reduced(graph: Graph) -> Graph:
    """The graph without the arrows that a longer way makes superfluous."""
    below: Graph = {}

    def reach(room: str) -> set[str]:
        if room not in below:
            below[room] = set(graph[room]).union(*(reach(low) for low in graph[room]))
        return below[room]

    return {
        room: {low for low in lows if not any(low in reach(other) for other in lows)}
        for room, lows in graph.items()
    }


class Drawing:
    """Places of rooms and of the bends of arrows.

    An arrow over several rows bends once in each. Rows are ordered by the mean place of what their members
    are joined to, upwards and downwards in turn, then so that few arrows cross. At last everything is moved
    towards those means as far as its neighbours in the row allow.

    Parameters
    ----------
    graph : dict of set
        {room: the rooms that it imports}, without superfluous arrows.
    rows : dict
        {room: its row}.
    """

    def __init__(self, graph: Graph, rows: dict[str, int]) -> None:
        self.rows: list[list[str]] = [[] for _ in range(max(rows.values()) + 1)]
        self.chains: list[list[str]] = []
        self._joined: dict[str, list[str]] = defaultdict(list)
        for room, row in rows.items():
            self.rows[row].append(room)
        for room in graph:
            for low in sorted(graph[room]):
                self._join(room, low, rows)
        self.x: dict[str, float] = {}
        self._order()
        for sweep in range(SWEEPS):
            for row_members in self.rows if sweep % 2 else self.rows[::-1]:
                self._settle(row_members)
        left = min(self.x[name] - self.width(name) / 2 for name in self.x)
        self.x = {name: x - left + MARGIN for name, x in self.x.items()}

    def _order(self) -> None:
        """Sort rows by the mean place of what is joined, then exchange pairs while that saves crossings."""
        for members in self.rows:
            self._spread(members)
        for sweep in range(SWEEPS):
            for members in self.rows if sweep % 2 else self.rows[::-1]:
                members.sort(key=lambda name: (self._wish(name), name))
                self._spread(members)
        fewest, before = self._crossings(), -1
        while fewest != before:
            before = fewest
            for members in self.rows:
                for k in range(len(members) - 1):
                    fewest = min(fewest, self._exchanged(members, k, fewest))

    def _exchanged(self, members: list[str], k: int, fewest: int) -> int:
        """The crossings after neighbours k and k + 1 changed places, which is undone unless it saves some."""
        for _ in range(2):
            members[k], members[k + 1] = members[k + 1], members[k]
            self._spread(members)
            crossings = self._crossings()
            if crossings < fewest:
                break
        return crossings

    def _crossings(self) -> int:
        """How many pieces of arrows between neighbouring rows cross."""
        row_of = {name: row for row, members in enumerate(self.rows) for name in members}
        pieces: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for chain in self.chains:
            for upper, lower in pairwise(chain):
                pieces[row_of[lower]].append((self.x[upper], self.x[lower]))
        return sum(
            (first[0] - second[0]) * (first[1] - second[1]) < 0
            for same in pieces.values()
            for first, second in combinations(same, 2)
        )

    def _join(self, room: str, low: str, rows: dict[str, int]) -> None:
        bends = [f"{room}>{low}>{row}" for row in range(rows[room] - 1, rows[low], -1)]
        for bend in bends:
            self.rows[int(bend.rsplit(">", 1)[1])].append(bend)
        chain = [room, *bends, low]
        self.chains.append(chain)
        for upper, lower in pairwise(chain):
            self._joined[upper].append(lower)
            self._joined[lower].append(upper)

    def _wish(self, name: str) -> float:
        return mean(self.x[other] for other in self._joined[name]) if self._joined[name] else 0.0

    @staticmethod
    def width(name: str) -> float:
        """Width of a box, or of a bend, in pixels."""
        return POINT if ">" in name else LETTER * len(name) + PADDING

    def _apart(self, left: str, right: str) -> float:
        return (self.width(left) + self.width(right)) / 2 + GAP

    def _spread(self, members: list[str]) -> None:
        """One beside the other, the middle of the row at zero."""
        x = 0.0
        for k, name in enumerate(members):
            x += self._apart(members[k - 1], name) if k else 0.0
            self.x[name] = x
        for name in members:
            self.x[name] -= x / 2

    def _settle(self, members: list[str]) -> None:
        """Each halfway between the leftmost and the rightmost place near its wish that keeps the order."""
        wishes = [self._wish(name) for name in members]
        low, high = wishes[:], wishes[:]
        for k in range(1, len(members)):
            low[k] = max(low[k], low[k - 1] + self._apart(members[k - 1], members[k]))
        for k in range(len(members) - 2, -1, -1):
            high[k] = min(high[k], high[k + 1] - self._apart(members[k], members[k + 1]))
        for name, left, right in zip(members, low, high, strict=True):
            self.x[name] = (left + right) / 2

    def y(self, row: int) -> float:
        """Middle of a row, in pixels from the top."""
        return MARGIN + BOX / 2 + ROW * (len(self.rows) - 1 - row)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        right = max(self.x[name] + self.width(name) / 2 for name in self.x)
        return right + MARGIN, self.y(0) + BOX / 2 + MARGIN


def svg_of(graph: Graph) -> str:
    """The picture."""
    rows = rows_of(graph)
    drawing = Drawing(reduced(graph), rows)
    width, height = drawing.size
    row_of = {name: k for k, members in enumerate(drawing.rows) for name in members}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" font-size="13">',
        "<title>Rooms of clusterdft; arrows point to what is imported</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0,0.5 L8,4 L0,7.5 z" fill="#5b6b7b"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
    ]
    for chain in drawing.chains:
        points = [(drawing.x[name], drawing.y(row_of[name])) for name in chain]
        lines.append(f'<path d="{_curve(points)}" fill="none" stroke="#9aa7b4" marker-end="url(#tip)"/>')
    for room, row in rows.items():
        x, y, wide = drawing.x[room], drawing.y(row), drawing.width(room)
        lines.append(
            f'<rect x="{x - wide / 2:.1f}" y="{y - BOX / 2:.1f}" width="{wide:.1f}" height="{BOX:.0f}" '
            'rx="5" fill="#e8f0f8" stroke="#36577a"/>'
        )
        lines.append(f'<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">{room}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _curve(points: list[tuple[float, float]]) -> str:
    """A path from the lower edge of the first box through the bends to the upper edge of the last."""
    (x, y), (last_x, last_y) = points[0], points[-1]
    path = f"M{x:.1f},{y + BOX / 2:.1f}"
    points = [(x, y + BOX / 2), *points[1:-1], (last_x, last_y - BOX / 2)]
    for (x0, y0), (x1, y1) in pairwise(points):
        half = (y0 + y1) / 2
        path += f" C{x0:.1f},{half:.1f} {x1:.1f},{half:.1f} {x1:.1f},{y1:.1f}"
    return path


def main() -> int:
    """Write the picture and its text, or only compare them."""
    graph = imports_of_rooms()
    made = {PICTURE: svg_of(graph), TEXT: text_of(graph)}
    if "--check" not in sys.argv[1:]:
        for name, content in made.items():
            (DOCS / name).write_text(content, encoding="utf-8")
        return 0
    old = [name for name, content in made.items() if (DOCS / name).read_text(encoding="utf-8") != content]
    if old:
        print(f"{' and '.join(old)}: not those of the imports; run `python docs/make_layers.py`")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
