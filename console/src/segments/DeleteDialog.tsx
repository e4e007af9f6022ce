import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { Segment } from './find-segments.ts';

interface DeleteProps {
  readonly selected: readonly Segment[];
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

export function DeleteDialog({ selected, onClose, onDelete }: DeleteProps) {
  const { app, list } = useMessages();
  const count = selected.length;
  return (
    <Dialog
      role="alertdialog"
      title={list.deleteTitle(count, selected[0]?.name ?? '')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label={app.cancel} onPress={onClose} />
          <Button look="danger" label={list.deleteConfirm(count)} onPress={onDelete} />
        </>
      }
    >
      <p>{list.deleteWhat(count)}</p>
    </Dialog>
  );
}
