export const GENERAL_HELP = `webgpu-em: Gaussian mixtures by expectation-maximisation, on WebGPU or the CPU

Usage
  webgpu-em fit FILE --components K [options]       fit a mixture to the samples of a CSV file
  webgpu-em predict FILE --model MODEL [options]    label samples by a fitted mixture
  webgpu-em fit --help | predict --help             the options of a command
  webgpu-em --version

FILE is a CSV file with one sample a line, or - for standard input.

Exit codes
  0  done
  1  the fit failed (a component collapsed, no WebGPU adapter, ...)
  2  the call or its input is wrong (unknown option, missing file, not readable as CSV, ...)
`;

const INPUT_OPTIONS = `Input
      --columns LIST      columns to use, by name or position from 1: --columns height,weight,5
                          (default: every numeric column)
      --header            the first line names the columns (default: found out)
      --no-header         the first line is a sample
      --delimiter CHAR    the character between values; "tab" for a tab (default: found out)
`;

const BACKEND_OPTIONS = `Where it is computed
      --backend NAME      cpu (float64), webgpu (needs the npm package "webgpu" in Node),
                          or auto: WebGPU where the runtime itself has it, else the CPU (default)
      --browser           in headless Chrome or Chromium on WebGPU (needs the npm package
                          "playwright-core")
`;

export const FIT_HELP = `Usage: webgpu-em fit FILE --components K [options]

Fits a mixture of K Gaussians to the samples of a CSV file (- for standard input), one a line.

The model
  -k, --components K      number of components (required)
      --covariance TYPE   full, tied, diag or spherical (default full)
      --seed N            seed of the random start (default 0)
      --restarts N        starts; the best is kept (default 1)
      --init METHOD       k-means++, random_from_data or random (default k-means++)
      --tol X             stop when the lower bound per sample gains less (default 0.001)
      --max-iter N        iterations at most, in each restart (default 100)
      --reg-covar X       added to the variances, in squared units of the data (default 1e-6)

${INPUT_OPTIONS}
${BACKEND_OPTIONS}
Output
  -o, --out FILE          write the model as JSON
      --labels FILE       write the component of every sample as CSV
      --json              print one JSON object instead of the summary
  -q, --quiet             print no summary, notes or progress

Examples
  webgpu-em fit iris.csv --components 3 --restarts 5 --out model.json
  cat iris.csv | webgpu-em fit - -k 3 --covariance tied --json
`;

export const PREDICT_HELP = `Usage: webgpu-em predict FILE --model MODEL [options]

Labels the samples of a CSV file (- for standard input) by a mixture that "fit --out" wrote.
Prints the labels as CSV, or writes them with --labels and prints a summary.

  -m, --model FILE        the model (required)
      --labels FILE       write the labels as CSV to a file
      --proba             add every component's probability
      --json              print one JSON object
  -q, --quiet             print no summary and no notes

${INPUT_OPTIONS}                          Without --columns, columns are chosen by the names that the model was
                          fitted on, where the file has a header.

${BACKEND_OPTIONS}`;
