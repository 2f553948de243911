"""Make a room of Linux's own namespaces, and run a program in it.

``inside.py --size=BYTES --work=PLACE HOME=PLACE ... -- PROGRAM ...``: what bubblewrap does where it
is installed. New user, mount, process, network, host name and message namespaces; a root in
memory that holds the folders named, read only, and one empty folder to work in.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_NEW = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x04000000 | 0x08000000
_BIND, _RECURSIVE, _REMOUNT, _READ_ONLY = 0x1000, 0x4000, 0x20, 0x1
_NOSUID, _NODEV, _NOEXEC, _PRIVATE, _DETACH = 0x2, 0x4, 0x8, 0x40000, 0x2
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 1, 38, 24
_KEPT = _NOSUID | _NODEV

libc = ctypes.CDLL(None, use_errno=True)


def _done(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, place: str, kind: str | None, flags: int, data: str = "") -> None:
    _done(
        libc.mount(
            source.encode(),
            place.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            data.encode(),
        ),
        f"mount {place}",
    )


def _own_users() -> None:
    """Be nobody in particular in the new namespace: one user, one group."""
    user, group = os.geteuid(), os.getegid()
    _done(libc.unshare(_NEW), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _furnish(size: str, work: str, pairs: list[tuple[str, str]]) -> None:
    """Build the new root in memory and move into it."""
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)
    root = "/tmp"
    # What lies below the folder that is covered is still reached through its open descriptor.
    homes = {home: os.open(home, os.O_PATH | os.O_CLOEXEC) for home, _ in pairs}
    _mount("none", root, "tmpfs", _KEPT, f"size={size},mode=755")
    for place in ("/proc", "/dev", "/old", "/tmp", work):
        Path(f"{root}{place}").mkdir(parents=True, exist_ok=True)
    # First what is empty, for the environment may lie in one of these folders.
    for place in ("/tmp", work):
        _mount("none", f"{root}{place}", "tmpfs", _KEPT, f"size={size},mode=700")
    for home, place in pairs:
        target = Path(f"{root}{place}")
        target.parent.mkdir(parents=True, exist_ok=True)
        if Path(f"/proc/self/fd/{homes[home]}").is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.touch()
        _mount(f"/proc/self/fd/{homes[home]}", str(target), None, _BIND | _RECURSIVE)
        _mount("none", str(target), None, _BIND | _REMOUNT | _READ_ONLY | _KEPT)
        os.close(homes[home])
    for device in ("null", "zero", "random", "urandom"):
        Path(f"{root}/dev/{device}").touch()
        _mount(f"/dev/{device}", f"{root}/dev/{device}", None, _BIND)
    _mount("proc", f"{root}/proc", "proc", _KEPT | _NOEXEC)
    _done(libc.syscall(155, root.encode(), f"{root}/old".encode()), "pivot_root")
    os.chdir("/")
    _done(libc.umount2(b"/old", _DETACH), "leave the machine's folders")
    Path("/old").rmdir()
    _mount("none", "/", None, _BIND | _REMOUNT | _READ_ONLY | _KEPT)
    os.chdir(work)


def _give_up_rights() -> None:
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    _done(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new rights")
    # Inside its own namespace the program holds no capability either.
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _done(libc.capset(header, (ctypes.c_uint32 * 6)()), "give up capabilities")


def main(asked: list[str]) -> int:
    """Make the room, run the program as its second process, and give its exit status."""
    cut = asked.index("--")
    plan, program = asked[:cut], asked[cut + 1 :]
    options = dict(one[2:].split("=", 1) for one in plan if one.startswith("--"))
    pairs = [tuple(one.split("=", 1)) for one in plan if not one.startswith("--")]
    _own_users()
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) & 0xFF
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _furnish(options["size"], options["work"], pairs)
    _give_up_rights()
    os.execv(program[0], program)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.exit(f"{error}")
