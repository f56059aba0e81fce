"""A mixture of Bernoullis in plain numpy, as one writes it down (PRML 9.3.3): scikit-learn has none."""

import peer


def run(problem, options):
    import numpy as np

    if problem.model != "bernoulli":
        raise peer.Absent("this peer is for mixtures of Bernoullis; scikit-learn is for the others")
    dtype = np.dtype(options.precision)
    x = problem.samples(dtype)

    def e_step(weights, probabilities):
        log_odds = np.log(probabilities) - np.log1p(-probabilities)
        joint = x @ log_odds.T
        joint += np.log1p(-probabilities).sum(axis=1) + np.log(weights)
        most = joint.max(axis=1, keepdims=True)
        joint -= most
        np.exp(joint, out=joint)
        total = joint.sum(axis=1, keepdims=True)
        joint /= total
        return joint, (most + np.log(total))[:, 0]

    def iterate():
        weights = problem.start["weights"].astype(dtype)
        probabilities = problem.start["probabilities"].astype(dtype)
        for _ in range(problem.iterations):
            responsibilities, scores = e_step(weights, probabilities)
            scores.mean()
            mass = responsibilities.sum(axis=0)
            weights = mass / len(x)
            probabilities = responsibilities.T @ x / mass[:, None]
        return weights, probabilities

    seconds, parameters = peer.timed(iterate, problem, options)
    peak = peer.peak_bytes()
    return {
        "version": np.__version__,
        "precision": options.precision,
        "threads": options.threads,
        "device": "cpu",
        "secondsPerIteration": seconds,
        "lowerBound": float(e_step(*parameters)[1].mean(dtype=np.float64)),
        "peakBytes": peak,
    }


if __name__ == "__main__":
    peer.main(
        "numpy", run, lambda parser: parser.add_argument("--precision", default="float64")
    )
