"""Loads a model of webgpu-em, saved as JSON, into scikit-learn, and labels the rows of a file with it.

    python load_model.py model.json samples.csv > labels.txt

The file is the one that was fitted, as it is: CSV (or TSV) or npy. A label a row, in its order; -1 for a row that the fit left out.
"""
import csv
import io
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
        table = table[:, [int(name.split()[-1]) - 1 for name in features]].astype(float)
        return np.where(np.isfinite(table), table, np.nan)
    lines = list(io.StringIO(text(path), newline=""))
    for delimiter in [",", ";", "\t", "|", " "]:
        # below comments, a title or a line "sep=;"
        first = cells(lines[:400], delimiter)
        heading = next((i for i, row in enumerate(first) if set(features) <= set(named(row))), None)
        if heading is not None:
            rows = cells(lines, delimiter)
            names, rows = named(rows[heading]), rows[heading + 1 :]
            break
    else:  # a file without a heading
        lines = [line for line in lines if not line.lstrip().startswith(("#", "%"))]
        delimiter = max(",;\t| ", key=lines[0].strip().count)
        rows = cells(lines, delimiter)
        names = [f"column {i + 1}" for i in range(len(rows[0]))]
    while len(rows[-1]) < 2 and not "".join(rows[-1]).strip():
        rows.pop()
    if len(names) > 1:  # blank lines; where there is one column they are missing values
        rows = [row for row in rows if len(row) > 1]
    columns = [names.index(name) for name in features]
    return np.array([[number(row[c] if c < len(row) else "", delimiter) for c in columns] for row in rows])


def text(path):
    """As Excel saves it: UTF-8, "Unicode text", or Windows-1252."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def cells(lines, delimiter):
    return [line.split() for line in lines] if delimiter == " " else list(csv.reader(lines, delimiter=delimiter))


def named(row):
    """Names of columns; a second "x" is "x (2)"."""
    names = [name.strip() or f"column {i + 1}" for i, name in enumerate(row)]
    return [f"{name} ({names[:i].count(name) + 1})" if name in names[:i] else name for i, name in enumerate(names)]


def number(cell, delimiter):
    """NaN for what is none, and for infinity, as on the page."""
    try:
        value = float(cell if delimiter == "," else cell.replace(",", "."))
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan


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
