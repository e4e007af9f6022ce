/** Back to what is live. Asked once, and taken back by undo for as long as the page is open. */
import { useState } from 'react';
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

export function DiscardDraft({ onDiscard }: { readonly onDiscard: () => void }) {
  const { discarding } = useBuilderMessages();
  const { app } = useMessages();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button size="small" look="quiet" label={discarding.button} onPress={() => setAsking(true)} />
      <Dialog
        title={discarding.title}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        role="alertdialog"
        actions={
          <>
            <Button label={app.cancel} onPress={() => setAsking(false)} />
            <Button
              look="danger"
              label={discarding.button}
              onPress={() => {
                setAsking(false);
                onDiscard();
              }}
            />
          </>
        }
      >
        <p>{discarding.about}</p>
      </Dialog>
    </>
  );
}
