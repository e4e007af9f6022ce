/** What a command has to work with: everything of the outside, so that a test can be it. */
import type { ApiClient } from '#shared/client/api-client.ts';
import type { Files } from './files.ts';
import type { Settings } from './settings.ts';

export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  readonly files: Files;
  /** Lines of standard input. */
  readonly input: AsyncIterable<string>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted when the user has had enough. */
  readonly stopped: AbortSignal;
}

/** Values as `parseArgs` gives them. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Shell extends Outside {
  readonly api: ApiClient;
  readonly connect: (settings: Pick<Settings, 'url' | 'token' | 'sandbox'>) => ApiClient;
  readonly settings: Settings;
  readonly arguments: readonly string[];
  readonly options: Options;
  /** JSON where `--json` asks for it, else what a person reads. */
  readonly answer: (value: unknown, forPeople: () => string) => void;
}

export interface OptionDeclaration {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly says: string;
}

export interface Command {
  /** As it is typed: `segments create`. */
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Names of its arguments; in brackets where it goes without. Dots: any number. */
  readonly takes?: readonly string[];
  readonly options?: Readonly<Record<string, OptionDeclaration>>;
  /** Further lines of its help. */
  readonly more?: string;
  /** Needs no service. */
  readonly isLocal?: true;
  /** The exit code, 0 unless given. */
  readonly run: (shell: Shell) => Promise<number | undefined>;
}

/** The command line is wrong: said with what would be right, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for did not come about, though every call was answered: exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

export const text = ({ options }: Pick<Shell, 'options'>, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};

export const texts = ({ options }: Pick<Shell, 'options'>, name: string): readonly string[] => {
  const value = options[name];
  return Array.isArray(value) ? value : [];
};

export const isSet = ({ options }: Pick<Shell, 'options'>, name: string): boolean => options[name] === true;

export function count(shell: Pick<Shell, 'options'>, name: string, otherwise: number): number {
  const given = text(shell, name);
  if (given === undefined) return otherwise;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new UsageError(`--${name} ${given}: it takes a whole number`);
}

/** `-` stands for standard input. */
export async function textOrInput(given: string, { input }: Pick<Shell, 'input'>): Promise<string> {
  if (given !== '-') return given;
  const lines: string[] = [];
  for await (const line of input) lines.push(line);
  return lines.join('\n');
}
