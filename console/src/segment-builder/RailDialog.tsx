/** The rail where there is no room for it beside the rule. */
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Rail } from './Rail.tsx';
import { AfterAddContext } from './use-add.ts';

/** What is chosen in it is added behind the row that had the focus, and it closes. */
export function RailDialog({ ownId, onClose }: { readonly ownId: string | undefined; readonly onClose: () => void }) {
  const builder = useBuilderMessages();
  const { app } = useMessages();
  return (
    <Dialog
      title={builder.rail.title}
      isOpen
      onClose={onClose}
      width={560}
      actions={<Button label={app.cancel} onPress={onClose} />}
    >
      <AfterAddContext value={onClose}>
        <Rail ownId={ownId} />
      </AfterAddContext>
    </Dialog>
  );
}
