"""Both databases for the tests: a fresh SQLite file, and a fresh database of a PostgreSQL that the run starts."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from store.migrate import migrate


def binaries() -> Path:
    """Return where PostgreSQL's programs are; says what to install if they are not there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("the tests need PostgreSQL's server programs: apt-get install postgresql")
    return Path(on_path).resolve().parent


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL of the run's own on a socket in a temporary folder; gives its URL without a database."""
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-pg-"))
    user = _someone_not_root(folder)
    data = folder / "data"
    _as(
        user,
        [str(binaries() / "initdb"), "-D", str(data), "-U", "desk", "-A", "trust", "--no-sync", "-E", "UTF8"],
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200 -c shared_buffers=64MB"
    start = [
        str(binaries() / "pg_ctl"),
        "-D",
        str(data),
        "-o",
        options,
        "-w",
        "-l",
        str(folder / "log"),
        "start",
    ]
    _as(user, start)
    try:
        yield f"postgresql://desk@/{{name}}?host={folder}"
    finally:
        _as(user, [str(binaries() / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _someone_not_root(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; Debian's package made an account for it."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_name


def _as(user: str | None, command: list[str]) -> None:
    if user is not None:
        command = ["runuser", "-u", user, "--", *command]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/")
    if done.returncode:
        raise RuntimeError(done.stdout.decode())


def template(server: str) -> str:
    """Make the database that fresh ones are copied from; returns its name."""
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_desk")
    migrate(server.format(name="template_desk"))
    return "template_desk"


@contextmanager
def fresh_database(server: str, made_from: str, name: str) -> Iterator[str]:
    """Give the URL of a new database with the tables in it."""
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {made_from}")
    try:
        yield server.format(name=name)
    finally:
        with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
