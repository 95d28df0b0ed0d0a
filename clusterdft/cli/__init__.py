"""The command line, one command a file: each parses its options, calls one function and prints."""

from clusterdft.cli.app import main

__all__ = ["main"]
