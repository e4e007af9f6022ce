/** What the command palette offers for what is typed: names that begin with it before those that hold it. */
export type Kind = 'page' | 'command' | 'segment' | 'person';

export interface Command {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  run(): void;
}

const SHOWN_MAX = 12;
const fold = (text: string) => text.normalize('NFC').toLowerCase();

export function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const whole = words.join(' ');
  const ranked = commands
    .map((command) => ({ command, name: fold(command.name) }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .toSorted((left, right) => Number(right.name.startsWith(whole)) - Number(left.name.startsWith(whole)));
  return ranked.slice(0, SHOWN_MAX).map(({ command }) => command);
}

/** An address is somebody: nothing else is written like it. */
export const personIn = (typed: string): string | undefined => /^\s*([^\s@]+@[^\s@]+)\s*$/.exec(typed)?.[1];
