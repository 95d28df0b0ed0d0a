"""Named choices: the dict of a folder, whose entries are imported only when one of them is used."""

from collections.abc import Mapping
from importlib import import_module

from clusterdft.errors import InputError, nearest_name_hint


class Choices(Mapping):
    """A read-only dict from a name to an object, given as "module:attribute" and imported on first use.

    Listing the names (help texts) costs no import of numpy or of anything behind the names.
    """

    def __init__(self, what, entries):
        self.what = what
        self._entries = dict(entries)

    def __getitem__(self, name):
        module, _, attribute = self._entries[name].partition(":")
        return getattr(import_module(module), attribute)

    def __contains__(self, name):
        return name in self._entries

    def __iter__(self):
        return iter(self._entries)

    def __len__(self):
        return len(self._entries)

    def pick(self, name):
        """The object of that name; an unknown name is an InputError that lists the names there are."""
        if name not in self._entries:
            hint = nearest_name_hint(name, self._entries, "{} ")
            raise InputError(f"unknown {self.what} {name!r}; {hint}there are: {', '.join(self._entries)}")
        return self[name]
