// In the kit, started by start.mjs: the benchmark, then the end of the process, which a GPU object would put off.
import { run } from './bench.mjs';

process.exit(await run(process.argv.slice(2)));
