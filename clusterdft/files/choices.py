"""Named choices: the dict of a folder, whose entries are imported only when one of them is used."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from clusterdft.errors import InputError, nearest_name_hint


class Choices(Mapping[str, Any]):
    """A read-only dict from a name to an object, given as "module:attribute" and imported on first use.

    Listing the names (help texts) costs no import of numpy or of anything behind the names.

    Parameters
    ----------
    what : str
        What messages call one of the objects, such as "relaxer".
    entries : {name: "module:attribute"}
    """

    def __init__(self, what: str, entries: Mapping[str, str]) -> None:
        self.what = what
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = self._entries[name].partition(":")
        return getattr(import_module(module), attribute)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def pick(self, name: str) -> Any:
        """The object of a name.

        Parameters
        ----------
        name : str

        Returns
        -------
        object
            What the entry of that name names.

        Raises
        ------
        InputError
            An unknown name; the message lists the names that there are, and asks about the nearest.
        """
        if name not in self._entries:
            hint = nearest_name_hint(name, self._entries, "{} ")
            raise InputError(f"unknown {self.what} {name!r}; {hint}there are: {', '.join(self._entries)}")
        return self[name]
