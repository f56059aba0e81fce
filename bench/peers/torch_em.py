"""Plain EM in PyTorch, float32, on the GPU where there is one: batched matmuls over centred samples, a Cholesky factor a component,
log-sum-exp; a chunk of samples at a time only where the temporaries would not fit.

--form moments: the quadratic forms of a full covariance as one matmul over the samples' products x_i x_j, made once: fewer and larger
matmuls for more memory, about the samples' common mean instead of each component's own.
--tf32: matmuls may round their factors to 10 bits, which tensor cores are fast at; the check says whether the answer stands it."""

import math

import peer

#: Elements of the largest temporary: 1 GiB in float32.
LIMIT = 2**28
LOG_2_PI = math.log(2 * math.pi)


class Full:
    """Per component: residuals about its mean, whitened by a triangular factor; statistics about the mean that went in."""

    def __init__(self, torch, x, n_components):
        self.torch, self.x = torch, x
        self.widest = n_components * x.shape[1]

    def prepare(self, covariances):
        torch = self.torch
        lower = torch.linalg.cholesky_ex(covariances)[0]  # (cholesky would wait for the GPU)
        identity = torch.eye(lower.shape[-1], dtype=lower.dtype, device=lower.device)
        inverse = torch.linalg.solve_triangular(lower, identity.expand_as(lower), upper=False)
        # -1/2 ln det of each covariance
        return inverse, torch.log(torch.diagonal(inverse, dim1=-2, dim2=-1)).sum(-1)

    def e_step(self, x, means, prepared):
        inverse, half_log_det = prepared
        residuals = x[None] - means[:, None]
        whitened = self.torch.bmm(residuals, inverse.mT)
        log_density = half_log_det[:, None] - 0.5 * whitened.square_().sum(-1)
        return (log_density - 0.5 * x.shape[1] * LOG_2_PI).T, residuals

    def statistics(self, x, responsibilities, residuals):
        weighted = residuals * responsibilities.T[..., None]
        return weighted.sum(1), self.torch.bmm(weighted.mT, residuals)

    def m_step(self, mass, first, second, means, reg_covar, n_samples):
        shift = first / mass[:, None]
        covariances = second / mass[:, None, None] - shift[:, :, None] * shift[:, None, :]
        covariances.diagonal(dim1=-2, dim2=-1).add_(reg_covar)
        return means + shift, covariances


class FullMoments(Full):
    """The same by two matmuls over the samples' products, which are there from the start (N x D(D+1)/2)."""

    def __init__(self, torch, x, n_components):
        self.torch = torch
        self.common = x.mean(0)
        x = x - self.common
        self.rows, self.columns = torch.tril_indices(x.shape[1], x.shape[1], device=x.device)
        self.n_features = x.shape[1]
        self.x = torch.cat([x[:, self.rows] * x[:, self.columns], x], 1)
        self.widest = max(n_components, 1)

    def e_step(self, x, means, prepared):
        inverse, half_log_det = prepared
        means = means - self.common
        precisions = inverse.mT @ inverse
        linear = (precisions @ means[..., None])[..., 0]
        twice = torch_where_off_diagonal(self, precisions[:, self.rows, self.columns])
        constant = half_log_det - 0.5 * ((linear * means).sum(-1) + self.n_features * LOG_2_PI)
        return self.torch.addmm(constant, x, self.torch.cat([-0.5 * twice, linear], 1).T), None

    def statistics(self, x, responsibilities, _):
        sums = responsibilities.T @ x
        return sums[:, -self.n_features :], sums[:, : -self.n_features]

    def m_step(self, mass, first, second, means, reg_covar, n_samples):
        means = first / mass[:, None]
        packed = second / mass[:, None] - means[:, self.rows] * means[:, self.columns]
        covariances = packed.new_zeros(len(mass), self.n_features, self.n_features)
        covariances[:, self.rows, self.columns] = packed
        covariances[:, self.columns, self.rows] = packed
        covariances.diagonal(dim1=-2, dim2=-1).add_(reg_covar)
        return means + self.common, covariances


def torch_where_off_diagonal(form, packed):
    """A packed triangle with what stands for two entries doubled."""
    return form.torch.where(form.rows == form.columns, packed, 2 * packed)


class Diagonal:
    """Two matmuls, over x and x^2, about the samples' common mean."""

    def __init__(self, torch, x, n_components):
        self.torch = torch
        self.common = x.mean(0)
        x = x - self.common
        self.x = self.features(x)
        self.widest = n_components

    def features(self, x):
        return self.torch.cat([x.square(), x], 1)

    def prepare(self, covariances):
        return covariances

    def e_step(self, x, means, variances):
        means = means - self.common
        precisions = 1 / variances
        linear = means * precisions
        constant = -0.5 * (
            (means * linear).sum(-1) + self.torch.log(variances).sum(-1) + means.shape[1] * LOG_2_PI
        )
        return self.torch.addmm(constant, x, self.torch.cat([-0.5 * precisions, linear], 1).T), None

    def statistics(self, x, responsibilities, _):
        sums = responsibilities.T @ x
        n_features = len(self.common)
        return sums[:, -n_features:], sums[:, :-n_features]

    def m_step(self, mass, first, second, means, reg_covar, n_samples):
        means = first / mass[:, None]
        return means + self.common, second / mass[:, None] - means.square() + reg_covar


