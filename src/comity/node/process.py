"""What the processes of a node need from Linux: to die with their parent, and to know who holds a port."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
from pathlib import Path

from comity.node.errors import PortTakenError

__all__ = ["alive", "check_port", "die_with_parent", "holder"]

PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(parent: int, *, how: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel end this process when its parent ends, and end it now if that has happened already."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(how))
    if os.getppid() != parent:
        os._exit(1)


def alive(pid: str) -> bool:
    """Tell whether a process runs; one that ended and was not waited for yet does not."""
    try:
        stat = Path(f"/proc/{int(pid)}/stat").read_text(encoding="ascii", errors="replace")
    except (OSError, ValueError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def check_port(host: str, port: int, what: str) -> None:
    """Refuse a port someone else listens on; granian shares ports and would not notice."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            by = holder(port)
            raise PortTakenError(
                f"Port {port} on {host}, needed for {what}, cannot be opened: {error.strerror}.",
                cause=f"It is held by {by}." if by else "Another program listens on it, or the address is not ours.",
                remedy=f"Stop that program, or set another {what}_port in node.toml.",
                port=port,
                host=host,
            ) from error


def holder(port: int) -> str:
    """Return who listens on a TCP port, as far as Linux lets this user see it."""
    inodes = {line.split()[9] for table in ("tcp", "tcp6") for line in _rows(table) if _listens(line, port)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = {str(end.readlink()) for end in (process / "fd").iterdir()}
        except OSError:
            continue
        if links & {f"socket:[{inode}]" for inode in inodes}:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            return f"process {process.name} ({words[:120]})"
    return ""


def _rows(table: str) -> list[str]:
    try:
        return Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return []


def _listens(line: str, port: int) -> bool:
    parts = line.split()
    return parts[3] == "0A" and int(parts[1].rsplit(":", 1)[1], 16) == port
