"""scikit-learn's GaussianMixture, and its KMeans (Lloyd). A mixture's iterations are its own _e_step and _m_step from the given
parameters: `fit` would time its initialisation and checks as well."""


import peer


def mixture(problem, dtype):
    from sklearn.mixture import GaussianMixture
    from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky

    x = problem.samples(dtype)
    start = {name: values.astype(dtype) for name, values in problem.start.items()}

    def iterate():
        model = GaussianMixture(
            problem.shape[2], covariance_type=problem.model, reg_covar=problem.reg_covar
        )
        model.weights_ = start["weights"]
        model.means_ = start["means"]
        model.covariances_ = start["covariances"]
        model.precisions_cholesky_ = _compute_precision_cholesky(
            model.covariances_, problem.model
        )
        for _ in range(problem.iterations):
            _, log_resp = model._e_step(x)
            model._m_step(x, log_resp)
        return model

    # (its own mean over the samples, in the samples' precision)
    return iterate, lambda model: model._e_step(x)[0]


def k_means(problem, dtype):
    from sklearn.cluster import KMeans

    x = problem.samples(dtype)
    centers = problem.start["centers"].astype(dtype)
    n_samples, n_features, n_clusters = problem.shape

    def iterate():
        return KMeans(
            n_clusters, init=centers, n_init=1, max_iter=problem.iterations, tol=0, algorithm="lloyd"
        ).fit(x)

    return iterate, lambda model: -model.inertia_ / (n_samples * n_features)


def run(problem, options):
    import numpy
    import sklearn
    import threadpoolctl

    if problem.model == "bernoulli":
        raise peer.Absent("scikit-learn has no mixture of Bernoullis")
    dtype = numpy.dtype(options.precision)
    with threadpoolctl.threadpool_limits(options.threads):
        build = k_means if problem.model == "kmeans" else mixture
        iterate, bound = build(problem, dtype)
        seconds, model = peer.timed(iterate, problem, options)
        peak = peer.peak_bytes()
        pools = [
            f"{pool['internal_api']} {pool['version'] or ''}".strip()
            for pool in threadpoolctl.threadpool_info()
            if pool["num_threads"] == options.threads
        ]
        return {
            "version": sklearn.__version__,
            "precision": options.precision,
            "threads": options.threads,
            "device": "cpu",
            "secondsPerIteration": seconds,
            "lowerBound": float(bound(model)),
            "peakBytes": peak,
            "note": f"numpy {numpy.__version__}; threads by {', '.join(sorted(set(pools)))}",
        }


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore")
    peer.main(
        "scikit-learn",
        run,
        lambda parser: parser.add_argument("--precision", default="float64"),
    )
