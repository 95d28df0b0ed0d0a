"""The rules of the house, checked: layers, sizes, names, docstrings.

Each rule is a function that finds what breaks it, so that the tests at the end can put a fault back and see
that it is found.
"""

import ast
import importlib
import re
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from numpydoc.docscrape import NumpyDocString

import clusterdft

PACKAGE = Path(clusterdft.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
SOURCES = {str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8") for path in FILES}
TREES = {name: ast.parse(text) for name, text in SOURCES.items()}

# from the ground up; a room imports those of the lines above its own, and those to its left
LAYERS = """
    errors units arrays keys schema extrapolation
    cluster method
    geometry grid groups work
    files symmetry
    basis generate
    pseudo
    integrals
    xc
    atom scf
    surfaces making ase_interface
    properties relaxation
    electronic_symmetry isomers
    isomer_search
    report
    jahn_teller study
    cli
"""
LEVEL = {room: level for level, line in enumerate(LAYERS.split("\n")) for room in line.split()}
ORDER = {room: place for place, room in enumerate(LAYERS.split())}
APART = ("jahn_teller", "study")  # chapters: they import what is below, never one another
TOP = ("__init__", "__main__")  # the public names and the command line: above everything

LONGEST_FUNCTION, MOST_PARAMETERS, LONGEST_FILE = 60, 8, 350
SMALL_FILE, MOST_SMALL_FILES, MOST_REPEATED_NAMES = 50, 30, 8
# longer, or with more parameters; these lists only shrink
LONG_FUNCTIONS = {"interaction_kernel", "_kernel"}  # compiled as a whole
MANY_PARAMETERS = {"search"}  # public: users want it in one call
COMMANDS = "cli/"  # the parameters of a command are its options, one or more lines each


def module_of(name):
    """clusterdft.room.file of a file's name."""
    parts = ["clusterdft", *name.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(name): name for name in SOURCES}


def room_of(module):
    """The room of a module: the folder or file of clusterdft/ that it stands in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported_modules(tree):
    """Modules of the package that a file imports, inside functions too, and in "module:attribute" strings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {
                f"{module}.{alias.name}" if f"{module}.{alias.name}" in MODULES else module
                for alias in node.names
            }
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"^(clusterdft(?:\.\w+)+)(?::\w+)?$", node.value))
    return {module for module in found if module.split(".")[0] == "clusterdft"}


def imports_between_files(trees):
    """{module: modules that it imports}, packages' own `__init__` counting as modules."""
    return {module_of(name): imported_modules(tree) - {module_of(name)} for name, tree in trees.items()}


def imports_upward(graph):
    """Sentences about imports of a room that does not lie below."""
    wrong = []
    for module, imported in sorted(graph.items()):
        room = room_of(module)
        for other in sorted(imported):
            below = room_of(other)
            if room in TOP or below == room or below == "references":
                continue
            if below in TOP:
                wrong.append(f"{module} imports the public names of the package")
            elif ORDER[below] > ORDER[room] or {room, below} == set(APART):
                wrong.append(f"{module} imports {other}, which lies above")
    return wrong


def circles(graph):
    """Sets of files that import one another in a circle (Tarjan's strongly connected components)."""
    index, low, stack, result = {}, {}, [], []

    def visit(module):
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in graph.get(module, ()):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            circle = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(circle) > 1:
                result.append(sorted(circle))

    for module in graph:
        if module not in index:
            visit(module)
    return result


def mutual_pairs(graph):
    """Pairs of rooms that import each other."""
    pairs = {(room_of(a), room_of(b)) for a, imported in graph.items() for b in imported}
    return sorted({tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1] and pair[::-1] in pairs})


def functions(trees):
    """(file, name, node) of every function and method, those inside functions too."""
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node.name, node


def too_long(trees):
    """Functions of more than LONGEST_FUNCTION lines; docstrings and the options of commands do not count."""
    wrong = []
    for file, name, node in functions(trees):
        first = node.body[0].lineno if file.startswith(COMMANDS) else node.lineno
        lines = node.end_lineno - first + 1
        if ast.get_docstring(node) is not None:
            lines -= node.body[0].end_lineno - node.body[0].lineno + 1
        if lines > LONGEST_FUNCTION and name not in LONG_FUNCTIONS:
            wrong.append(f"{file}: {name} has {lines} lines")
    return wrong


def too_many_parameters(trees):
    """Functions of more than MOST_PARAMETERS parameters, self and cls not counted."""
    wrong = []
    for file, name, node in functions(trees):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        count = len([a for a in arguments if a.arg not in ("self", "cls")])
        # compiled functions take arrays, not objects
        kernel = any("njit" in ast.unparse(decorator) for decorator in node.decorator_list)
        exempt = kernel or name in MANY_PARAMETERS or file.startswith(COMMANDS)
        if count > MOST_PARAMETERS and not exempt:
            wrong.append(f"{file}: {name} has {count} parameters")
    return wrong


