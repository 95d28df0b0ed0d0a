"""Where tasks run: in this process, or in worker processes."""

import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from clusterdft.errors import ClusterDftError, InputError

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
}
ATTEMPTS = 2  # how often a task is started before its worker's death counts against it


@dataclass(frozen=True, kw_only=True)
class WorkerDied:
    """The result of a task whose worker process ended before it was done, every time it was tried."""

    exit_code: int | None


class Serial:
    """Runs each task in this process, when its result is asked for.

    An executor has `jobs` (how many tasks it runs at once), `submit(token, function, *args)`, `result()`
    (waits, gives (token, result) of any finished task) and `close()`.
    """

    def __init__(self, *, jobs=1, preload=b""):
        self.jobs = 1
        self._waiting = deque()

    def submit(self, token, function, *args):
        self._waiting.append((token, function, args))

    def result(self):
        token, function, args = self._waiting.popleft()
        return token, function(*args)

    def close(self):
        self._waiting.clear()


class Processes:
    """Runs tasks in `jobs` worker processes of one thread each.

    A worker that dies (out of memory, killed) costs its task alone: the task is tried once more in a new
    worker, and then its result is WorkerDied. An error that the function raises is raised by `result()`.
    Workers end when this process ends, however it ends.

    Parameters
    ----------
    jobs : int >= 1
    preload : bytes, a pickle that workers load while they wait, for the imports that it causes
    """

    def __init__(self, *, jobs, preload=b""):
        if jobs < 1:
            raise InputError(f"{jobs} jobs; give at least 1")
        self.jobs = jobs
        self._preload = preload
        self._waiting = deque()
        self._events = queue.SimpleQueue()
        self._workers = [_Worker(self._events, preload) for _ in range(jobs)]

    def submit(self, token, function, *args):
        self._waiting.append((token, pickle.dumps((function, args)), 1))
        self._hand_out()

    def result(self):
        while True:
            worker, message = self._events.get()
            token, payload, attempt = worker.task
            worker.task = None
            if message is not None:
                self._hand_out()
                answer = pickle.loads(message)
                if isinstance(answer, _Raised):
                    raise answer.error
                return token, answer
            self._workers[self._workers.index(worker)] = _Worker(self._events, self._preload)
            if attempt < ATTEMPTS:
                self._waiting.appendleft((token, payload, attempt + 1))
            self._hand_out()
            if attempt >= ATTEMPTS:
                return token, WorkerDied(exit_code=worker.exit_code())

    def _hand_out(self):
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.start(self._waiting.popleft())

    def close(self):
        self._waiting.clear()
        for worker in self._workers:
            worker.stop()


@dataclass(frozen=True, kw_only=True)
class _Raised:
    """What a function raised in a worker."""

    error: Exception


class _Worker:
    """One worker process: pickles go in by its standard input, results come out by its standard output."""

    def __init__(self, events, preload):
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self.task = None
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from clusterdft.work.executors import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C in the terminal is for the main process, which stops the workers
        )
        self._send(preload)
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()

    def start(self, task):
        self.task = task
        self._send(task[1])

    def _send(self, payload):
        with suppress(OSError):  # a worker that died already: the listener tells
            _write(self._process.stdin, payload)

    def _listen(self, events):
        while (message := _read(self._process.stdout)) is not None:
            events.put((self, message))
        self._process.wait()
        events.put((self, None))

    def exit_code(self):
        return self._process.wait()

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()


def _write(stream, payload):
    stream.write(struct.pack("<Q", len(payload)) + payload)
    stream.flush()


def _read(stream):
    """The next message of a stream, or None at its end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = struct.unpack("<Q", head)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def serve():
    """The life of a worker: run what comes in by standard input until it is closed."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not mix with answers
    inbox = queue.SimpleQueue()
    threading.Thread(target=_fill, args=(sys.stdin.buffer, inbox), daemon=True).start()
    preload = inbox.get()
    if preload:
        pickle.loads(preload)
    while True:
        _write(answers, pickle.dumps(_answer(inbox.get())))


def _answer(message):
    """What the function gives, or what it raised; a programming error comes with its traceback."""
    function, args = pickle.loads(message)
    try:
        return function(*args)
    except ClusterDftError as error:
        return _Raised(error=error)
    except Exception:  # the main process raises it: a worker must not lose it
        return _Raised(error=RuntimeError(f"in a worker process:\n{traceback.format_exc()}"))


def _fill(stream, inbox):
    """Moves messages into the inbox; ends the process at once when the main process is gone."""
    while (message := _read(stream)) is not None:
        inbox.put(message)
    os._exit(0)


EXECUTORS = {"serial": Serial, "processes": Processes}
