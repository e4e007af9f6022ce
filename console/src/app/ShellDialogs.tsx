/** What opens over any page by a key: the keys themselves, and the command palette. Loaded when first asked for. */
import { lazy, Suspense, useCallback, useState } from 'react';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { useKey } from '../ui/use-key.ts';

const KeysDialog = lazy(async () => ({ default: (await import('./KeysDialog.tsx')).KeysDialog }));
const CommandPalette = lazy(async () => ({ default: (await import('./CommandPalette.tsx')).CommandPalette }));

export function ShellDialogs() {
  const { app } = useMessages();
  const [open, setOpen] = useState<'keys' | 'palette'>();
  const close = useCallback(() => setOpen(undefined), []);
  const showKeys = useCallback(() => setOpen('keys'), []);
  useKey('?', showKeys);
  useKey('k', () => setOpen('palette'), { withCommand: true });
  return (
    <>
      <Button look="quiet" icon="search" aria-label={app.commands} onPress={() => setOpen('palette')} />
      <Button look="quiet" label="?" aria-label={app.keys} onPress={showKeys} />
      {open !== undefined && (
        <Suspense>
          {open === 'keys' ? <KeysDialog onClose={close} /> : <CommandPalette onClose={close} onKeys={showKeys} />}
        </Suspense>
      )}
    </>
  );
}
