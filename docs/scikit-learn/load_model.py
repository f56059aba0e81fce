"""Loads a model of webgpu-em, saved as JSON, into scikit-learn, and labels the rows of a CSV file with it.

    python load_model.py model.json samples.csv
"""
import json
import sys

import numpy as np
from sklearn.mixture import GaussianMixture


def load(path):
    """The fitted estimator, and what the samples were standardised by (None where they were not)."""
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    kind = model["covarianceType"]
    mixture = GaussianMixture(len(model["weights"]), covariance_type=kind)
    mixture.weights_, mixture.means_, mixture.covariances_ = (
        np.array(model[name]) for name in ["weights", "means", "covariances"]
    )
    # U with U U' = precision: upper triangular, or 1 / standard deviation where covariances are diagonal
    if kind in ("full", "tied"):
        lower = np.linalg.inv(np.linalg.cholesky(mixture.covariances_))
        mixture.precisions_cholesky_ = np.swapaxes(lower, -1, -2)
    else:
        mixture.precisions_cholesky_ = 1 / np.sqrt(mixture.covariances_)
    mixture.converged_, mixture.n_iter_ = model["converged"], model["nIter"]
    mixture.lower_bound_ = model["lowerBound"]
    mixture.n_features_in_ = mixture.means_.shape[1]
    return mixture, model.get("standardised")


if __name__ == "__main__":
    mixture, standardised = load(sys.argv[1])
    samples = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1, ndmin=2)
    if standardised:
        samples = (samples - standardised["means"]) / standardised["scales"]
    print(*mixture.predict(samples), sep="\n")