def repeated_class_names(trees):
    """Names of public classes that stand twice in the package."""
    places = defaultdict(list)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(file)
    return {name: files for name, files in places.items() if len(files) > 1}


def returns_a_value(node):
    """Whether a function itself, not one inside it, returns or yields something."""
    for part in own_nodes(node):
        if isinstance(part, ast.Yield | ast.YieldFrom):
            return True
        if isinstance(part, ast.Return) and part.value is not None and ast.unparse(part.value) != "None":
            return True
    return False


def own_nodes(node):
    """Nodes of a function's body that are in no function inside it."""
    waiting = list(node.body)
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(part))


def raises_on_purpose(node):
    """Whether a function itself raises an error that is meant for its caller."""
    raised = [part for part in own_nodes(node) if isinstance(part, ast.Raise) and part.exc is not None]
    names = {ast.unparse(part.exc).split("(")[0] for part in raised}
    return bool(names & {"InputError", "ScfNotConverged", "StoreError"})


def docstring_faults(trees):
    """What is wrong with docstrings: sections that numpydoc cannot read, or that are missing."""
    wrong = []
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            text = ast.get_docstring(node)
            if text is None:
                continue
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                parsed = NumpyDocString(text)
            wrong += [f"{file}: {node.name}: {warning.message}" for warning in caught]
            heads = re.findall(r"^(\w+)\n-{3,}$", text, re.MULTILINE)
            wrong += [f"{file}: {node.name}: section {h} is not read" for h in heads if not parsed[h]]
            if isinstance(node, ast.FunctionDef) and parsed["Parameters"] and not node.name.startswith("_"):
                if returns_a_value(node) and not (parsed["Returns"] or parsed["Yields"]):
                    wrong.append(f"{file}: {node.name} returns, and has no section Returns")
                if raises_on_purpose(node) and not parsed["Raises"]:
                    wrong.append(f"{file}: {node.name} raises, and has no section Raises")
    return wrong


GRAPH = imports_between_files(TREES)


def test_imports_point_down():
    assert imports_upward(GRAPH) == []


def test_no_two_rooms_import_each_other():
    assert mutual_pairs({m: i for m, i in GRAPH.items() if room_of(m) not in TOP}) == []


def test_no_circle_of_files():
    inner = {m: i for m, i in GRAPH.items() if room_of(m) not in TOP}
    packages = {m for m, name in MODULES.items() if name.endswith("__init__.py")}
    assert circles({m: i - packages for m, i in inner.items()}) == []


@pytest.mark.parametrize("room", sorted(p.name for p in PACKAGE.iterdir() if p.name in ORDER or p.is_dir()))
def test_rooms_have_a_place_and_say_what_lives_there(room):
    if room in ("__pycache__", "references"):
        return
    assert room in ORDER
    for path in (PACKAGE / room).rglob("__init__.py"):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert words, path
        assert len(words) > 20, path
        assert words.count(". ") <= 1, path


