/**
 * Evaluate, check, explain or convert expressions: `npm run --silent pql -- eval|check|explain|to-json|to-text`.
 * Reads JSON Lines on standard input and prints one line of JSON for each.
 */
import { createInterface } from 'node:readline';
import { COMMANDS } from './pql/commands.ts';

const USAGE = `usage: pql ${[...COMMANDS.keys()].join('|')} < lines.jsonl`;

async function main(name: string | undefined): Promise<void> {
  const command = COMMANDS.get(name ?? '');
  if (command === undefined) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    process.stdout.write(`${JSON.stringify(command(line))}\n`);
  }
}

await main(process.argv[2]);
