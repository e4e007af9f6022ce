/** Every page, segment and command by a few letters of its name. */
import './dialogs.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { keys as en } from '../messages/en-keys.ts';
import { keys as ko } from '../messages/ko-keys.ts';
import { useMessages } from '../messages/language.tsx';
import { useAreaMessages } from '../messages/use-area-messages.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { type Command, findCommands, personIn } from './commands.ts';
import { useSurroundings } from './surroundings.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onKeys: () => void;
}

const PAGES = ['segments', 'profiles', 'propensity', 'live', 'settings'] as const;

function useCommands(onKeys: () => void): readonly Command[] {
  const { app } = useMessages();
  const { palette } = useAreaMessages({ en, ko });
  const { api, prefer, preferences } = useSurroundings();
  const navigate = useNavigate();
  const { data: segments } = useQuery({
    queryKey: SEGMENTS_KEY,
    queryFn: ({ signal }) => api.listSegments(signal),
  });
  return useMemo(() => {
    const isCompact = preferences.density === 'compact';
    const command = (id: string, name: string, run: () => void): Command => ({ id, kind: 'command', name, run });
    return [
      ...PAGES.map(
        (page): Command => ({ id: page, kind: 'page', name: app[page], run: () => void navigate({ to: `/${page}` }) }),
      ),
      command('create', palette.create, () => void navigate({ to: '/segments/new' })),
      command('keys', palette.keys, onKeys),
      command('light', palette.light, () => prefer({ theme: 'light' })),
      command('dark', palette.dark, () => prefer({ theme: 'dark' })),
      command('density', isCompact ? palette.comfortable : palette.compact, () =>
        prefer({ density: isCompact ? 'comfortable' : 'compact' }),
      ),
      ...(segments ?? []).map(
        ({ id, name }): Command => ({
          id,
          kind: 'segment',
          name,
          run: () => void navigate({ to: '/segments/$id', params: { id } }),
        }),
      ),
    ];
  }, [app, palette, preferences.density, prefer, navigate, segments, onKeys]);
}

export function CommandPalette({ onClose, onKeys }: Props) {
  const { app } = useMessages();
  const { palette } = useAreaMessages({ en, ko });
  const navigate = useNavigate();
  const commands = useCommands(onKeys);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const person = personIn(typed);
  const toPerson = (value: string): Command => ({
    id: 'person',
    kind: 'person',
    name: palette.person(value),
    run: () => void navigate({ to: '/profiles/$ns/$value', params: { ns: 'Email', value } }),
  });
  const found = [...(person === undefined ? [] : [toPerson(person)]), ...findCommands(commands, typed)];
  const choose = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      title={palette.title}
      isOpen
      onClose={onClose}
      width={560}
      actions={<Button label={app.close} onPress={onClose} />}
    >
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-found`}
        aria-activedescendant={found[at] === undefined ? undefined : `${id}-${at}`}
        aria-label={palette.ask}
        placeholder={palette.ask}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <Found id={id} found={found} at={at} onChoose={choose} />
      <p className={found.length === 0 ? 'muted' : 'visually-hidden'} role="status">
        {found.length === 0 ? palette.none : palette.found(found.length)}
      </p>
    </Dialog>
  );
}

interface FoundProps {
  readonly id: string;
  readonly found: readonly Command[];
  readonly at: number;
  readonly onChoose: (command: Command) => void;
}

function Found({ id, found, at, onChoose }: FoundProps) {
  const { palette } = useAreaMessages({ en, ko });
  return (
    <div className="palette" role="listbox" id={`${id}-found`} aria-label={palette.title} hidden={found.length === 0}>
      {found.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        <div
          key={`${command.kind} ${command.id}`}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className="palette-row"
          onClick={() => onChoose(command)}
        >
          <span>{command.name}</span>
          <span className="muted">{palette.kinds[command.kind]}</span>
        </div>
      ))}
    </div>
  );
}
