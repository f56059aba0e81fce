import type { HelpArguments } from './arguments.ts';

const GENERAL = `webgpu-em: mixture models by expectation-maximisation, on WebGPU or the CPU

Usage
  webgpu-em fit FILE --components K [options]       fit a mixture to the samples of a CSV file
  webgpu-em fit FILE --components 1-16 --select bic fit one of each size, and keep the best
  webgpu-em predict FILE --model MODEL [options]    label samples by a fitted mixture
  webgpu-em impute FILE --model MODEL [options]     fill in the missing values of a CSV file
  webgpu-em digits --output PICTURE [options]       fit images of digits, and complete half ones
  webgpu-em fit --help | predict --help | ...       the options of a command
  webgpu-em --version

FILE is a CSV file with one sample a line, or - for standard input; or a .npy, .f32, .f64,
.parquet, .arrow or .feather file. What is larger than --memory-limit is read a chunk at a time.

Exit codes
  0  done
  1  the fit failed (a component collapsed, no WebGPU adapter, ...)
  2  the call or its input is wrong (unknown option, missing file, not readable as CSV, ...)
`;

const INPUT = `Input
      --columns LIST      columns to use, by name or position from 1: --columns height,weight,5
                          (default: every column that the family can use)
      --header            the first line names the columns (default: found out)
      --no-header         the first line is a sample
      --delimiter CHAR    the character between values; "tab" for a tab (default: found out)
      --format NAME       csv, npy, float32, float64, parquet or arrow (default: by the ending)
      --features D        numbers a sample of a float32 or float64 file (.f32, .f64) has
      --memory-limit SIZE files larger than this are read anew for every pass (default 256M)
`;

const BACKEND = `Where it is computed
      --backend NAME      cpu (float64), webgpu (needs the npm package "webgpu" in Node),
                          or auto: WebGPU where the runtime itself has it, else the CPU (default)
      --threads N         on the CPU, worker threads (default: with auto as many as the machine
                          has; with --backend cpu 0: the plain reference)
      --browser           in headless Chrome or Chromium on WebGPU (needs the npm package
                          "playwright-core")
`;

const LOOP = `      --seed N            seed of the random start (default 0)
      --restarts N        starts; the best is kept (default 1)
      --drop-restarts     restarts that fall behind the median end early
      --init METHOD       k-means++ (default), kmeans, random_from_data or random
      --tol X             stop when the lower bound per sample gains less (default 0.001)
      --max-iter N        iterations at most, in each restart (default 100)
      --algorithm NAME    em (default); stepwise: an M-step after each batch of samples, for few
                          passes over many; incremental: the same, with a bound that never falls
      --batch-size N      samples in a batch (default: a 256th of them for stepwise, a 16th for
                          incremental, at least 256)
      --step-size A,T     stepwise: batch t moves the mixture by (t + T)^-A (default 0.6,2); one
                          number: by as much always
`;

const FIT = `Usage: webgpu-em fit FILE --components K [options]

Fits a mixture of K components to the samples of a CSV file (- for standard input), one a line.

The model
  -k, --components K      number of components (required, but for a warm start); with --select
                          numbers and ranges of them: 1-16, or 2,4,8
      --family NAME       gaussian (default); bernoulli: columns of 0 and 1, or of two words;
                          categorical: columns of 0, 1, ..., or of words; multinomial: columns
                          that count; poisson: counts; exponential: waiting times;
                          geometric: failures before a success
${LOOP}      --covariance TYPE   gaussian: full (default), tied, diag, spherical, tied-diag,
                          tied-spherical or fixed (also --covariance-type); with --select
                          several, with commas between them
      --fixed-covariance LIST
                          for --covariance fixed: identity (default), or D x D numbers row by row
      --reg-covar X       gaussian: added to the variances, in squared units of the data
                          (default 1e-6; 0 under a prior)
      --warm-start FILE   go on from a model of this family that "fit --out" wrote; its
                          components and covariance are then the defaults
      --assignment hard   each sample counts towards its most probable component alone
                          (default: soft)
      --escape split-merge
                          where EM has ended, merge two components and split another, as long as
                          that raises the lower bound (default: none)
      --annealing         begin with deterministic annealing: depends less on the start
      --n-categories N    categorical: categories of every column, or one number a column
                          (default: as the samples show)

Choosing among several: fits one of every number of components with every covariance type, prints
a table of all, and goes on with the best.
      --select CRITERION  bic (fits of the density), icl (clusters that are well apart) or aic
                          (larger mixtures, for prediction); the lowest is the best

A prior: maximum a posteriori in place of maximum likelihood. A LIST is one number, or one for
each component (--alpha), column or category, with commas between them.
      --alpha LIST        any family: Dirichlet(alpha) on the weights
      --a LIST, --b LIST  bernoulli, geometric: Beta(a, b) on each probability;
                          poisson, exponential: Gamma(shape a, rate b) on each rate
      --concentration LIST
                          categorical, multinomial: Dirichlet on the probabilities
      --prior mclust      gaussian: mclust's defaults of the four that follow
      --kappa X           gaussian: samples that the prior mean is worth (default 0.01)
      --prior-mean LIST   gaussian: the prior mean (default: that of the columns)
      --dof X             gaussian: degrees of freedom (default D + 2)
      --scale LIST        gaussian: the prior scale, a variance, or D x D numbers for full and tied

${INPUT}
Missing values (empty, NA, NaN, null, ?, ...) are left out of what is computed, and counted in the
summary; a multinomial mixture refuses them.

${BACKEND}
Output
  -o, --out FILE          write the model as JSON
      --labels FILE       write the component of every sample as CSV
      --diagnose          add each component's mass, ambiguous samples and smallest eigenvalue
      --json              print one JSON object instead of the summary
  -q, --quiet             print no summary, notes or progress

Examples
  webgpu-em fit iris.csv --components 3 --restarts 5 --out model.json
  webgpu-em fit iris.csv -k 1-9 --select bic --covariance full,diag --labels labels.csv
  webgpu-em fit votes.csv -k 2 --family bernoulli --a 2 --b 2 --alpha 2
  cat iris.csv | webgpu-em fit - -k 3 --covariance tied --prior mclust --json
`;

