/** Which keys there are, where. */
import './dialogs.css';
import { keys as en } from '../messages/en-keys.ts';
import { keys as ko } from '../messages/ko-keys.ts';
import { useMessages } from '../messages/language.tsx';
import { useAreaMessages } from '../messages/use-area-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

const COMMAND = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

const PLACES = [
  {
    place: 'everywhere',
    keys: [
      [`${COMMAND} K`, 'palette'],
      ['?', 'help'],
    ],
  },
  {
    place: 'list',
    keys: [
      ['J  K', 'walk'],
      ['X', 'select'],
      ['Enter', 'open'],
      ['E', 'edit'],
      ['N', 'create'],
      ['/', 'search'],
    ],
  },
  {
    place: 'builder',
    keys: [
      ['↑  ↓', 'rows'],
      ['Alt ↑  Alt ↓', 'move'],
      ['Alt →  Alt ←', 'nest'],
      ['N', 'negate'],
      ['M', 'mode'],
      ['G', 'group'],
      ['F', 'find'],
      [`${COMMAND} Z  ${COMMAND} Y`, 'undo'],
      [`${COMMAND} S`, 'save'],
      [`${COMMAND} Enter`, 'publish'],
    ],
  },
  {
    place: 'charts',
    keys: [['←  →', 'points']],
  },
  { place: 'live', keys: [['Space', 'pause']] },
] as const;

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { app } = useMessages();
  const words = useAreaMessages({ en, ko });
  return (
    <Dialog
      title={words.title}
      isOpen
      onClose={onClose}
      width={720}
      actions={<Button look="primary" label={app.close} onPress={onClose} />}
    >
      <div className="key-places">
        {PLACES.map(({ place, keys }) => (
          <section key={place}>
            <h3>{words.places[place]}</h3>
            <dl className="keys-list">
              {keys.map(([pressed, does]) => (
                <div key={does}>
                  <dt>
                    <kbd>{pressed}</kbd>
                  </dt>
                  <dd>{words.does[does]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
