"""Scores samples in scikit-learn with mixtures that webgpu-em fitted.

    python docs/scikit-learn/score_in_python.py test/fixtures/faithful.csv test/fixtures/scikit-learn/from-javascript.json \
        test/fixtures/scikit-learn/scored-in-python.json
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture


def load(attributes):
    """A fitted scikit-learn estimator from the attributes that toScikitLearn() wrote."""
    mixture = GaussianMixture(attributes["n_components"], covariance_type=attributes["covariance_type"])
    for name in ["weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_"]:
        setattr(mixture, name, np.array(attributes[name]))
    for name in ["converged_", "n_iter_", "lower_bound_", "n_features_in_"]:
        setattr(mixture, name, attributes[name])
    return mixture


if __name__ == "__main__":
    samples = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    with open(sys.argv[2]) as file:
        models = json.load(file)["models"]
    written = {"program": f"scikit-learn {sklearn.__version__}", "models": {}}
    for covariance_type, attributes in models.items():
        mixture = load(attributes)
        drawn, _ = mixture.sample(5)  # the whole estimator works, not its scores alone
        assert drawn.shape == (5, samples.shape[1])
        print(f"{covariance_type:9} score {mixture.score(samples):.12f}  bic {mixture.bic(samples):.8f}")
        written["models"][covariance_type] = {
            "score_samples": mixture.score_samples(samples).tolist(),
            "predict": mixture.predict(samples).tolist(),
            "bic": float(mixture.bic(samples)),
        }
    with open(sys.argv[3], "w") as file:
        json.dump(written, file, indent=1)
