"""Where tasks run: in this process, or in worker processes.

The processes are ours: workers of pebble and of loky outlive a killed main process by the rest of their task,
one death in loky's pool fails all tasks that wait, and both run the caller's script again in every worker.
"""

import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO, Any, TypeAlias

from clusterdft.errors import ClusterDftError, InputError
from clusterdft.work.environment import ONE_THREAD

ATTEMPTS = 2  # how often a task is started before its worker's death counts against it


@dataclass(frozen=True, kw_only=True)
class WorkerDied:
    """The result of a task whose worker process ended before it was done, every time it was tried."""

    exit_code: int | None


class Executor(ABC):
    """Runs tasks and gives out their results.

    Parameters
    ----------
    jobs : int
        How many tasks it runs at once, at least 1.
    preload : bytes
        A pickle that worker processes load while they wait, for the imports that it causes.
    """

    @abstractmethod
    def __init__(self, *, jobs: int = 1, preload: bytes = b"") -> None: ...

    @abstractmethod
    def submit(self, token: Hashable, function: Callable[..., Any], *arguments: Any) -> None:
        """Have function(*arguments) run; its result comes with the token."""

    @abstractmethod
    def result(self) -> tuple[Any, Any]:
        """Wait for any task to end; its token and its result."""

    @abstractmethod
    def close(self) -> None:
        """Forget the tasks that have not ended."""


class Serial(Executor):
    """Runs each task in this process, when its result is asked for; tasks end in the order of submission."""

    def __init__(self, *, jobs: int = 1, preload: bytes = b"") -> None:
        self._waiting: deque[tuple[Hashable, Callable[..., Any], tuple[Any, ...]]] = deque()

    def submit(self, token: Hashable, function: Callable[..., Any], *arguments: Any) -> None:
        """Have a task run once all before it have ended."""
        self._waiting.append((token, function, arguments))

    def result(self) -> tuple[Any, Any]:
        """Run the next task."""
        token, function, arguments = self._waiting.popleft()
        return token, function(*arguments)

    def close(self) -> None:
        """Forget the tasks that have not been run."""
        self._waiting.clear()


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What a worker is sent, and how often it has been."""

    token: Hashable
    payload: bytes
    attempt: int = 1


class Processes(Executor):
    """Runs tasks in `jobs` worker processes of one thread each.

    A worker that dies (out of memory, killed) costs its task alone: the task is tried once more in a new
    worker, and then its result is WorkerDied. An error that the function raises is raised by `result`.
    Workers end when this process ends, however it ends.

    Parameters
    ----------
    jobs : int
        How many workers there are, at least 1.
    preload : bytes
        A pickle that workers load while they wait, for the imports that it causes.

    Raises
    ------
    InputError
        Fewer than one job.
    """

    def __init__(self, *, jobs: int = 1, preload: bytes = b"") -> None:
        if jobs < 1:
            raise InputError(f"{jobs} jobs; give at least 1")
        self._preload = preload
        self._waiting: deque[_Task] = deque()
        self._events: _Events = queue.SimpleQueue()
        self._workers = [_Worker(self._events, preload) for _ in range(jobs)]

    def submit(self, token: Hashable, function: Callable[..., Any], *arguments: Any) -> None:
        """Have a task run by the next worker that is free."""
        self._waiting.append(_Task(token=token, payload=pickle.dumps((function, arguments))))
        self._hand_out()

    def result(self) -> tuple[Any, Any]:
        """Wait for any task to end."""
        while True:
            worker, message = self._events.get()
            task, worker.task = worker.task, None
            if message is None:
                self._workers[self._workers.index(worker)] = _Worker(self._events, self._preload)
            if task is None:  # the worker died while it had nothing to do
                continue
            if message is None and task.attempt < ATTEMPTS:
                self._waiting.appendleft(replace(task, attempt=task.attempt + 1))
                self._hand_out()
                continue
            self._hand_out()
            if message is None:
                return task.token, WorkerDied(exit_code=worker.exit_code())
            answer = pickle.loads(message)
            if isinstance(answer, _Raised):
                raise answer.error
            return task.token, answer

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.task is None and self._waiting:
                worker.start(self._waiting.popleft())

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._waiting.clear()
        for worker in self._workers:
            worker.stop()


@dataclass(frozen=True, kw_only=True)
class _Raised:
    """What a function raised in a worker."""

    error: Exception


class _Worker:
    """One worker process: pickles go in by its standard input, results come out by its standard output."""

    def __init__(self, events: "_Events", preload: bytes) -> None:
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self.task: _Task | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from clusterdft.work.executors import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C in the terminal is for the main process, which stops the workers
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._inbox, self._outbox = self._process.stdin, self._process.stdout
        self._send(preload)
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()

    def start(self, task: _Task) -> None:
        self.task = task
        self._send(task.payload)

    def _send(self, payload: bytes) -> None:
        with suppress(OSError):  # a worker that died already: the listener tells
            _write(self._inbox, payload)

    def _listen(self, events: "_Events") -> None:
        while (message := _read(self._outbox)) is not None:
            events.put((self, message))
        self._process.wait()
        events.put((self, None))

    def exit_code(self) -> int:
        return self._process.wait()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._inbox.close()


_Events: TypeAlias = queue.SimpleQueue[tuple[_Worker, bytes | None]]  # answers; None where a worker has died


def _write(stream: IO[bytes], payload: bytes) -> None:
    stream.write(struct.pack("<Q", len(payload)) + payload)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """The next message of a stream, or None at its end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = struct.unpack("<Q", head)
    payload = stream.read(length)
    return payload if len(payload) == length else None


def serve() -> None:
    """The life of a worker: run what comes in by standard input until it is closed."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not mix with answers
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_fill, args=(sys.stdin.buffer, inbox), daemon=True).start()
    preload = inbox.get()
    if preload:
        pickle.loads(preload)
    while True:
        _write(answers, pickle.dumps(_answer(inbox.get())))


def _answer(message: bytes) -> Any:
    """What the function gives, or what it raised; a programming error comes with its traceback."""
    function, arguments = pickle.loads(message)
    try:
        return function(*arguments)
    except ClusterDftError as error:
        return _Raised(error=error)
    except Exception:  # the main process raises it: a worker must not lose it
        return _Raised(error=RuntimeError(f"in a worker process:\n{traceback.format_exc()}"))


def _fill(stream: IO[bytes], inbox: queue.SimpleQueue[bytes]) -> None:
    """Moves messages into the inbox; ends the process at once when the main process is gone."""
    while (message := _read(stream)) is not None:
        inbox.put(message)
    os._exit(0)


EXECUTORS: dict[str, type[Executor]] = {"serial": Serial, "processes": Processes}
