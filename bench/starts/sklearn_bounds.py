"""The bounds that scikit-learn's GaussianMixture ends at, seed by seed: its side of docs/bounds.md.

    python3 bench/starts/sklearn_bounds.py > bench/results/starts-sklearn.json

Every setting is scikit-learn's default but n_components, covariance_type and n_init: init_params 'kmeans', tol 1e-3, max_iter 100,
reg_covar 1e-6. `bounds` are lower_bound_ (per sample, of the parameters that entered the last iteration) of random_state 0, 1, ...:
200 with n_init 1, 20 with n_init 10. `ends` are those of the same mixtures run on (warm_start) to tol 1e-7: where they lead.
`eigenvalues` are the smallest of the covariances there. `standardised` is `one` with its k-means on columns of mean 0 and
deviation 1, which is where this library's starts are found; all else is in the data's units.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)
here = Path(__file__).parent
settings = json.loads((here / "problems.json").read_text())
groups = settings["groups"]


def samples(name):
    raw = json.loads((here / f"../../test/fixtures/data/{name}.json").read_text())
    return np.array(raw["x"]).reshape(raw["n"], raw["d"])


class Standardised(GaussianMixture):
    """k-means on columns of mean 0 and deviation 1."""

    def _initialize_parameters(self, X, random_state, **_):
        deviations = X.std(axis=0)
        z = (X - X.mean(axis=0)) / np.where(deviations > 0, deviations, 1)
        k = self.n_components
        labels = KMeans(n_clusters=k, n_init=1, random_state=random_state).fit(z).labels_
        self._initialize(X, np.eye(k)[labels])


def fits(x, problem, n_init, seeds, kind=GaussianMixture):
    bounds, ends, eigenvalues = [], [], []
    for seed in seeds:
        mixture = kind(
            problem["nComponents"],
            covariance_type=problem["covarianceType"],
            tol=settings["tol"],
            max_iter=settings["maxIter"],
            reg_covar=settings["regCovar"],
            n_init=n_init,
            random_state=seed,
            warm_start=True,
        ).fit(x)
        bounds.append(float(mixture.lower_bound_))
        mixture.set_params(tol=settings["endTol"], max_iter=settings["endMaxIter"], n_init=1).fit(x)
        ends.append(float(mixture.lower_bound_))
        full = problem["covarianceType"] == "full"
        spectra = np.linalg.eigvalsh(mixture.covariances_) if full else mixture.covariances_
        eigenvalues.append(float(spectra.min()))
    return {"bounds": bounds, "ends": ends, "eigenvalues": eigenvalues}


results = []
for problem in settings["problems"]:
    x = samples(problem["data"])
    start = time.time()
    one = fits(x, problem, 1, range(10 * groups))
    ten = fits(x, problem, 10, range(groups))
    standardised = fits(x, problem, 1, range(10 * groups), Standardised)
    results.append({"name": problem["name"], "one": one, "ten": ten, "standardised": standardised})
    print(f"{problem['name']}: {time.time() - start:.0f} s", file=sys.stderr)
json.dump({"scikitLearn": sklearn.__version__, "numpy": np.__version__, "results": results}, sys.stdout)
print()
