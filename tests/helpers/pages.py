"""The pages of the documentation, and what stands in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
RUNS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "runs").glob("*/README.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language=None):
    """The code blocks of a page in its order, as (language, text), or the texts of one language."""
    every = BLOCK.findall(page(name))
    return every if language is None else [text for found, text in every if found == language]


def command_lines(text):
    """Words after `$ clusterdft` in each line that begins so, without the comment."""
    return re.findall(r"^\$ clusterdft (.*?)\s*(?:#.*)?$", text, flags=re.MULTILINE)


def prose(name):
    """A page without its code blocks."""
    return BLOCK.sub("", page(name))
