import { COMMANDS } from './commands.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import type { Command, OptionDeclaration } from './shell.ts';

const columns = (rows: readonly (readonly [string, string])[]) => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

export const usageOf = ({ name, takes = [], options = {} }: Command): string => {
  const words = takes.map((each) => (each.startsWith('[') ? each : `<${each}>`));
  return ['shoal', name, ...words, ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');
};

const optionRow = ([name, { short, value, says }]: [string, OptionDeclaration]) =>
  [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, says] as const;

export function helpOf(command: Command): string {
  const own = Object.entries(command.options ?? {}).map(optionRow);
  return [
    `${command.summary}.`,
    `usage: ${usageOf(command)}`,
    ...(command.more ? [command.more] : []),
    ...(own.length > 0 ? [columns(own)] : []),
    `For every command:\n${columns(Object.entries(COMMON_OPTIONS).map(optionRow))}`,
  ].join('\n\n');
}

/** Of all commands, or of those that begin with a word. */
export function overview(word?: string): string {
  const listed = COMMANDS.filter(({ name }) => word === undefined || name.split(' ')[0] === word);
  return [
    'usage: shoal <command> [arguments] [options]',
    columns(listed.map(({ name, summary }) => [name, summary])),
    'shoal <command> --help says more. Definitions are given by id or by name.',
    'Exit codes: 0 done · 1 refused or not successful · 2 wrong command line · 3 no answer',
  ].join('\n\n');
}
