"""The store: what was asked, its tasks, their outcomes and other results, in one database with one writer.

Numbers are kept as JSON, which gives every double back exactly. SQLite runs with its rollback journal, not
with a write-ahead log: that needs shared memory, which network file systems do not have.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from clusterdft.errors import StoreError
from clusterdft.work.environment import provenance

# what SQLite says of files that are not ours
FOREIGN_FILE_MESSAGES = ("not a database", "no such column", "malformed")
METADATA = MetaData()
SEARCHES = Table(
    "searches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("inputs", JSON, nullable=False),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("search_id", ForeignKey("searches.id"), nullable=False),
    Column("began", DateTime(timezone=True), nullable=False),
    Column("provenance", JSON, nullable=False),
)
TASKS = Table(
    "tasks",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("search_id", ForeignKey("searches.id"), nullable=False),
    Column("index", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # asked, finished
    Column("start", JSON, nullable=False),
    Column("origin", String),  # stores of version 0.1 do not have it, and hold random starts only
)
OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("task_key", ForeignKey("tasks.key"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("finished", DateTime(timezone=True), nullable=False),
    Column("relaxed", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("energy", Float),
    Column("n_unpaired", Float),
    Column("largest_force", Float),
    Column("cluster", JSON, nullable=False),
    Column("n_force_calls", Integer, nullable=False),
    Column("cpu_seconds", Float, nullable=False),
    Column("start_energy", Float),  # stores of version 0.1 do not have it
)
BOOKKEEPING = ("task_key", "session_id", "finished")  # columns of OUTCOMES that say nothing of an outcome
RESULTS = Table(
    "results",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("finished", DateTime(timezone=True), nullable=False),
    Column("value", JSON, nullable=False),
)
ADDED_COLUMNS = (("tasks", "origin", "VARCHAR"), ("outcomes", "start_energy", "FLOAT"))  # since version 0.1


class Store:
    """An open store of one search. Use `open_store`, and close it.

    Every write is a transaction of its own: a process that is killed loses the relaxation it was in, and
    nothing else.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    path : str or Path
        What messages call the store.
    lock : file or None
        Closed together with the store.
    """

    def __init__(self, engine: Engine, path: str | Path, lock: IO[str] | None) -> None:
        self._engine = engine
        self._path = path
        self._lock = lock
        self._search_id: int | None = None
        self._session_id: int | None = None

    def close(self) -> None:
        """Let the database and its lock go."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, inputs: Mapping[str, Any]) -> None:
        """Bind the store to a search, or find that it is this one already.

        Parameters
        ----------
        inputs : mapping ready for JSON
            All that decides what the search finds.

        Raises
        ------
        StoreError
            The store holds another search; the message names the first input that differs.
        """
        content = json.loads(json.dumps(inputs))
        with self._transaction() as connection:
            METADATA.create_all(connection)
            for table, name, kind in ADDED_COLUMNS:
                if name not in {column["name"] for column in inspect(connection).get_columns(table)}:
                    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {name} {kind}"))
            known = connection.execute(select(SEARCHES.c.id, SEARCHES.c.inputs)).first()
            if known is None:
                self._search_id = _inserted(
                    connection, SEARCHES, {"created": datetime.now(UTC), "inputs": content}
                )
            else:
                self._search_id, before = known
                difference = first_difference(before, content)
                if difference is not None:
                    name, old, new = difference
                    raise StoreError(
                        f"{self._path} belongs to another search: its {name} is {_shown(old)}, here it is "
                        f"{_shown(new)}; give another output folder or the same inputs"
                    )
            values = {"search_id": self._search_id, "began": datetime.now(UTC), "provenance": provenance()}
            self._session_id = _inserted(connection, SESSIONS, values)

    def add_task(self, key: str, *, index: int, start: Mapping[str, Any], origin: str) -> None:
        """Remember a task before it runs; one that is known stays as it is.

        Parameters
        ----------
        key : str
            Hash of everything that decides the outcome.
        index : int
            Number of the task in its search.
        start : mapping ready for JSON
            The geometry that it begins with.
        origin : str
            How the geometry was made.
        """
        with self._transaction() as connection:
            if connection.execute(select(TASKS.c.key).where(TASKS.c.key == key)).first() is None:
                values = {"search_id": self._search_id, "index": index, "state": "asked", "origin": origin}
                connection.execute(insert(TASKS).values(key=key, start=dict(start), **values))

    def finish(self, key: str, outcome: Mapping[str, Any]) -> None:
        """Keep the outcome of a task; a second one of the same task is ignored.

        Parameters
        ----------
        key : str
            That of the task.
        outcome : mapping
            The columns of OUTCOMES, from `relaxed` on.
        """
        with self._transaction() as connection:
            if self._find(connection, key) is not None:
                return
            values = {"session_id": self._session_id, "finished": datetime.now(UTC)}
            connection.execute(insert(OUTCOMES).values(task_key=key, **values, **outcome))
            connection.execute(update(TASKS).where(TASKS.c.key == key).values(state="finished"))

    def outcome(self, key: str) -> dict[str, Any] | None:
        """The outcome of a task with the task's index and origin, or None where it has not ended.

        Parameters
        ----------
        key : str
            That of the task.

        Returns
        -------
        dict or None
            As it was kept; `origin` and `start_energy` are None in stores of version 0.1.
        """
        with self._transaction() as connection:
            row = self._find(connection, key)
        return None if row is None else dict(row)

    def keep(self, key: str, kind: str, value: Mapping[str, Any]) -> None:
        """Keep a result that is no relaxation; a second one of the same key and kind is ignored.

        Parameters
        ----------
        key : str
            Hash of everything that decides the result.
        kind : str
            What it is, in a word, such as "vibrations".
        value : mapping ready for JSON
        """
        with self._transaction() as connection:
            if self._kept(connection, key, kind) is None:
                values = {"session_id": self._session_id, "finished": datetime.now(UTC), "value": dict(value)}
                connection.execute(insert(RESULTS).values(key=key, kind=kind, **values))

    def kept(self, key: str, kind: str) -> dict[str, Any] | None:
        """The result that was kept under a key and kind, or None."""
        with self._transaction() as connection:
            row = self._kept(connection, key, kind)
        return None if row is None else row["value"]

    @staticmethod
    def _kept(connection: Connection, key: str, kind: str) -> RowMapping | None:
        wanted = (RESULTS.c.key == key, RESULTS.c.kind == kind)
        return connection.execute(select(RESULTS.c.value).where(*wanted)).mappings().first()

    @staticmethod
    def _find(connection: Connection, key: str) -> RowMapping | None:
        kept = [column for column in OUTCOMES.c if column.name not in BOOKKEEPING]
        joined = select(*kept, TASKS.c.index, TASKS.c.origin).join(TASKS, TASKS.c.key == OUTCOMES.c.task_key)
        return connection.execute(joined.where(OUTCOMES.c.task_key == key)).mappings().first()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """A connection whose changes are all kept or none; failures of the database are StoreErrors."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            if any(sign in cause for sign in FOREIGN_FILE_MESSAGES):
                raise StoreError(
                    f"{self._path} is not the store of a search ({cause}), or it is damaged; "
                    "give another output folder"
                ) from error
            raise StoreError(
                f"the store {self._path} cannot be used: {cause}; check the disk's space and the folder's "
                "permissions, then run the same command again: finished relaxations are kept"
            ) from error


def open_store(address: str | Path | None) -> Store:
    """Open a store, made if it does not exist.

    Parameters
    ----------
    address : str, Path or None
        None for one in memory, a database URL with "://", or the path of an SQLite file.

    Returns
    -------
    Store
        To be bound to a search with `begin`.

    Raises
    ------
    StoreError
        The folder cannot be made or written, or another process has the store open.
    """
    if address is None:
        return Store(create_engine("sqlite://"), "in memory", None)
    if "://" in str(address):
        try:
            return Store(create_engine(str(address)), str(address).rpartition("@")[2], None)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"the store cannot be opened: {error}; give a database URL or a file") from error
    path = Path(address)
    return Store(create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}), path, _lock(path))


def _inserted(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """The number of a new row."""
    key = connection.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _lock(path: Path) -> IO[str]:
    """An open file that locks the store until it is closed or the process ends, however it ends.

    The package filelock makes the same call; where a file system has no locks it leaves a marker file, which
    outlives a process that is killed on another machine.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = open(path.with_suffix(".lock"), "a")  # noqa: SIM115 - it stays open, that is the lock
    except OSError as error:
        raise StoreError(
            f"cannot write to the folder {path.parent}: {error.strerror or error}; give another with --out"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreError(
            f"another process is at work in {path.parent}; wait for it, or give another folder"
        ) from None
    except OSError:  # a file system without locks: the user keeps to one process a folder
        pass
    return lock


def first_difference(before: Any, now: Any, name: str = "") -> tuple[str, Any, Any] | None:
    """First entry in which two nested dicts differ: (dotted name, old value, new value), or None."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*now, *(key for key in before if key not in now)]:
            difference = first_difference(
                before.get(key), now.get(key), f"{name}.{key}" if name else str(key)
            )
            if difference is not None:
                return difference
        return None
    return None if before == now else (name, before, now)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
