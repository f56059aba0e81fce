// Who is asked, how each is called, and for which models.

const ALL_GAUSSIAN = ['full', 'tied', 'diag', 'spherical'];
const MIXTURES = [...ALL_GAUSSIAN, 'bernoulli'];

/**
 * `script` is a Python program of this folder, `program` a name that program.ts knows. `gpu`: only where there is one; `cpu`: not
 * there. `largest`: operations of an iteration, roughly, beyond which it is left out: plain JavaScript would take hours.
 */
export const PEERS = [
  python('scikit-learn', 'scikit_learn.py', [...ALL_GAUSSIAN, 'kmeans'], {
    words: ['--precision', 'float64'],
  }),
  python('scikit-learn float32', 'scikit_learn.py', [...ALL_GAUSSIAN, 'kmeans'], {
    words: ['--precision', 'float32'],
  }),
  python('numpy', 'numpy_bernoulli.py', ['bernoulli'], { words: ['--precision', 'float64'] }),
  python('numpy float32', 'numpy_bernoulli.py', ['bernoulli'], {
    words: ['--precision', 'float32'],
  }),
  python('Armadillo', 'armadillo.py', ['full', 'diag']),
  python('PyTorch', 'torch_em.py', MIXTURES),
  python('PyTorch, moments', 'torch_em.py', ['full'], { words: ['--form', 'moments'] }),
  python('PyTorch, TF32', 'torch_em.py', MIXTURES, { words: ['--tf32'], gpu: true }),
  python('PyTorch, moments, TF32', 'torch_em.py', ['full'], {
    words: ['--form', 'moments', '--tf32'],
    gpu: true,
  }),
  python('JAX', 'jax_em.py', MIXTURES),
  python('JAX, moments', 'jax_em.py', ['full'], { words: ['--form', 'moments'] }),
  python('JAX, TF32', 'jax_em.py', MIXTURES, { words: ['--tf32'], gpu: true }),
  python('JAX, moments, TF32', 'jax_em.py', ['full'], {
    words: ['--form', 'moments', '--tf32'],
    gpu: true,
  }),
  node('gaussian-mixture-model', ['full'], { largest: 1e8 }),
  node('ml-kmeans', ['kmeans'], { largest: 2e8 }),
];

/** This library's own sides, as programs like the others. */
export const OWN = [
  node('webgpu-em cpu', [...MIXTURES, 'kmeans'], { largest: 1e10 }),
  node('webgpu-em threads', [...MIXTURES, 'kmeans']),
  node('webgpu-em webgpu', [...MIXTURES, 'kmeans']),
];

function python(name, script, models, more = {}) {
  return { name, script, models, words: [], ...more };
}

function node(name, models, more = {}) {
  return { name, program: name, models, words: [], ...more };
}