class Spherical(Diagonal):
    """One matmul over x and |x|^2."""

    def features(self, x):
        return self.torch.cat([x.square().sum(1, keepdim=True), x], 1)

    def e_step(self, x, means, variances):
        means = means - self.common
        precisions = (1 / variances)[:, None]
        n_features = means.shape[1]
        constant = -0.5 * (
            means.square().sum(-1) / variances + n_features * (self.torch.log(variances) + LOG_2_PI)
        )
        weights = self.torch.cat([-0.5 * precisions, means * precisions], 1)
        return self.torch.addmm(constant, x, weights.T), None

    def m_step(self, mass, first, second, means, reg_covar, n_samples):
        means = first / mass[:, None]
        variances = second[:, 0] / mass - means.square().sum(-1)
        return means + self.common, variances / means.shape[1] + reg_covar


class Tied(Diagonal):
    """Linear in x: the term in x x' is the same for every component; the samples' scatter does not change."""

    def __init__(self, torch, x, n_components):
        super().__init__(torch, x, n_components)
        self.scatter = self.x.T @ self.x / len(x)

    def features(self, x):
        return x

    def prepare(self, covariance):
        lower = self.torch.linalg.cholesky_ex(covariance)[0]
        identity = self.torch.eye(len(lower), dtype=lower.dtype, device=lower.device)
        return self.torch.linalg.solve_triangular(lower, identity, upper=False)

    def e_step(self, x, means, inverse):
        whitened = x @ inverse.T
        centres = (means - self.common) @ inverse.T
        half_log_det = self.torch.log(inverse.diagonal()).sum()
        constant = half_log_det - 0.5 * (centres.square().sum(-1) + x.shape[1] * LOG_2_PI)
        scores = self.torch.addmm(constant, whitened, centres.T)
        return scores - 0.5 * whitened.square().sum(1, keepdim=True), None

    def statistics(self, x, responsibilities, _):
        return responsibilities.T @ x, None

    def m_step(self, mass, first, second, means, reg_covar, n_samples):
        means = first / mass[:, None]
        covariance = self.scatter - (means * (mass / n_samples)[:, None]).T @ means
        covariance.diagonal().add_(reg_covar)
        return means + self.common, covariance


class Bernoulli:
    """One matmul over the log odds, one for the sums; the probabilities stand where other mixtures have their means."""

    def __init__(self, torch, x, n_components):
        self.torch, self.x = torch, x
        self.widest = n_components

    def prepare(self, _):
        return None

    def e_step(self, x, probabilities, _):
        complement = self.torch.log1p(-probabilities)
        log_odds = self.torch.log(probabilities) - complement
        return self.torch.addmm(complement.sum(-1), x, log_odds.T), None

    def statistics(self, x, responsibilities, _):
        return responsibilities.T @ x, None

    def m_step(self, mass, first, second, probabilities, reg_covar, n_samples):
        return first / mass[:, None], None


FORMS = {
    "plain": {
        "full": Full,
        "diag": Diagonal,
        "spherical": Spherical,
        "tied": Tied,
        "bernoulli": Bernoulli,
    },
    "moments": {"full": FullMoments},
}


def em_iteration(torch, form, parameters, reg_covar):
    """One E-step and M-step over all samples. Also the samples' log-likelihoods, in chunks."""
    weights, means, covariances = parameters
    prepared = form.prepare(covariances)
    log_weights = torch.log(weights)
    n_samples = len(form.x)
    chunk = max(1, min(n_samples, LIMIT // form.widest))
    totals, scores = None, []
    for x in form.x.split(chunk):
        log_density, residuals = form.e_step(x, means, prepared)
        joint = log_density + log_weights
        score = torch.logsumexp(joint, 1)
        responsibilities = (joint - score[:, None]).exp_()
        first, second = form.statistics(x, responsibilities, residuals)
        found = (responsibilities.sum(0), first, second)
        if totals is None:
            totals = found
        else:
            totals = tuple(None if a is None else a + b for a, b in zip(totals, found))
        scores.append(score)
    means, covariances = form.m_step(*totals, means, reg_covar, n_samples)
    return (totals[0] / n_samples, means, covariances), scores


def run(problem, options):
    import torch

    forms = FORMS[options.form]
    if problem.model not in forms:
        raise peer.Absent(f"{options.form} is for {', '.join(forms)}")
    gpu = torch.cuda.is_available()
    if options.tf32 and not gpu:
        raise peer.Absent("TF32 needs an NVIDIA GPU")
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high" if options.tf32 else "highest")
    device = torch.device("cuda" if gpu else "cpu")
    synchronise = torch.cuda.synchronize if gpu else lambda: None

    def put(values):
        return torch.as_tensor(values, dtype=torch.float32, device=device)

    with torch.inference_mode():
        form = forms[problem.model](torch, put(problem.samples("float32")), problem.shape[2])
        names = (
            ("weights", "probabilities")
            if problem.model == "bernoulli"
            else ("weights", "means", "covariances")
        )
        start = tuple(put(problem.start[name]) for name in names)
        if len(start) == 2:
            start += (None,)

        def iterate():
            parameters = start
            for _ in range(problem.iterations):
                parameters, scores = em_iteration(torch, form, parameters, problem.reg_covar)
            return parameters

        seconds, parameters = peer.timed(iterate, problem, options, synchronise)
        peak = peer.peak_bytes()
        peak_device = torch.cuda.max_memory_allocated() if gpu else None
        _, scores = em_iteration(torch, form, parameters, problem.reg_covar)
        bound = torch.cat(scores).double().mean().item()
    return {
        "version": torch.__version__,
        "precision": "float32",
        "threads": options.threads,
        "device": torch.cuda.get_device_name() if gpu else "cpu",
        "secondsPerIteration": seconds,
        "lowerBound": bound,
        "peakBytes": peak,
        **({"peakDeviceBytes": peak_device} if gpu else {}),
    }


def add_options(parser):
    parser.add_argument("--form", default="plain", choices=sorted(FORMS))
    parser.add_argument("--tf32", action="store_true")


if __name__ == "__main__":
    peer.main("PyTorch", run, add_options)