def strings_that_name_an_attribute():
    """(file, module, attribute) of every "module:attribute" string."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.fullmatch(r"(clusterdft(?:\.\w+)*):(\w+)", node.value)
                if match:
                    yield file, match[1], match[2]


def test_strings_that_name_an_attribute_resolve():
    names = list(strings_that_name_an_attribute())
    assert len(names) >= 20
    for file, module, attribute in names:
        assert hasattr(importlib.import_module(module), attribute), file


def test_public_names_resolve():
    assert len(clusterdft.__all__) <= 25
    for name in clusterdft.__all__:
        assert getattr(clusterdft, name).__doc__


def test_functions_are_short():
    assert too_long(TREES) == []


def test_functions_have_few_parameters():
    assert too_many_parameters(TREES) == []


def test_lists_of_exceptions_hold_only_exceptions():
    sizes = {name: node.end_lineno - node.lineno + 1 for _, name, node in functions(TREES)}
    counts = {name: len(node.args.args + node.args.kwonlyargs) for _, name, node in functions(TREES)}
    assert all(sizes[name] > LONGEST_FUNCTION for name in LONG_FUNCTIONS)
    assert all(counts[name] > MOST_PARAMETERS for name in MANY_PARAMETERS)


def test_files_are_neither_crumbs_nor_books():
    lines = {name: len(text.splitlines()) for name, text in SOURCES.items()}
    assert [name for name, count in lines.items() if count > LONGEST_FILE] == []
    small = [n for n, count in lines.items() if count < SMALL_FILE and not n.endswith("__init__.py")]
    assert len(small) <= MOST_SMALL_FILES, small


def test_file_names_say_which_file_is_meant():
    stems = Counter(Path(name).stem for name in SOURCES if not name.endswith("__init__.py"))
    again = [stem for stem, count in stems.items() if count > 1]
    assert len(again) <= MOST_REPEATED_NAMES, again


def test_public_classes_have_one_meaning():
    assert repeated_class_names(TREES) == {}


def test_docstrings_are_read_by_numpydoc():
    assert docstring_faults(TREES) == []


def test_pyscf_stays_behind_the_integrals():
    for name, tree in TREES.items():
        modules = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        if not name.startswith("integrals/") and name != "xc/libxc.py":
            assert not any(module.split(".")[0] == "pyscf" for module in modules), name


def test_searches_do_not_know_the_electrons():
    blind = ("generate", "relaxation", "isomers", "isomer_search")
    electrons = ("scf", "integrals", "xc", "grid", "basis", "pseudo")
    for module, imported in GRAPH.items():
        if room_of(module) in blind:
            assert not [other for other in imported if room_of(other) in electrons], module


def test_conversion_factors_live_in_one_file():
    factors = re.compile(r"27\.21|0\.52917|0\.0367|219474|1\.88972|1822\.88")
    assert [name for name, text in SOURCES.items() if name != "units.py" and factors.search(text)] == []


def test_no_global_random_numbers():
    drawn = re.compile(r"np\.random\.(seed|rand|normal|uniform|shuffle|choice)\b")
    assert [name for name, text in SOURCES.items() if drawn.search(text)] == []


def private_members_touched(text):
    """Private members of the package that a test touches: imported, or as attributes of something else."""
    wrong = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clusterdft"):
            wrong += [alias.name for alias in node.names if alias.name.startswith("_")]
        elif isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
            owner = node.value
            if not (isinstance(owner, ast.Name) and owner.id in ("self", "cls", "os", "sys")):
                wrong.append(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            wrong += re.findall(r"^clusterdft(?:\.\w+)*\.(_[a-z]\w*)$", node.value)
    return wrong


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.rglob("*.py")), ids=lambda path: path.name)
def test_tests_touch_no_private_members(path):
    assert private_members_touched(path.read_text(encoding="utf-8")) == []


# what the rules are worth: each finds its fault when it is put back


def with_import(name, line):
    """The imports between files, with a line put into a file."""
    return imports_between_files(TREES | {name: ast.parse(SOURCES[name] + line)})


@pytest.mark.parametrize(
    "line",
    [
        "\nfrom clusterdft.scf.solve_scf import solve_scf\n",
        "\ndef late():\n    from clusterdft.scf import solve_scf\n",
        "\nimport clusterdft.scf.solve_scf\n",
        "\nCHOICE = 'clusterdft.scf.solve_scf:solve_scf'\n",
        "\nfrom clusterdft import solve_scf\n",
    ],
)
def test_an_import_upward_is_found(line):
    assert len(imports_upward(with_import("method.py", line))) == 1


def test_chapters_that_import_each_other_are_found():
    graph = with_import("study/series.py", "\nfrom clusterdft.jahn_teller.analysis import jahn_teller\n")
    assert len(imports_upward(graph)) == 1


def test_a_circle_and_a_mutual_pair_are_found():
    graph = with_import("errors.py", "\nfrom clusterdft.cluster import Cluster\n")
    assert [circle for circle in circles(graph) if "clusterdft.errors" in circle]
    assert ("cluster", "errors") in mutual_pairs(graph)


def test_a_long_function_and_one_with_many_parameters_are_found():
    body = "def long(a, b, c, d, e, f, g, h, i):\n" + "    print(a)\n" * 60
    trees = {"one.py": ast.parse(body)}
    assert len(too_long(trees)) == len(too_many_parameters(trees)) == 1


def test_a_class_name_that_stands_twice_is_found():
    trees = {name: ast.parse("class Levels:\n    pass\n") for name in ("a.py", "b.py")}
    assert list(repeated_class_names(trees)) == ["Levels"]


@pytest.mark.parametrize(
    ("docstring", "fault"),
    [
        ("Parameters\n    ----------\n    a : int\n        Number.", "no section Returns"),
        ("Parameters\n    ----------\n    a : int\n\n    Returns\n    -------\n    int", "no section Raises"),
        ("Parameters\n    ----------\n    a : int\n    Returns\n    -------\n    int", "no section"),
    ],
)
def test_a_docstring_without_sections_is_found(docstring, fault):
    body = "    if a % 2:\n        raise InputError\n    return a\n"
    code = f'def half(a):\n    """Half.\n\n    {docstring}\n    """\n{body}'
    assert any(fault in line for line in docstring_faults({"one.py": ast.parse(code)}))


@pytest.mark.parametrize("line", ["from clusterdft.cluster import _x", "store._engine", "'clusterdft.a._x'"])
def test_a_private_member_in_a_test_is_found(line):
    assert private_members_touched(line)
