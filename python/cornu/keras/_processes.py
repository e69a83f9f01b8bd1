"""The processes that train one model together, over a communicator of mpi4py."""

import atexit
import math
import os
import sys
import time

from .._cornu import Error

_METHODS = ("Get_rank", "Get_size", "Isend", "Irecv", "Abort")
_MESSAGE, _STATE = 20170, 20171  # tags, which MPI has up to 32767 at least
_LARGEST_PART = 1 << 30  # bytes: MPI counts in 32 bits
_BYTES_OF_HOST = 64

# Seconds for which it looks for messages without a pause, and the pause between two looks later.
# Who waits long leaves the CPU to those who have work, which may be the process that it waits for.
_YIELDS, _PAUSE = 1e-3, 50e-6
# A launcher passes on what the processes print; MPICH's drops what has not reached it when all end.
_SECONDS_TO_PRINT = 0.1


def _require_communicator(given):
    if all(callable(getattr(given, name, None)) for name in _METHODS):
        return
    found = given.__name__ if isinstance(given, type) else type(given).__name__
    if isinstance(given, str):
        found = repr(given)
    elif hasattr(given, "COMM_WORLD"):
        found = f"the module {given.__name__}"
    raise TypeError("fit: distribute; expected a communicator of mpi4py, or an object with its "
                    f"methods {', '.join(_METHODS)}, got {found}. "
                    "Hint: from mpi4py import MPI; model.fit(..., distribute=MPI.COMM_WORLD)")


def _seconds(timeout):
    if timeout is None:
        return math.inf
    if not isinstance(timeout, (int, float)) or not timeout > 0:
        raise Error(f"fit: timeout; expected seconds > 0, or None to wait without end, got "
                    f"{timeout!r}")
    return float(timeout)


def _parts(messages):
    """The messages in parts that MPI can count; an empty message is one part."""
    for rank, view in messages:
        for first in range(0, max(1, len(view)), _LARGEST_PART):
            yield rank, view[first:first + _LARGEST_PART]


def _new_status(comm):
    """What mpi4py tells of a message that has arrived; None for a communicator of another kind."""
    mpi = sys.modules.get("mpi4py.MPI")
    return mpi.Status() if mpi is not None and isinstance(comm, mpi.Comm) else None


class _Part:
    """A part of a message that is under way."""

    def __init__(self, rank, request, size=None):
        self.rank, self.request, self._size = rank, request, size

    def cancel(self):
        """No bytes arrive later in memory that has been given back."""
        if self._size is not None and self.request:  # mpi4py's is false when it has arrived
            self.request.Cancel()

    def has_arrived(self, status):
        """Whether it has; one of ``size`` bytes must have no fewer."""
        if self._size is None or status is None:
            return self.request.Test()
        if not self.request.Test(status):
            return False
        if status.Get_count() != self._size:
            raise RuntimeError(f"sent {status.Get_count()} bytes where {self._size} are expected")
        return True


class _RollCall:
    """Finds out who holds up an exchange. A process that has waited in vain tells all others so,
    and tells them when it goes on; the last that was heard of each holds, so those who wait, too,
    are known, and the others hold up all.
    """

    def __init__(self, comm, others):
        self._comm, self._others = comm, others
        self._listens = {}  # by rank: the request and its byte
        self._waiting = set()
        self._told = []

    def tell(self, waits):
        byte = bytes([waits])
        self._told += [(byte, self._comm.Isend(byte, rank, _STATE)) for rank in self._others]

    def silent(self):
        """The others of which it is not known that they wait."""
        for rank in self._others:
            while True:
                if rank not in self._listens:
                    byte = bytearray(1)
                    self._listens[rank] = self._comm.Irecv(byte, rank, _STATE), byte
                request, byte = self._listens[rank]
                if not request.Test():
                    break
                (self._waiting.add if byte[0] else self._waiting.discard)(rank)
                del self._listens[rank]
        return [rank for rank in self._others if rank not in self._waiting]

    def is_first(self, rank):
        """Whether ``rank`` is the first of those that can tell."""
        return all(rank < other for other in self._waiting)

    def close(self):
        for request, _ in self._listens.values():
            request.Cancel()


