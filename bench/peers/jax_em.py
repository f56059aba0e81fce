"""Plain EM in JAX, float32, on the GPU where there is one: all iterations in one compiled program (lax.fori_loop), compiled before
the clock starts; a chunk of samples at a time (lax.scan) only where the temporaries would not fit. The forms are torch_em.py's.

--tf32: matmuls may round their factors to 10 bits; the check says whether the answer stands it."""

import math
import os
import time

import peer

#: Elements of the largest temporary: 1 GiB in float32.
LIMIT = 2**28
LOG_2_PI = math.log(2 * math.pi)


def make_form(jax, model, form, x):
    """The samples' features, the widest temporary per sample and component, and three functions: `prepare` of the means and
    covariances, `score` (n x K log-densities) with what the sums need, and `sums`; `update` makes parameters of the sums."""
    jnp = jax.numpy
    n_samples, n_features = x.shape
    common = x.mean(axis=0)
    centred = x - common

    def whitening(covariance):
        lower = jnp.linalg.cholesky(covariance)
        inverse = jax.scipy.linalg.solve_triangular(lower, jnp.eye(n_features), lower=True)
        return inverse, jnp.log(jnp.diagonal(inverse)).sum()

    def linear(constant, weights):
        return lambda rows: (rows @ weights.T + constant, None)

    def plain_sums(rows, responsibilities, _):
        return responsibilities.T @ rows

    if model == "full" and form == "plain":

        def score(means, covariances):
            inverse, half_log_det = jax.vmap(whitening)(covariances)

            def of(rows):
                residuals = rows[None] - means[:, None]
                whitened = jnp.einsum("knd,ked->kne", residuals, inverse)
                squares = jnp.square(whitened).sum(axis=-1)
                constant = half_log_det - 0.5 * n_features * LOG_2_PI
                return (constant[:, None] - 0.5 * squares).T, residuals

            return of

        def sums(rows, responsibilities, residuals):
            weighted = residuals * responsibilities.T[..., None]
            return weighted.sum(axis=1), jnp.einsum("knd,kne->kde", weighted, residuals)

        def update(mass, found, means, reg_covar):
            first, second = found
            shift = first / mass[:, None]
            covariances = second / mass[:, None, None] - shift[:, :, None] * shift[:, None, :]
            return means + shift, covariances + reg_covar * jnp.eye(n_features)

        return x, n_features, score, sums, update

    if model == "full":
        rows_of, columns_of = jnp.tril_indices(n_features)
        features = jnp.concatenate([centred[:, rows_of] * centred[:, columns_of], centred], axis=1)
        doubled = jnp.where(rows_of == columns_of, 1.0, 2.0)

        def score(means, covariances):
            inverse, half_log_det = jax.vmap(whitening)(covariances)
            at = means - common
            precisions = jnp.einsum("ked,kef->kdf", inverse, inverse)
            slope = jnp.einsum("kde,ke->kd", precisions, at)
            constant = half_log_det - 0.5 * ((slope * at).sum(axis=-1) + n_features * LOG_2_PI)
            packed = -0.5 * doubled * precisions[:, rows_of, columns_of]
            return linear(constant, jnp.concatenate([packed, slope], axis=1))

        def update(mass, found, means, reg_covar):
            at = found[:, -n_features:] / mass[:, None]
            second = found[:, :-n_features] / mass[:, None] - at[:, rows_of] * at[:, columns_of]
            covariances = jnp.zeros((len(mass), n_features, n_features))
            covariances = covariances.at[:, rows_of, columns_of].set(second)
            covariances = covariances.at[:, columns_of, rows_of].set(second)
            return at + common, covariances + reg_covar * jnp.eye(n_features)

        return features, 1, score, plain_sums, update

    if model == "diag":

        def score(means, variances):
            at = means - common
            constant = -0.5 * (
                (jnp.square(at) / variances + jnp.log(variances)).sum(axis=-1)
                + n_features * LOG_2_PI
            )
            return linear(constant, jnp.concatenate([-0.5 / variances, at / variances], axis=1))

        def update(mass, found, means, reg_covar):
            at = found[:, n_features:] / mass[:, None]
            variances = found[:, :n_features] / mass[:, None] - jnp.square(at) + reg_covar
            return at + common, variances

        features = jnp.concatenate([jnp.square(centred), centred], axis=1)
        return features, 1, score, plain_sums, update

    if model == "spherical":

        def score(means, variances):
            at = means - common
            constant = -0.5 * (
                jnp.square(at).sum(axis=-1) / variances
                + n_features * (jnp.log(variances) + LOG_2_PI)
            )
            weights = jnp.concatenate([jnp.full_like(at[:, :1], -0.5), at], axis=1)
            return linear(constant, weights / variances[:, None])

        def update(mass, found, means, reg_covar):
            at = found[:, 1:] / mass[:, None]
            variances = found[:, 0] / mass - jnp.square(at).sum(axis=-1)
            return at + common, variances / n_features + reg_covar

        squares = jnp.square(centred).sum(axis=1, keepdims=True)
        return jnp.concatenate([squares, centred], axis=1), 1, score, plain_sums, update

    if model == "tied":
        scatter = centred.T @ centred / n_samples

        def score(means, covariance):
            inverse, half_log_det = whitening(covariance)
            centres = (means - common) @ inverse.T
            constant = half_log_det - 0.5 * (jnp.square(centres).sum(-1) + n_features * LOG_2_PI)

            def of(rows):
                whitened = rows @ inverse.T
                squares = jnp.square(whitened).sum(axis=1, keepdims=True)
                return whitened @ centres.T + constant - 0.5 * squares, None

            return of

        def update(mass, found, means, reg_covar):
            at = found / mass[:, None]
            between = (at * (mass / n_samples)[:, None]).T @ at
            return at + common, scatter - between + reg_covar * jnp.eye(n_features)

        return centred, 1, score, plain_sums, update

    # a mixture of Bernoullis: the probabilities stand where other mixtures have their means
    def score(probabilities, _):
        complement = jnp.log1p(-probabilities)
        return linear(complement.sum(axis=-1), jnp.log(probabilities) - complement)

    def update(mass, found, probabilities, reg_covar):
        return found / mass[:, None], jnp.zeros(())

    return x, 1, score, plain_sums, update


