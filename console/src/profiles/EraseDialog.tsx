/** Erases a person. Nothing brings them back, so their identity is typed; what was done stands on a receipt. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SystemJob } from '#shared/api/system-jobs.ts';
import { useApi } from '../app/surroundings.tsx';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Progress } from '../ui/Progress.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { saveAsFile } from './export-profile.ts';
import type { Person } from './recent-people.ts';
import { useProfileMessages } from './use-profile-messages.ts';

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
}

const LOOK_MS = 1_000;
const isOver = ({ status }: SystemJob): boolean => status === 'COMPLETED' || status === 'ERROR';

export function EraseDialog({ person, onClose }: Props) {
  const { app } = useMessages();
  const { erase: words } = useProfileMessages();
  const api = useApi();
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const asked = useMutation({
    mutationFn: () =>
      api.request<SystemJob>('POST', '/system/jobs', {
        body: {
          action: 'delete_identity',
          identities: [{ namespace: person.ns, id: person.id }],
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
      }),
  });
  if (asked.data !== undefined) return <Receipt id={asked.data.id} onClose={onClose} />;
  return (
    <Dialog
      role="alertdialog"
      title={words.title(person.id)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label={app.cancel} onPress={onClose} />
          <Button
            look="danger"
            label={words.confirm}
            isDisabled={typed.trim() !== person.id || asked.isPending}
            onPress={() => asked.mutate()}
          />
        </>
      }
    >
      <p>{words.what}</p>
      <TextBox label={words.type(person.id)} value={typed} onChange={setTyped} />
      <TextBox label={words.reason} about={words.reasonAbout} value={reason} onChange={setReason} />
      {asked.error !== null && <FailureNotice error={asked.error} />}
    </Dialog>
  );
}

function Receipt({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { app } = useMessages();
  const { erase: words } = useProfileMessages();
  const api = useApi();
  const { data: job, error } = useQuery({
    queryKey: ['erasure', id],
    queryFn: ({ signal }) => api.request<SystemJob>('GET', `/system/jobs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isOver(data) ? false : LOOK_MS),
  });
  const receipt = job?.receipt;
  return (
    <Dialog
      title={receipt === undefined ? words.running : words.done}
      isOpen
      onClose={onClose}
      width={560}
      actions={
        <>
          {receipt !== undefined && <Button label={words.save} onPress={() => saveAsFile(`erasure-${id}.json`, job)} />}
          <Button look="primary" label={app.close} onPress={onClose} />
        </>
      }
    >
      <p className="muted">{words.job(id)}</p>
      {error !== null && <FailureNotice error={error} />}
      {receipt === undefined && job?.status !== 'ERROR' && (
        <>
          <p role="status">{words.steps[job?.step ?? 'find']}</p>
          <Progress label={words.running} share={undefined} />
        </>
      )}
      {job?.trouble !== undefined && <p className="notice">{job.trouble}</p>}
      {receipt !== undefined && <ReceiptFacts receipt={receipt} />}
    </Dialog>
  );
}

function ReceiptFacts({ receipt }: { readonly receipt: NonNullable<SystemJob['receipt']> }) {
  const { erase: words } = useProfileMessages();
  const { number, date } = useSpeech();
  const removed = Object.entries(receipt.removed).filter(([, count]) => count > 0);
  return (
    <dl className="facts">
      <dt>{words.removed}</dt>
      <dd>{removed.map(([where, count]) => `${where} ${number(count)}`).join(' · ') || words.nothing}</dd>
      <dt>{words.agesOut}</dt>
      <dd>
        <ul>
          {receipt.agesOut.map(({ where, what, until }) => (
            <li key={`${where} ${what}`}>{words.until(`${where}: ${what}`, date(Date.parse(until)))}</li>
          ))}
        </ul>
      </dd>
      <dt>{words.kept}</dt>
      <dd>
        <ul>
          {receipt.kept.map(({ where, what }) => (
            <li key={`${where} ${what}`}>{`${where}: ${what}`}</li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
