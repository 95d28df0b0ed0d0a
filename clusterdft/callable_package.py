"""Packages that share their name with their main function."""

from types import ModuleType


class CallablePackage(ModuleType):
    """A package that can be called like the function it is named after.

    `clusterdft.relax` is a package and `relax(...)` its main function; whichever of the two a user gets
    hold of with `from clusterdft import relax`, calling it relaxes.
    """

    def __call__(self, *args, **keywords):
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **keywords)
