// What a kit says of itself and of what is packed in it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const README = `The benchmark of webgpu-em for a Linux x64 machine with a Vulkan driver
======================================================================

  ./bench.sh --out results.json
  ./bench.sh --help

It installs nothing, asks nothing of the network, and writes no file but the one after --out (and, with peers, a folder of samples in
the system's folder for temporary files, removed at the end). It needs libstdc++ and, unless --cpu is given, libvulkan.so.1 with the
GPU's driver.

bench.mjs, run.mjs       the benchmark, with the library inside
bin/node                 Node, as it was on the machine that packed the kit
node_modules/webgpu      Dawn for Node, the npm package
node_modules/webgpu-em   the built library and its command, for programs of your own:
                         bin/node node_modules/webgpu-em/dist/cli.js fit samples.csv --components 3 --backend webgpu
peers/                   scripts for other programs: they run where their packages are there (Python with scikit-learn, torch or jax;
                         a C++ compiler with Armadillo), and are listed as absent elsewhere
kit.json                 the commit, the versions, when it was packed
licences/                of all that is in here
`;

/** The licence beside a Node binary, where its installation has one; else where to read it. */
export function nodeLicence(path, version) {
  const beside = dirname(dirname(path));
  const found = [
    join(beside, 'LICENSE'),
    join(beside, 'share/doc/nodejs/LICENSE'),
    join(beside, 'share/doc/nodejs/copyright'),
  ].find((place) => existsSync(place) && /node/i.test(readFileSync(place, 'utf8')));
  return found === undefined
    ? `Node.js ${version} is under the MIT licence, and holds libraries under licences of their own. The text:
https://github.com/nodejs/node/blob/${version}/LICENSE
`
    : readFileSync(found, 'utf8');
}
