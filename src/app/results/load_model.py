"""Loads a model of webgpu-em, saved as JSON, into scikit-learn, and labels the rows of a file with it.

    python load_model.py model.json samples.csv > labels.txt

The file is the one that was fitted, as it is: CSV (or TSV) or npy. A label a row, in its order; -1 for a row that the fit left out.
"""
import csv
import json
import sys

import numpy as np
from sklearn.mixture import GaussianMixture


def estimator(kind, weights, means, covariances):
    mixture = GaussianMixture(len(weights), covariance_type=kind)
    mixture.weights_, mixture.means_, mixture.covariances_ = weights, means, covariances
    # U with U U' = precision: upper triangular, or 1 / standard deviation where covariances are diagonal
    if kind in ("full", "tied"):
        lower = np.linalg.inv(np.linalg.cholesky(covariances))
        mixture.precisions_cholesky_ = np.swapaxes(lower, -1, -2)
    else:
        mixture.precisions_cholesky_ = 1 / np.sqrt(covariances)
    mixture.n_features_in_ = means.shape[1]
    return mixture


def load(path):
    """The fitted estimator, and all that the file says: the features' names, what they were standardised by, ..."""
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    arrays = (np.array(model[name]) for name in ["weights", "means", "covariances"])
    mixture = estimator(model["covarianceType"], *arrays)
    mixture.converged_, mixture.n_iter_ = model["converged"], model["nIter"]
    mixture.lower_bound_ = model["lowerBound"]
    return mixture, model


def read(path, features):
    """The columns of these names, N x D; NaN where there is no number."""
    if path.endswith(".npy"):
        table = np.load(path)
        table = table.reshape(len(table), -1)
        return table[:, [int(name.split()[-1]) - 1 for name in features]].astype(float)
    with open(path, newline="", encoding="utf-8-sig") as file:
        heading = file.readline()
        delimiter = max(",;\t|", key=heading.count)
        file.seek(0)
        rows = list(csv.reader(file, delimiter=delimiter))
    while len(rows[-1]) < 2 and not "".join(rows[-1]).strip():
        rows.pop()
    if len(rows[0]) > 1:  # blank lines; where there is one column they are missing values
        rows = [row for row in rows if len(row) > 1]
    names = unique([name.strip() or f"column {i + 1}" for i, name in enumerate(rows[0])])
    if set(features) <= set(names):
        rows = rows[1:]
    else:  # a file without a heading
        names = [f"column {i + 1}" for i in range(len(rows[0]))]
    columns = [names.index(name) for name in features]
    return np.array([[number(row[c] if row else "", delimiter) for c in columns] for row in rows])


def unique(names):
    """A second "x" is "x (2)"."""
    return [f"{name} ({names[:i].count(name) + 1})" if name in names[:i] else name for i, name in enumerate(names)]


def number(cell, delimiter):
    try:
        return float(cell if delimiter == "," else cell.replace(",", "."))
    except ValueError:
        return np.nan


def label(mixture, model, samples):
    """The most probable component of each row by the values that it has; -1 where the fit left such rows out."""
    if "standardised" in model:
        samples = (samples - model["standardised"]["means"]) / model["standardised"]["scales"]
    labels = np.full(len(samples), -1)
    is_there = ~np.isnan(samples)
    for there in np.unique(is_there, axis=0):
        rows = (is_there == there).all(axis=1)
        if there.all():
            labels[rows] = mixture.predict(samples[rows])
        elif model.get("missing") != "left out":
            if there.any():
                labels[rows] = marginal(mixture, there).predict(samples[rows][:, there])
            else:
                labels[rows] = np.argmax(mixture.weights_)
    return labels


def marginal(mixture, there):
    """The mixture of these features alone."""
    kind, covariances = mixture.covariance_type, mixture.covariances_
    if kind in ("full", "tied"):
        covariances = covariances[..., there, :][..., there]
    elif kind == "diag":
        covariances = covariances[:, there]
    return estimator(kind, mixture.weights_, mixture.means_[:, there], covariances)


if __name__ == "__main__":
    mixture, model = load(sys.argv[1])
    if "features" not in model:
        sys.exit("The model has no names of features: give samples to mixture.predict in their order.")
    print(*label(mixture, model, read(sys.argv[2], model["features"])), sep="\n")
