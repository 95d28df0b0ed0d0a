"""One thread a process: the matrices are small, and parallel work is spread over whole relaxations."""

from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller():
    """All thread pools (BLAS, OpenMP) of the libraries that are loaded by now."""
    return ThreadpoolController()


def one_thread():
    """Context in which BLAS and OpenMP libraries use one thread; spinning idle threads cost up to tenfold."""
    return _controller().limit(limits=1)
