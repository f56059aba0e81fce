"""What scikit-learn chooses on the samples of `npm run bench:init`, and how long it takes:

    npm run bench:init -- --samples samples.f32
    python bench/init-peer.py samples.f32

writes bench/init-peer.json: potentials (sum of squared distances to the nearest chosen point, standardised units) of k-means++ and
of k-means from it (n_init=1, scikit-learn's defaults), five seeds each.
"""

import json
import pathlib
import sys
import time

import numpy as np
import sklearn
from sklearn.cluster import KMeans, kmeans_plusplus

SAMPLES, FEATURES, K = 1_000_000, 8, 16
x = np.fromfile(sys.argv[1], "<f4").reshape(SAMPLES, FEATURES).astype(np.float64)
z = (x - x.mean(axis=0)) / x.std(axis=0)


def potential(centers):
    best = np.full(len(z), np.inf)
    for center in centers:
        np.minimum(best, ((z - center) ** 2).sum(axis=1), out=best)
    return float(best.sum())


potentials = {"k-means++": [], "kmeans": []}
milliseconds = {"k-means++": [], "kmeans": []}
for seed in range(5):
    started = time.perf_counter()
    centers, _ = kmeans_plusplus(z, K, random_state=seed)
    milliseconds["k-means++"].append(1000 * (time.perf_counter() - started))
    potentials["k-means++"].append(potential(centers))
    started = time.perf_counter()
    model = KMeans(K, n_init=1, random_state=seed).fit(z)
    milliseconds["kmeans"].append(1000 * (time.perf_counter() - started))
    potentials["kmeans"].append(potential(model.cluster_centers_))
out = {"scikit_learn": sklearn.__version__, "potentials": potentials, "milliseconds": milliseconds}
(pathlib.Path(__file__).parent / "init-peer.json").write_text(json.dumps(out, indent=2) + "\n")
