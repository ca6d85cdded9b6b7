"""A Linux seccomp filter that denies sockets to this thread and to everything it starts."""

import os
import struct
import sys
from collections.abc import Callable
from functools import cache

# The ABIs of linux/audit.h with their system call numbers: socket, socketpair, connect, sendto,
# sendmsg, sendmmsg; and ptrace, pidfd_getfd and io_uring_setup, which could obtain a socket in
# other ways.
_SYSTEMS = {
    "x86_64": (0xC000003E, (41, 53, 42, 44, 46, 307, 101, 438, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 206, 211, 269, 117, 438, 425)),
}
# The first system call number of the x32 ABI.
_X32 = 0x40000000
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # 13 is EACCES, the error of a refused call
_NUMBER, _ABI = 0, 4
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
# The kernel reads these objects later, so they must not be garbage-collected.
_kept: list[object] = []


def available() -> bool:
    """Return whether a filter exists for this operating system and processor."""
    return sys.platform == "linux" and os.uname().machine in _SYSTEMS and sys.maxsize > 1 << 32


def forbid_sockets() -> bool:
    """Forbid this thread to open sockets, irrevocably; return whether the system supports this.

    System calls of other ABIs are also refused, since their numbers have different meanings.
    """
    if not available():
        return False
    prctl, program = prepare()
    return not (
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(_PR_SET_SECCOMP, _FILTER, program, 0, 0)
    )


@cache
def prepare() -> tuple[Callable[..., int], int]:
    """Return the system call and the address of the filter, cached for forked processes."""
    # Imported here, since only workers need ctypes, and a stored query starts no worker.
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    prctl.restype = ctypes.c_int
    instructions = _program()
    content = ctypes.create_string_buffer(instructions, len(instructions))
    # struct sock_fprog has the number of instructions and their address.
    head = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(content))
    program = ctypes.create_string_buffer(head)
    _kept.extend((content, program))
    return prctl, ctypes.addressof(program)


def _program() -> bytes:
    """Return the filter, an array of struct sock_filter."""
    abi, numbers = _SYSTEMS[os.uname().machine]
    # Each step is an operation, the jump distances if its comparison succeeds and if it fails, and
    # its operand. The last instruction refuses the call.
    steps = [(_LOAD, 0, 0, _ABI), (_IF_EQUAL, 0, len(numbers) + 3, abi), (_LOAD, 0, 0, _NUMBER)]
    steps.append((_IF_AT_LEAST, len(numbers) + 1, 0, _X32))
    steps += [(_IF_EQUAL, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
