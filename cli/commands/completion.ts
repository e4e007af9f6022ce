import { COMMON_OPTIONS } from '../common-options.ts';
import { type Command, UsageError } from '../shell.ts';

/** A script for the user's shell, made of the commands themselves. */
export function completion(commands: readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'Prints what makes bash, zsh or fish complete commands and options',
    takes: ['bash|zsh|fish'],
    more: 'For instance: source <(shoal completion bash)',
    isLocal: true,
    run: async ({ arguments: [kind = ''], print }) => {
      const script = SCRIPTS.get(kind);
      if (script === undefined) throw new UsageError(`${kind}: bash, zsh or fish`);
      print(script(commands));
      return 0;
    },
  };
}

const optionsOf = ({ options = {} }: Command) =>
  Object.keys({ ...options, ...COMMON_OPTIONS }).map((name) => `--${name}`);

/** What may follow what was typed: `segments` is followed by `list create …`. */
function following(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>();
  const add = (typed: string, word: string) => words.set(typed, [...new Set([...(words.get(typed) ?? []), word])]);
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    add('', first);
    if (second !== undefined) add(first, second);
    for (const option of optionsOf(command)) add(command.name, option);
  }
  return words;
}

function bash(commands: readonly Command[]): string {
  const cases = [...following(commands)].map(([typed, words]) => `    '${typed}') words='${words.join(' ')}' ;;`);
  return `_shoal() {
  local typed words current="\${COMP_WORDS[COMP_CWORD]}"
  typed="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$typed" in
${cases.join('\n')}
    *) case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${[...following(commands)]
  .filter(([typed]) => typed.includes(' '))
  .map(([typed, words]) => `      '${typed}') words='${words.join(' ')}' ;;`)
  .join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _shoal shoal
`;
}

const zsh = (commands: readonly Command[]) => `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;

function fish(commands: readonly Command[]): string {
  const lines = [...following(commands)].flatMap(([typed, words]) => {
    const [first, second] = typed.split(' ');
    const seen = second ?? first;
    const condition = seen ? `__fish_seen_subcommand_from ${seen}` : '__fish_use_subcommand';
    return `complete -c shoal -f -n '${condition}' -a '${words.join(' ')}'`;
  });
  return `${lines.join('\n')}\n`;
}

const SCRIPTS: ReadonlyMap<string, (commands: readonly Command[]) => string> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
]);
