"""What all tests need."""

import signal

import pytest

from clusterdft.cli.app import main

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell in the background: processes would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs a command line in this process: most of a short command's time is the start of Python."""

    def run(*words, cwd, code=0):
        monkeypatch.chdir(cwd)
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        told = capsys.readouterr()
        assert end.value.code == code, told.err
        return told

    return run
