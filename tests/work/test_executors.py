"""Executors: the same results everywhere, and what a worker's death costs."""

import os
import signal
import subprocess
import sys
import time

import pytest

from clusterdft.errors import InputError, ScfNotConverged
from clusterdft.work.executors import EXECUTORS, Processes, WorkerDied


def collect(executor, count):
    return dict(executor.result() for _ in range(count))


@pytest.mark.parametrize("name", EXECUTORS)
def test_every_task_gets_its_result(name):
    executor = EXECUTORS[name](jobs=2)
    try:
        for n in range(7):
            executor.submit(n, divmod, n, 3)
        assert collect(executor, 7) == {n: divmod(n, 3) for n in range(7)}
    finally:
        executor.close()


@pytest.mark.parametrize("name", EXECUTORS)
def test_no_tasks_at_all(name):
    EXECUTORS[name](jobs=1).close()


@pytest.fixture
def pool():
    executor = Processes(jobs=2)
    yield executor
    executor.close()


def test_workers_run_one_thread(pool):
    pool.submit("threads", os.getenv, "OMP_NUM_THREADS")
    assert pool.result() == ("threads", "1")


def test_what_a_library_prints_does_not_disturb(pool):
    pool.submit("print", os.system, "echo printed")
    assert pool.result() == ("print", 0)


def test_dead_worker_costs_its_task_alone(pool):
    pool.submit("bad", os._exit, 7)
    for n in range(4):
        pool.submit(n, abs, -n)
    assert collect(pool, 5) == {"bad": WorkerDied(exit_code=7), 0: 0, 1: 1, 2: 2, 3: 3}


def test_task_of_a_killed_worker_is_tried_again(pool, tmp_path):
    ran = tmp_path / "ran"
    once = "\n".join(
        [
            "import os, pathlib",
            f"ran = pathlib.Path({str(ran)!r})",
            "first = not ran.exists()",
            "ran.write_text('x' if first else ran.read_text() + 'x')",
            "first and os._exit(9)",
        ]
    )
    pool.submit("flaky", exec, once)
    assert pool.result() == ("flaky", None)
    assert ran.read_text() == "xx"


def test_a_worker_that_dies_idle_costs_nothing(pool):
    pool.submit("who", os.getpid)
    _, pid = pool.result()
    os.kill(pid, signal.SIGKILL)
    for n in range(4):
        pool.submit(n, time.sleep, 0.2)
    assert collect(pool, 4) == dict.fromkeys(range(4))


def test_error_of_a_task_is_raised_here(pool):
    pool.submit("bad", exec, "from clusterdft.errors import ScfNotConverged; raise ScfNotConverged('no', 3)")
    with pytest.raises(ScfNotConverged, match="no") as caught:
        pool.result()
    assert caught.value.last_step == 3


def test_programming_error_comes_with_its_traceback(pool):
    pool.submit("bad", exec, "1 / 0")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        pool.result()


def test_jobs_must_be_positive():
    with pytest.raises(InputError, match="at least 1"):
        Processes(jobs=0)


MAIN = """
import os, time
from clusterdft.work.executors import Processes
pool = Processes(jobs=2)
for n in range(2):
    pool.submit(n, exec, "import os, time; os.write(2, b'%d ' % os.getpid()); time.sleep(60)")
time.sleep(60)
"""


def test_workers_end_with_a_killed_main_process():
    main = subprocess.Popen([sys.executable, "-c", MAIN], stderr=subprocess.PIPE, text=True)
    text = ""
    while text.count(" ") < 2:
        text += main.stderr.read(1)
    workers = [int(pid) for pid in text.split()]
    main.send_signal(signal.SIGKILL)
    main.wait()
    main.stderr.close()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in workers)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = f"/proc/{pid}/stat"
    return not (os.path.exists(status) and open(status).read().split()[2] == "Z")
