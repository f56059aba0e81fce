"""Armadillo's gmm_full and gmm_diag: compiles armadillo.cpp for this machine, once, and runs it with the start as plain float64."""

import hashlib
import pathlib
import subprocess
import sys
import tempfile

import peer

FLAGS = "-O3 -march=native -fopenmp -DARMA_DONT_USE_WRAPPER -DARMA_USE_OPENMP".split()


def program():
    """The compiled program, in the folder for temporary files; Absent where there is no compiler or no Armadillo."""
    source = pathlib.Path(__file__).with_name("armadillo.cpp")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    path = pathlib.Path(tempfile.gettempdir()) / f"webgpu-em-armadillo-{digest}"
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    try:
        subprocess.run(
            ["g++", *FLAGS, str(source), "-o", str(partial), "-llapack", "-lblas"],
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise peer.Absent("no g++") from None
    except subprocess.CalledProcessError as error:
        if any(said in error.stderr for said in ("armadillo: No such file", "cannot find -l")):
            raise peer.Absent("no Armadillo (Debian: libarmadillo-dev)") from None
        raise
    partial.rename(path)
    return path


def run(problem, options):
    import json

    import numpy

    if problem.model not in ("full", "diag"):
        raise peer.Absent("Armadillo has full and diag")
    with tempfile.NamedTemporaryFile() as start:
        for name in ("weights", "means", "covariances"):
            # (row-major K x D is column-major D x K; a covariance is symmetric)
            start.write(numpy.ascontiguousarray(problem.start[name]).tobytes())
        start.flush()
        words = [options.folder, problem.model, *problem.shape, problem.iterations]
        done = subprocess.run(
            [str(program()), *map(str, words), str(options.repetitions), start.name],
            check=True,
            capture_output=True,
            text=True,
        )
    sys.stderr.write(done.stderr)
    return json.loads(done.stdout)


if __name__ == "__main__":
    peer.main("Armadillo", run)