class Processes:
    """Carries out the messages of a fit. All processes make one for each fit, and with it the same
    exchanges. Used in a ``with``: where an exception leaves it before its ``end``, the others may
    wait for this process, so all of them end with it.
    """

    def __init__(self, comm, timeout):
        _require_communicator(comm)
        self._comm, self._timeout = comm, _seconds(timeout)
        self.rank, self.size = comm.Get_rank(), comm.Get_size()
        self._others = [rank for rank in range(self.size) if rank != self.rank]
        self._roll_call = _RollCall(comm, self._others)
        self._status = _new_status(comm)
        self._has_ended = self._has_failed = False
        self._hosts = None

    def exchange(self, out, into):
        """Sends and receives messages, ``(rank, memoryview)``, until the last has arrived."""
        if self._hosts is None:
            self._hosts = bytearray(self.size * _BYTES_OF_HOST)
            self._meet()
        parts = []
        try:
            for rank, view in _parts(into):
                parts.append(_Part(rank, self._comm.Irecv(view, rank, _MESSAGE), len(view)))
            for rank, view in _parts(out):
                parts.append(_Part(rank, self._comm.Isend(view, rank, _MESSAGE)))
            self._wait(parts)
        except BaseException:
            self._has_failed = True
            for part in parts:
                part.cancel()
            raise

    def abort(self, status):
        """Ends all processes."""
        sys.stdout.flush()
        sys.stderr.flush()
        time.sleep(_SECONDS_TO_PRINT)
        self._comm.Abort(status)

    def end(self):
        """All processes have come to the end of the fit."""
        self._has_ended = True

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self._roll_call.close()
        if kind is not None and not self._has_ended and self.size > 1:
            atexit.register(self._abort_if_failed)

    def _abort_if_failed(self):
        """At the end of the interpreter, which has told of the error that ends it: MPI's own end
        would wait for processes that wait for this one."""
        if self._has_failed or getattr(sys, "last_value", None) is not None:
            self.abort(1)

    def _meet(self):
        """Tells each other the names of the hosts."""
        own = os.uname().nodename.encode()[:_BYTES_OF_HOST].ljust(_BYTES_OF_HOST)
        view = memoryview(self._hosts)
        places = [view[rank * _BYTES_OF_HOST:][:_BYTES_OF_HOST] for rank in range(self.size)]
        places[self.rank][:] = own
        self.exchange([(rank, memoryview(own)) for rank in self._others],
                      [(rank, places[rank]) for rank in self._others])

    def _wait(self, parts):
        begin = time.monotonic()
        calls_roll = False
        while True:
            parts = self._not_arrived(parts)
            if not parts:
                break
            waited = time.monotonic() - begin
            if waited > self._timeout:
                if not calls_roll:
                    self._roll_call.tell(True)
                    calls_roll = True
                silent = self._roll_call.silent()
                # The first tells it, and all others end with it.
                patience = min(1, self._timeout / 2)
                patience *= 1 if self._roll_call.is_first(self.rank) else 2
                if waited > self._timeout + patience:
                    raise self._silent_error(silent)
            if waited < _YIELDS:
                os.sched_yield()
            else:
                time.sleep(_PAUSE)  # without Python's lock, which another thread may need
        if calls_roll:
            self._roll_call.tell(False)

    def _not_arrived(self, parts):
        left = []
        for part in parts:
            try:
                if not part.has_arrived(self._status):
                    left.append(part)
            except Exception as error:
                raise Error(f"fit: distribute; rank {part.rank}: {error}. Hint: all processes make "
                            "the same calls of fit") from error
        return left

    def _silent_error(self, ranks):
        if not ranks:
            return Error("fit: distribute; all processes wait for each other: they do not make the "
                         "same calls")
        names = [f"{rank} (host {self._host(rank)})" for rank in ranks]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return Error(f"fit: timeout; rank{'s' * (len(names) > 1)} {listed} of {self.size} "
                     f"{'have' if len(names) > 1 else 'has'} not answered for {self._timeout:g} s. "
                     "Hint: look there for what stopped it; if it is only slow, fit(..., "
                     "timeout=60) waits longer")

    def _host(self, rank):
        """Its name; empty if it never came."""
        return self._hosts[rank * _BYTES_OF_HOST:][:_BYTES_OF_HOST].strip(b" \0").decode()