const MODEL_INPUT = `${INPUT}                          Without --columns, columns are chosen by the names that the model was
                          fitted on, where the file has a header.
`;

const PREDICT = `Usage: webgpu-em predict FILE --model MODEL [options]

Labels the samples of a CSV file (- for standard input) by a mixture that "fit --out" wrote.
Prints the labels as CSV, or writes them with --labels and prints a summary. A sample with missing
values is labelled by the others.

  -m, --model FILE        the model, of any family (required)
      --labels FILE       write the labels as CSV to a file
      --proba             add every component's probability
      --json              print one JSON object
  -q, --quiet             print no summary and no notes

${MODEL_INPUT}
${BACKEND}`;

const IMPUTE = `Usage: webgpu-em impute FILE --model MODEL [options]

Fills in the missing values (empty, NA, NaN, null, ?, ...) of a CSV file (- for standard input) by
a mixture that "fit --out" wrote: each by its mean given what is known of its line, a category or a
word by the likeliest one. Every other byte stays as it is. Prints the filled file.

  -m, --model FILE        the model, of any family (required)
  -o, --output FILE       write the filled file here, and print a summary
      --json              with --output: print one JSON object
  -q, --quiet             print no summary and no notes

${MODEL_INPUT}
${BACKEND}
Example
  webgpu-em fit airquality.csv -k 3 --columns Ozone,Solar.R,Wind,Temp --out air.json
  webgpu-em impute airquality.csv --model air.json --output filled.csv
`;

const DIGITS = `Usage: webgpu-em digits --output PICTURE [options]

Fits a Bernoulli mixture to black and white images, hides a part of others and fills it in by its
posterior predictive mean. Writes one PNG: images, what is seen of them, completed; and the
components. Prints the held-out log-likelihood and the cross-entropy of the completions.

Images
      --train FILE        images to fit: an IDX file as MNIST has them, gz or not
      --test FILE         images to complete, likewise. Without the two: the sample of 2,500 digits
                          in the repository
      --train-labels FILE tells which label the images of a component have most often
      --samples N         fit the first N images only
      --threshold N       a pixel of a grey value above it is 1 (default 127)

The model
  -k, --components K      number of components (default 20)
      --a LIST, --b LIST  Beta(a, b) on each pixel (default 2 and 2; 1 and 1: maximum likelihood)
      --alpha LIST        Dirichlet(alpha) on the weights (default 2)
${LOOP}
The completion
      --hide PART         bottom (default), top, left, right, or random:SHARE, such as random:0.5
      --completions N     images in the picture (default 20); all are measured

${BACKEND}
Output
  -o, --output FILE       the picture, PNG (required)
  -m, --model FILE        write the model as JSON
      --json              print one JSON object instead of the summary
  -q, --quiet             print no summary, notes or progress

Example
  webgpu-em digits --train train-images-idx3-ubyte.gz --test t10k-images-idx3-ubyte.gz \\
    --components 50 --hide bottom --output digits.png --browser
`;

export const HELP: Readonly<Record<HelpArguments['topic'], string>> = {
  general: GENERAL,
  fit: FIT,
  predict: PREDICT,
  impute: IMPUTE,
  digits: DIGITS,
};
