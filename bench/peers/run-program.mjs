// One program, its one JSON object, and what keeps it from taking the machine with it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Of the machine's memory, for a program and its children; beyond it the system might end something else. */
const MOST_MEMORY = 0.7;
const LOOK_MILLISECONDS = 200;
const SIGNALS = ['SIGINT', 'SIGTERM'];

/** What the program printed as JSON, or `{ error }`: absent, ended for time or memory, failed, or no JSON. */
export function runProgram(
  [command, ...words],
  { environment = process.env, seconds, memory = MOST_MEMORY * totalmem() },
) {
  return new Promise((resolve) => {
    // a group of its own: Armadillo's program is the child of a script
    const child = spawn(command, words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const text = { stdout: '', stderr: '' };
    let ended;
    const end = (reason) => {
      ended ??= reason;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const timer = setTimeout(() => end(`ended after ${seconds} s`), 1000 * seconds);
    const watch = setInterval(() => {
      const resident = residentBytes(child.pid);
      if (resident > memory) end(`ended at ${(resident / 2 ** 30).toFixed(1)} GiB of memory`);
    }, LOOK_MILLISECONDS);
    // its group would outlive this process
    const interrupted = () => {
      end('interrupted');
      process.exit(130);
    };
    for (const signal of SIGNALS) process.once(signal, interrupted);
    const finish = (answer) => {
      for (const signal of SIGNALS) process.off(signal, interrupted);
      clearTimeout(timer);
      clearInterval(watch);
      resolve(answer);
    };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (more) => (text[stream] += more));
    child.once('error', (error) =>
      finish({
        error: error.code === 'ENOENT' ? `absent: no ${command}` : error.message,
        absent: error.code === 'ENOENT',
      }),
    );
    child.once('close', (status, signal) =>
      finish(ended === undefined ? answerOf(text, status ?? signal) : { error: ended }),
    );
  });
}

function answerOf({ stdout, stderr }, status) {
  const line = stdout.trim().split('\n').at(-1);
  try {
    return JSON.parse(line);
  } catch {
    const said = stderr.trim().split('\n').at(-1);
    return { error: `no answer (${status}): ${said || line || 'it printed nothing'}` };
  }
}

/** Of a process and its children; 0 where the system does not tell. */
function residentBytes(pid) {
  try {
    const [, kilobytes] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [
      0, 0,
    ];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const below = children === '' ? [] : children.split(' ').map(residentBytes);
    return below.reduce((sum, one) => sum + one, 1024 * Number(kilobytes));
  } catch {
    return 0; // it is gone, or this is no Linux
  }
}