def chunks_of(n_samples, width):
    """The fewest equal chunks whose temporaries fit: of 1,000,000 samples, a divisor of it."""
    least = max(1, -(-n_samples * width // LIMIT))
    return next(count for count in range(least, n_samples + 1) if n_samples % count == 0)


def run(problem, options):
    if options.form == "moments" and problem.model != "full":
        raise peer.Absent("moments is for full")
    if problem.model == "kmeans":
        raise peer.Absent("this peer is for mixtures")
    # before it is imported: it takes the cores that it finds, and by default three quarters of the GPU's memory at once
    peer.cores(options.threads)
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    jnp = jax.numpy
    device = jax.devices()[0]
    gpu = device.platform == "gpu"
    if options.tf32 and not gpu:
        raise peer.Absent("TF32 needs an NVIDIA GPU")
    precision = "tensorfloat32" if options.tf32 else "highest"
    jax.config.update("jax_default_matmul_precision", precision)

    x = jnp.asarray(problem.samples("float32"))
    features, width, score, sums, update = make_form(jax, problem.model, options.form, x)
    del x
    n_samples, _, n_components = problem.shape
    count = chunks_of(n_samples, width * n_components)
    chunks = features.reshape(count, n_samples // count, -1)

    def e_step(chunks, parameters):
        """The sums that an M-step needs, and every sample's log-likelihood."""
        weights, means, covariances = parameters
        of = score(means, covariances)
        log_weights = jnp.log(weights)

        def one(rows):
            log_density, kept = of(rows)
            joint = log_density + log_weights
            scores = jax.scipy.special.logsumexp(joint, axis=1)
            responsibilities = jnp.exp(joint - scores[:, None])
            return (responsibilities.sum(axis=0), sums(rows, responsibilities, kept)), scores

        if count == 1:
            return one(chunks[0])

        def add(total, rows):
            found, scores = one(rows)
            return jax.tree.map(jnp.add, total, found), scores

        shapes = jax.eval_shape(one, chunks[0])[0]
        zeros = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
        return jax.lax.scan(add, zeros, chunks)

    def all_iterations(chunks, start):
        def iteration(_, carried):
            parameters, _ = carried
            (mass, found), scores = e_step(chunks, parameters)
            means, covariances = update(mass, found, parameters[1], problem.reg_covar)
            return (mass / n_samples, means, covariances), scores.mean()

        return jax.lax.fori_loop(0, problem.iterations, iteration, (start, jnp.zeros(())))

    names = ("weights", "probabilities" if problem.model == "bernoulli" else "means", "covariances")
    start = tuple(
        jnp.asarray(problem.start[name], jnp.float32) if name in problem.start else jnp.zeros(())
        for name in names
    )
    began = time.perf_counter()
    compiled = jax.jit(all_iterations).lower(chunks, start).compile()
    compile_seconds = time.perf_counter() - began

    def iterate():
        return jax.block_until_ready(compiled(chunks, start))

    seconds, (parameters, _) = peer.timed(iterate, problem, options)
    peak = peer.peak_bytes()
    peak_device = (device.memory_stats() or {}).get("peak_bytes_in_use") if gpu else None
    scores = jax.jit(e_step)(chunks, parameters)[1]
    import numpy

    return {
        "version": jax.__version__,
        "precision": "float32",
        "threads": options.threads,
        "device": device.device_kind if gpu else "cpu",
        "secondsPerIteration": seconds,
        "compileSeconds": compile_seconds,
        "lowerBound": float(numpy.asarray(scores, numpy.float64).mean()),
        "peakBytes": peak,
        **({"peakDeviceBytes": peak_device} if gpu else {}),
    }


def add_options(parser):
    parser.add_argument("--form", default="plain", choices=["plain", "moments"])
    parser.add_argument("--tf32", action="store_true")


if __name__ == "__main__":
    peer.main("JAX", run, add_options)
