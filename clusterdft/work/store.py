"""The store: what was asked, its tasks, their outcomes and other results, in one database with one writer.

Numbers are kept as JSON, which gives every double back exactly. SQLite runs with its rollback journal, not
with a write-ahead log: that needs shared memory, which network file systems do not have.
"""

import fcntl
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
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

from clusterdft.cluster import cluster_from, cluster_values
from clusterdft.errors import StoreError
from clusterdft.isomer_search.outcome import Outcome
from clusterdft.work.provenance import provenance

FOREIGN = ("not a database", "no such column", "malformed")  # what SQLite says of files that are not ours
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
RESULTS = Table(
    "results",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("finished", DateTime(timezone=True), nullable=False),
    Column("value", JSON, nullable=False),
)
ADDED = (("tasks", "origin", "VARCHAR"), ("outcomes", "start_energy", "FLOAT"))  # since version 0.1


class Store:
    """An open store of one search. Use `open_store`, and close it.

    Every write is a transaction of its own: a process that is killed loses the relaxation it was in, and
    nothing else.
    """

    def __init__(self, engine, place, lock):
        self._engine = engine
        self._place = place
        self._lock = lock
        self._search_id = None
        self._session_id = None

    def close(self):
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def begin(self, inputs):
        """Bind the store to a search, or find that it is this one already.

        Parameters
        ----------
        inputs : dict ready for JSON, all that decides what the search finds

        Raises
        ------
        StoreError
            the store holds another search; the message names the first input that differs
        """
        inputs = json.loads(json.dumps(inputs))
        with self._transaction() as connection:
            METADATA.create_all(connection)
            for table, name, kind in ADDED:
                if name not in {column["name"] for column in inspect(connection).get_columns(table)}:
                    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {name} {kind}"))
            known = connection.execute(select(SEARCHES.c.id, SEARCHES.c.inputs)).first()
            if known is None:
                values = {"created": datetime.now(UTC), "inputs": inputs}
                self._search_id = connection.execute(insert(SEARCHES).values(values)).inserted_primary_key[0]
            else:
                self._search_id, before = known
                difference = first_difference(before, inputs)
                if difference is not None:
                    name, old, new = difference
                    raise StoreError(
                        f"{self._place} belongs to another search: its {name} is {_shown(old)}, here it is "
                        f"{_shown(new)}; give another output folder or the same inputs"
                    )
            values = {"search_id": self._search_id, "began": datetime.now(UTC), "provenance": provenance()}
            self._session_id = connection.execute(insert(SESSIONS).values(values)).inserted_primary_key[0]

    def add_task(self, task):
        """Remember a task before it runs; one that is known stays as it is."""
        with self._transaction() as connection:
            if connection.execute(select(TASKS.c.key).where(TASKS.c.key == task.key)).first() is None:
                values = {
                    "key": task.key,
                    "search_id": self._search_id,
                    "index": task.index,
                    "state": "asked",
                    "origin": task.origin,
                }
                connection.execute(insert(TASKS).values(start=cluster_values(task.start), **values))

    def finish(self, outcome):
        """Keep an outcome; a second one of the same task is ignored."""
        with self._transaction() as connection:
            if self._find(connection, outcome.key) is not None:
                return
            connection.execute(
                insert(OUTCOMES).values(
                    task_key=outcome.key,
                    session_id=self._session_id,
                    finished=datetime.now(UTC),
                    relaxed=outcome.relaxed,
                    reason=outcome.reason,
                    energy=outcome.energy,
                    n_unpaired=outcome.n_unpaired,
                    largest_force=outcome.largest_force,
                    cluster=cluster_values(outcome.cluster),
                    n_force_calls=outcome.n_force_calls,
                    cpu_seconds=outcome.cpu_seconds,
                    start_energy=outcome.start_energy,
                )
            )
            connection.execute(update(TASKS).where(TASKS.c.key == outcome.key).values(state="finished"))

    def outcome(self, key):
        """The outcome of a task, or None."""
        with self._transaction() as connection:
            row = self._find(connection, key)
        if row is None:
            return None
        return Outcome(
            index=row.index,
            key=key,
            relaxed=row.relaxed,
            reason=row.reason,
            cluster=cluster_from(row.cluster),
            energy=row.energy,
            n_unpaired=row.n_unpaired,
            largest_force=row.largest_force,
            n_force_calls=row.n_force_calls,
            cpu_seconds=row.cpu_seconds,
            origin=row.origin or "random",
            start_energy=row.start_energy,
        )

    def keep(self, key, kind, value):
        """Keep a result that is no relaxation; a second one of the same key and kind is ignored.

        Parameters
        ----------
        key : hash of everything that decides the result
        kind : what it is, in a word, such as "vibrations"
        value : dict ready for JSON
        """
        with self._transaction() as connection:
            if self._kept(connection, key, kind) is None:
                values = {"session_id": self._session_id, "finished": datetime.now(UTC), "value": value}
                connection.execute(insert(RESULTS).values(key=key, kind=kind, **values))

    def kept(self, key, kind):
        """The result that was kept under a key and kind, or None."""
        with self._transaction() as connection:
            row = self._kept(connection, key, kind)
        return None if row is None else row.value

    @staticmethod
    def _kept(connection, key, kind):
        wanted = (RESULTS.c.key == key, RESULTS.c.kind == kind)
        return connection.execute(select(RESULTS.c.value).where(*wanted)).first()

    @staticmethod
    def _find(connection, key):
        joined = select(OUTCOMES, TASKS.c.index, TASKS.c.origin).join(
            TASKS, TASKS.c.key == OUTCOMES.c.task_key
        )
        return connection.execute(joined.where(OUTCOMES.c.task_key == key)).first()

    @contextmanager
    def _transaction(self):
        """A connection whose changes are all kept or none; failures of the database are StoreErrors."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            if any(sign in cause for sign in FOREIGN):
                raise StoreError(
                    f"{self._place} is not the store of a search ({cause}), or it is damaged; "
                    "give another output folder"
                ) from error
            raise StoreError(
                f"the store {self._place} cannot be used: {cause}; check the disk's space and the folder's "
                "permissions, then run the same command again: finished relaxations are kept"
            ) from error


def open_store(place):
    """Open a store, made if it does not exist.

    Parameters
    ----------
    place : None for one in memory, a database URL with "://", or the path of an SQLite file

    Returns
    -------
    Store, to be bound to a search with `begin`

    Raises
    ------
    StoreError
        the folder cannot be made or written, or another process has the store open
    """
    if place is None:
        return Store(create_engine("sqlite://"), "in memory", None)
    if "://" in str(place):
        try:
            return Store(create_engine(str(place)), str(place).rpartition("@")[2], None)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"the store cannot be opened: {error}; give a database URL or a file") from error
    path = Path(place)
    return Store(create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}), path, _lock(path))


def _lock(path):
    """An open file that locks the store until it is closed or the process ends, however it ends."""
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


def first_difference(before, now, name=""):
    """First entry in which two nested dicts differ: (dotted name, old value, new value), or None."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in [*now, *(key for key in before if key not in now)]:
            found = first_difference(before.get(key), now.get(key), f"{name}.{key}" if name else str(key))
            if found is not None:
                return found
        return None
    return None if before == now else (name, before, now)


def _shown(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
