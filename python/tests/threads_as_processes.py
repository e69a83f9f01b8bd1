"""Processes of a test: threads that exchange messages by mpi4py's methods, in pure Python."""

import collections
import threading


class World:
    """The messages on their way, by sender, receiver and tag, and those that are waited for."""

    def __init__(self, size):
        self.size = size
        self.lock = threading.Lock()
        self.sent = collections.defaultdict(collections.deque)
        self.awaited = collections.defaultdict(collections.deque)

    def comms(self):
        return [Comm(self, rank) for rank in range(self.size)]

    def deliver(self, way):
        while self.sent[way] and self.awaited[way]:
            content, request = self.sent[way].popleft(), self.awaited[way].popleft()
            request.take(content)


class Request:
    """One that is sent has left at once."""

    def __init__(self, buffer=None):
        self._buffer, self._error, self._done = buffer, None, buffer is None

    def take(self, content):
        self._done = True
        if len(content) > len(self._buffer):
            self._error = "message truncated"
        else:
            self._buffer[:len(content)] = content

    def Test(self):
        if self._error:
            raise RuntimeError(self._error)
        return self._done

    def Cancel(self):
        self._done, self._buffer = True, bytearray(1 << 20)  # what comes is lost


class Comm:
    """The communicator of one of them."""

    def __init__(self, world, rank):
        self._world, self._rank = world, rank
        self.aborted = []
        self.buffers = []

    def Get_rank(self):
        return self._rank

    def Get_size(self):
        return self._world.size

    def Isend(self, buffer, dest, tag=0):
        self.buffers.append((type(buffer), len(buffer)))
        way = self._rank, dest, tag
        with self._world.lock:
            self._world.sent[way].append(bytes(buffer))
            self._world.deliver(way)
        return Request()

    def Irecv(self, buffer, source, tag=0):
        self.buffers.append((type(buffer), len(buffer)))
        way = source, self._rank, tag
        request = Request(buffer)
        with self._world.lock:
            self._world.awaited[way].append(request)
            self._world.deliver(way)
        return request

    def Abort(self, errorcode=0):
        self.aborted.append(errorcode)


def run_processes(count, main, first_here=False):
    """What ``main(comm)`` returned or raised in each of so many processes; with ``first_here`` the
    first runs on the thread that calls."""
    results = [None] * count

    def run(comm):
        try:
            results[comm.Get_rank()] = main(comm)
        except BaseException as error:
            results[comm.Get_rank()] = error
    comms = World(count).comms()
    threads = [threading.Thread(target=run, args=(comm,), daemon=True)
               for comm in comms[first_here:]]
    for each in threads:
        each.start()
    if first_here:
        run(comms[0])
    for each in threads:
        each.join(120)
        assert not each.is_alive()
    return results
