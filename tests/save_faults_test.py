"""Each system call of a save fails in turn, or ends the process: the old file is whole, or the new.

    save_faults_test.py CORNU

strace makes the calls of `cornu convert IN OUT --overwrite` fail that look at OUT and replace it, with
each of ERRORS, and kills the process before each and after the last. A write that is cut short comes
from the limit of a file's size. Ends with `N passed, N failed`; with 77 where nothing can be traced.
"""
import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ERRORS = ["EIO", "ENOSPC", "EINTR", "EACCES", "EROFS", "EMFILE"]
ENDINGS = [".keras", ".h5", ".weights.h5", ".safetensors", ".npz", ".json"]
# Memory, locks and signals: what a thread does beside its work on files.
OTHERS = {"brk", "mmap", "munmap", "mprotect", "madvise", "futex", "getpid", "exit_group"}
SKIPPED = 77

cornu = str(Path(sys.argv[1]).resolve())
model = Path(__file__).resolve().parent / "goldens/keras_files/adamw.keras"
counts = {"passed": 0, "failed": 0}
endings = {"an error": 0, "no error": 0, "a kill": 0}


def check(right, what):
    counts["passed" if right else "failed"] += 1
    if not right:
        print("FAILED:", what, flush=True)


def large_network():
    """A network whose weights take more than the size from which room on the disk is reserved."""
    layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 600], "name": "input"}},
              {"class_name": "Dense", "config": {"name": "dense", "units": 600}}]
    return {"class_name": "Sequential", "config": {"name": "large", "layers": layers}}


class Save:
    """One conversion, and the calls that its save makes."""

    def __init__(self, folder, source, ending):
        self.folder, self.source, self.out = folder, source, folder / ("out" + ending)
        self.convert()
        self.new = self.out.read_bytes()
        self.old = b"the file that was there before"
        self.prepare()
        self.calls = self.traced_calls()
        self.renamed = next(i for i, call in enumerate(self.calls) if call[0] == "rename")

    def command(self):
        return [cornu, "convert", str(self.source), self.out.name, "--overwrite"]

    def convert(self, *around, **options):
        return subprocess.run([*around, *self.command()], cwd=self.folder, capture_output=True,
                              text=True, **options)

    def prepare(self):
        for each in self.folder.iterdir():
            if each.name.startswith("out"):
                each.unlink()
        self.out.write_bytes(self.old)
        self.out.chmod(0o666)  # which the umask takes from a new file

    def traced_calls(self):
        """The name of each call, and how many of that name its thread had made until then."""
        log = self.folder / "log"
        ended = self.convert("strace", "-f", "-o", str(log))
        if ended.returncode != 0 or not log.exists():
            print(f"skipped: nothing can be traced here: {ended.stderr.strip()}")
            sys.exit(SKIPPED)
        lines = [re.match(r"(\d+) +(\w+)\((.*)", line) for line in log.read_text().splitlines()]
        lines = [line.groups() for line in lines if line]
        thread = lines[0][0]
        seen, calls, last = {}, [], 0
        for number, name, arguments in lines:
            if number != thread:
                continue
            seen[name] = seen.get(name, 0) + 1
            if not calls and not (name == "newfstatat" and f'"{self.out.name}"' in arguments):
                continue
            calls.append((name, seen[name]))
            if name == "close":
                last = len(calls)
        return [call for call in calls[:last] if call[0] not in OTHERS]

    def content(self):
        found = self.out.read_bytes() if self.out.exists() else b""
        return {self.old: "old", self.new: "new"}.get(found, f"{len(found)} other bytes")

    def temporaries(self):
        return [each.name for each in self.folder.iterdir() if ".tmp." in each.name]

    def fail(self, place, error):
        name, nth = self.calls[place]
        what = f"{self.out.name}: {name} {nth} fails with {error}"
        self.prepare()
        ended = self.convert("strace", "-f", "-o", "/dev/null", "-e",
                             f"inject={name}:error={error}:when={nth}")
        kept = self.content()
        text = ended.stderr
        check(not self.temporaries(), f"{what}: leaves {self.temporaries()}")
        endings["no error" if ended.returncode == 0 else "an error"] += 1
        if ended.returncode == 0:
            check(kept == "new", f"{what}: no error, and the file is {kept}")
            return
        expected = "old" if place <= self.renamed else "new"
        check(kept == expected, f"{what}: the file is {kept}\n{text}")
        check(self.out.name in text, f"{what}: the file is not named: {text}")
        check(os.strerror(getattr(errno, error)) in text, f"{what}: the reason is missing: {text}")
        if place > self.renamed:
            check(f"{self.out.name} is the new file" in text, f"{what}: which one? {text}")
        elif "cannot create" in text or place > self.first("openat"):
            check("the file that was there is unchanged" in text, f"{what}: which one? {text}")

    def first(self, name):
        return next(i for i, call in enumerate(self.calls) if call[0] == name)

    def kill(self, place):
        """Before the call at this place; after the last one when there is none."""
        self.prepare()
        if place < len(self.calls):
            name, nth = self.calls[place]
            what = f"{self.out.name}: killed before {name} {nth}"
            ended = self.convert("strace", "-f", "-o", "/dev/null", "-e",
                                 f"inject={name}:error=EIO:signal=SIGKILL:when={nth}")
        else:
            what = f"{self.out.name}: killed at its end"
            ended = self.convert("strace", "-f", "-o", "/dev/null", "-e",
                                 "inject=exit_group:signal=SIGKILL")
        check(ended.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL),
              f"{what}: ended with {ended.returncode}")
        endings["a kill"] += 1
        expected = "old" if place <= self.renamed else "new"
        check(self.content() == expected, f"{what}: the file is {self.content()}")
        again = self.convert()
        check(again.returncode == 0 and self.content() == "new", f"{what}: and then {again.stderr}")
        check(not self.temporaries(), f"{what}: the next save leaves {self.temporaries()}")

    def cut_short(self):
        """The system writes a part and then refuses the rest."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(self.new) // 2, len(self.new) // 2))

        self.prepare()
        ended = self.convert(preexec_fn=limit)
        what = f"{self.out.name}: cut short"
        check(ended.returncode != 0 and self.content() == "old", f"{what}: {self.content()}")
        check("File too large; the file that was there is unchanged" in ended.stderr,
              f"{what}: {ended.stderr}")
        check(not self.temporaries(), f"{what}: leaves {self.temporaries()}")

    def all_faults(self):
        for place in range(len(self.calls)):
            for error in ERRORS:
                self.fail(place, error)
        for place in range(len(self.calls) + 1):
            self.kill(place)
        self.cut_short()


def main():
    if shutil.which("strace") is None:
        print("skipped: there is no strace, which makes system calls fail")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large = folder / "large.json"
        large.write_text(json.dumps(large_network()))
        saves = [Save(folder, model, ending) for ending in ENDINGS]
        saves += [Save(folder, large, ending) for ending in (".keras", ".h5")]
        for save in saves:
            save.all_faults()
            print(f"{save.source.name} to {save.out.name}: {len(save.calls)} calls: "
                  + " ".join(call for call, _ in save.calls), flush=True)
    print("saves that ended with " + ", ".join(f"{end}: {n}" for end, n in endings.items()))
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(counts["failed"] > 0)


main()
