"""The process: one thread, and what is told of it."""

import platform

import numpy as np
from threadpoolctl import threadpool_info

from clusterdft.work.environment import PACKAGES, one_thread, provenance


def test_libraries_use_one_thread_inside_only():
    np.ones((2, 2)) @ np.ones((2, 2))  # the libraries are loaded by now
    before = [pool["num_threads"] for pool in threadpool_info()]
    with one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_provenance_names_all_versions():
    told = provenance()
    assert list(told["versions"]) == ["python", *PACKAGES]
    assert told["versions"]["numpy"] == np.__version__
    assert told["versions"]["python"] == platform.python_version()
    assert told["platform"]


def test_a_package_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("clusterdft.work.environment.PACKAGES", ("no-such-package",))
    assert provenance()["versions"]["no-such-package"] == "not installed"
