"""What the peers in Python share: a problem's folder, the clock, the answer. A peer defines `run(problem, options)`."""

import argparse
import json
import os
import pathlib
import sys
import time


#: What the clock, and what else the machine does, make of less is noise.
LEAST_SECONDS = 0.2


class Absent(Exception):
    """This machine lacks what the peer needs; said, and no failure."""


class Problem:
    """What bench/peers/problem.ts wrote. Import no numerical package before `main` has set the number of threads."""

    def __init__(self, folder):
        import numpy as np

        folder = pathlib.Path(folder)
        about = json.loads((folder / "problem.json").read_text())
        self.model = about["model"]
        self.shape = (about["nSamples"], about["nFeatures"], about["nComponents"])
        self.iterations = about["iterations"]
        self.reg_covar = about["regCovar"]
        self._samples = folder / about["samples"]
        start = json.loads((folder / about["start"]).read_text())
        self.start = {name: np.asarray(values, np.float64) for name, values in start.items()}

    def samples(self, dtype):
        """N x D, C-contiguous."""
        import numpy as np

        stored = np.uint8 if self._samples.suffix == ".u8" else np.dtype("<f4")
        return np.fromfile(self._samples, stored).reshape(self.shape[:2]).astype(dtype, copy=False)


def timed(iterate, problem, options, synchronise=lambda: None):
    """Seconds per iteration, one entry a repetition: `iterate()` goes from the start through all iterations, what it returns
    last is kept. Once before, unmeasured; several times in a row where once is too short for the clock."""
    begun = time.perf_counter()
    kept = iterate()
    synchronise()
    first = time.perf_counter()
    kept = iterate()
    synchronise()
    now = time.perf_counter()
    often = max(1, min(1000, int(LEAST_SECONDS / (now - first))))
    # what takes long is not done again to be measured
    seconds = [(now - first) / problem.iterations] if often == 1 else []
    options.repetitions -= len(seconds)
    for _ in range(options.repetitions):
        if seconds and time.perf_counter() - begun > options.seconds:
            break
        synchronise()
        started = time.perf_counter()
        for _ in range(often):
            del kept
            kept = iterate()
        synchronise()
        seconds.append((time.perf_counter() - started) / problem.iterations / often)
    return seconds, kept


def peak_bytes():
    """The most memory that this program had resident. (Not ru_maxrss, which begins at what the parent had.)"""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def cores(threads):
    """Keeps this program to as many cores: for libraries that take no number of threads."""
    allowed = sorted(os.sched_getaffinity(0))
    if threads < len(allowed):
        os.sched_setaffinity(0, allowed[:threads])


def main(name, run, add_options=lambda parser: None):
    """Reads the command line, runs the peer, prints its one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=60, help="no repetition is begun later")
    add_options(parser)
    options = parser.parse_args()
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = str(options.threads)
    answer = {"peer": name}
    try:
        problem = Problem(options.folder)
        answer |= run(problem, options)
        answer.setdefault("lowerBoundIndex", problem.iterations)
        answer.setdefault("peakBytes", peak_bytes())
    except (Absent, ModuleNotFoundError) as error:
        answer |= {"error": f"absent: {error}", "absent": True}
    except Exception as error:  # the report says it, the other peers go on
        answer["error"] = f"{type(error).__name__}: {error}".split("\n")[0]
        if not isinstance(error, MemoryError):
            print(repr(error), file=sys.stderr)
    print(json.dumps(answer))
