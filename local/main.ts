/** `npm start`: the synthesized template on embedded engines, with a demo unless told otherwise. */
import { join, resolve } from 'node:path';
import { buildConsole } from '#console/build.ts';
import { offsetTo, shiftClock } from './clock.ts';
import type { Demo } from './demo/demo.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { type Runner, startRunner } from './runner.ts';
import { synthesize } from './synthesis.ts';

const projectFolder = resolve(import.meta.dirname, '..');
const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(options: Options): Promise<void> {
  const consoleFolder = buildConsole(projectFolder, print);
  const assemblyFolder = await synthesize(projectFolder, print);
  const clockOffsetMs = options.clockStart === undefined ? 0 : offsetTo(options.clockStart);
  shiftClock(clockOffsetMs);
  const shown = new Set<string>();
  const runner = await startRunner({
    port: options.port,
    assemblyFolder,
    consoleFolder,
    homeFolder: resolve(process.env.SHOAL_DIR ?? join(projectFolder, '.shoal')),
    dataFolder: options.dataFolder === undefined ? undefined : resolve(options.dataFolder),
    clockOffsetMs,
    onProblem: (line) => {
      // What is retried every second would fill the terminal; the log has each time.
      if (!shown.has(line)) process.stderr.write(`${line}\n`);
      shown.add(line);
    },
    onFatal: (reason) => {
      process.stderr.write(`${reason}\n`);
      process.exit(1);
    },
  });
  const demo: { running?: Demo } = {};
  stopOnSignals(runner, demo);
  print(`ready ${runner.local.apiUrl}`);
  print(`console ${runner.local.consoleUrl}`);
  if (!options.demo) return;
  // Loaded late: the SDK's client takes longer to load than everything before.
  const { startDemo } = await import('./demo/demo.ts');
  demo.running = startDemo(runner.local, print);
}

function stopOnSignals(runner: Runner, demo: { readonly running?: Demo }): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    demo.running?.stop();
    runner.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`the stop was not clean: ${error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Whoever read the output is gone: `npm start | head` ends the service too.
  process.stdout.on('error', stop);
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${tell(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** What the runner says itself is a sentence for its user; anything else is a defect and needs its stack. */
function tell(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' || error instanceof UsageError ? error.message : (error.stack ?? error.message);
}
