"""A Postfix of the tests' own: on a free port, with its own queue, as Debian ships it."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port

PROGRAMS = "/usr/sbin"
START_SECONDS = 20
SERVICES = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix: where it takes mail, and where it writes what it did."""

    port: int
    log: Path

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


@contextmanager
def postfix(folder: Path, routes: dict[str, str]) -> Iterator[Postfix]:
    """Run a Postfix that hands each domain of `routes` to its transport (`lmtp:inet:127.0.0.1:8025`)."""
    port = free_port()
    config, queue, data = folder / "etc", folder / "queue", folder / "data"
    for made in (config, queue, data):
        made.mkdir(parents=True)
    owner = pwd.getpwnam("postfix")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    for parent in (folder, *folder.parents):  # its own user has to reach its queue
        if parent.stat().st_mode & 0o001 == 0 and parent.owner() == "root" and str(parent) != "/":
            parent.chmod(parent.stat().st_mode | 0o011)
    log = folder / "mail.log"
    transports = ", ".join(f"{{ {domain} = {transport} }}" for domain, transport in routes.items())
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": str(queue),
        "data_directory": str(data),
        "command_directory": PROGRAMS,
        "daemon_directory": "/usr/lib/postfix/sbin",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "myhostname": "mx.example.bo",
        "mydestination": "",
        "local_transport": "error:no local mail",
        "relay_domains": " ".join(routes),
        "transport_maps": f"inline:{{ {transports} }}",
        "inet_interfaces": "loopback-only",
        "inet_protocols": "ipv4",
        "mynetworks": "127.0.0.0/8",
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
        "maillog_file": str(log),
        "maillog_file_prefixes": str(folder),
        "minimal_backoff_time": "1s",
        "queue_run_delay": "1s",
        "smtputf8_enable": "yes",
        "alias_maps": "",
        "lmtp_tls_security_level": "none",
        "smtp_tls_security_level": "none",
        "smtpd_tls_security_level": "none",
    }
    (config / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    (config / "master.cf").write_text(SERVICES.format(port=f"127.0.0.1:{port}"))
    shutil.copy("/etc/postfix/dynamicmaps.cf", config)
    run = [f"{PROGRAMS}/postfix", "-c", str(config)]
    started = subprocess.run([*run, "start"], capture_output=True, text=True, check=False)
    if started.returncode:
        raise RuntimeError(f"postfix did not start: {started.stderr}{started.stdout}")
    try:
        _await_greeting(port, log)
        yield Postfix(port, log)
    finally:
        subprocess.run([*run, "stop"], capture_output=True, check=False)


def _await_greeting(port: int, log: Path) -> None:
    import socket

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as talk:
                if talk.recv(3) == b"220":
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise RuntimeError(f"postfix does not answer: {log.read_text() if log.exists() else ''}")
        time.sleep(0.05)
