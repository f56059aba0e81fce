"""Fits Old Faithful in scikit-learn and writes what webgpu-em needs: the fitted attributes as JSON.

    python docs/scikit-learn/fit_in_python.py test/fixtures/faithful.csv test/fixtures/scikit-learn/from-python.json
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture

ATTRIBUTES = ["weights_", "means_", "covariances_", "precisions_cholesky_", "converged_", "n_iter_", "lower_bound_"]


def attributes(mixture):
    """The fitted attributes as plain lists and numbers, with the one constructor option that says how to read them."""
    plain = {name: np.asarray(getattr(mixture, name)).tolist() for name in ATTRIBUTES}
    return {"covariance_type": mixture.covariance_type, **plain}


if __name__ == "__main__":
    samples = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    written = {"program": f"scikit-learn {sklearn.__version__}", "models": {}}
    for covariance_type in ["full", "tied", "diag", "spherical"]:
        mixture = GaussianMixture(2, covariance_type=covariance_type, random_state=0).fit(samples)
        print(f"{covariance_type:9} score {mixture.score(samples):.12f}  bic {mixture.bic(samples):.8f}")
        written["models"][covariance_type] = {
            "attributes": attributes(mixture),
            # what scikit-learn itself says of the samples, to compare with
            "score_samples": mixture.score_samples(samples).tolist(),
            "predict": mixture.predict(samples).tolist(),
            "bic": float(mixture.bic(samples)),
        }
    with open(sys.argv[2], "w") as file:
        json.dump(written, file, indent=1)
