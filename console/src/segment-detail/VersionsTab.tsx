import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { VersionList } from '#shared/api/segment-versions.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePermissions } from '../app/use-permissions.ts';
import { useMessages, useSpeech } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { tell } from '../ui/toasts.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { fieldNameOf } from './difference-words.ts';
import { useDetailMessages } from './use-detail-messages.ts';
import { useVersions, versionsKey } from './use-segment.ts';

type Entry = VersionList['versions'][number];

export function VersionsTab({ segment }: { readonly segment: Segment }) {
  const { versions: words } = useDetailMessages();
  const loaded = useVersions(segment.id);
  const [chosen, setChosen] = useState<number>();
  const entries = loaded.data?.pages.flatMap(({ versions }) => versions) ?? [];
  return (
    <Card title={words.title}>
      {loaded.isPending && <Waiting />}
      {loaded.isError && <FailureNotice error={loaded.error} onRetry={() => void loaded.refetch()} />}
      {entries.length > 0 && <VersionsTable segment={segment} entries={entries} onRollBack={setChosen} />}
      {loaded.hasNextPage && (
        <Button
          label={words.older}
          isDisabled={loaded.isFetchingNextPage}
          onPress={() => void loaded.fetchNextPage()}
        />
      )}
      {chosen !== undefined && (
        <RollBackDialog segment={segment} version={chosen} onClose={() => setChosen(undefined)} />
      )}
    </Card>
  );
}

interface TableProps {
  readonly segment: Segment;
  readonly entries: readonly Entry[];
  readonly onRollBack: (version: number) => void;
}

function VersionsTable({ segment, entries, onRollBack }: TableProps) {
  const { versions: words } = useDetailMessages();
  const { dateTime } = useSpeech();
  return (
    <PlainTable
      label={words.title}
      columns={(['version', 'what', 'who', 'when', 'actions'] as const).map((id) => ({ id, name: words.columns[id] }))}
      rows={entries.map((entry) => ({
        key: `${entry.version}`,
        cells: [
          <span key="version" className="line">
            {words.version(entry.version)}
            {entry.version === segment.version && <span className="tag">{words.current}</span>}
          </span>,
          <WhatChanged key="what" entry={entry} />,
          entry.updatedBy ?? words.unknown,
          dateTime(entry.updateTime),
          entry.version === segment.version ? (
            ''
          ) : (
            <VersionActions key="actions" segment={segment} version={entry.version} onRollBack={onRollBack} />
          ),
        ],
      }))}
    />
  );
}

function WhatChanged({ entry: { version, differences, note } }: { readonly entry: Entry }) {
  const { versions: words } = useDetailMessages();
  const { list } = useSpeech();
  const names = [...new Set(differences.map(({ path }) => fieldNameOf(path, words.fields)))];
  return (
    <div className="stack">
      <span>{version === 1 ? words.first : names.length === 0 ? words.nothing : list(names)}</span>
      {note !== undefined && <span className="muted">“{note}”</span>}
    </div>
  );
}

interface ActionsProps {
  readonly segment: Segment;
  readonly version: number;
  readonly onRollBack: (version: number) => void;
}

function VersionActions({ segment, version, onRollBack }: ActionsProps) {
  const { versions: words } = useDetailMessages();
  const can = usePermissions();
  return (
    <span className="line">
      <PageLink
        to="/segments/$id/versions/$a/$b"
        params={{ id: segment.id, a: `${version}`, b: `${segment.version}` }}
        look="text"
        label={words.compare}
        aria-label={words.compareOf(version)}
      />
      <Button
        size="small"
        label={words.rollBack}
        aria-label={words.rollBackOf(version)}
        isDisabled={!can('rollBackSegmentDefinition')}
        onPress={() => onRollBack(version)}
      />
    </span>
  );
}

interface DialogProps {
  readonly segment: Segment;
  readonly version: number;
  readonly onClose: () => void;
}

function RollBackDialog({ segment: { id, version: current }, version, onClose }: DialogProps) {
  const { app } = useMessages();
  const { versions: words } = useDetailMessages();
  const api = useApi();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      api.request<Segment>('POST', `/segment/definitions/${encodeURIComponent(id)}/rollback`, {
        body: { version, ...(note.trim() === '' ? {} : { note: note.trim() }) },
        ifMatch: `"${current}"`,
      }),
    onSuccess: (rolledBack) => {
      queries.setQueryData(['segment-detail', id], rolledBack);
      for (const queryKey of [versionsKey(id), SEGMENTS_KEY]) void queries.invalidateQueries({ queryKey });
      tell({ text: words.rolledBack(rolledBack.version) });
      onClose();
    },
  });
  return (
    <Dialog
      role="alertdialog"
      title={words.rollBackTitle(version)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label={app.cancel} onPress={onClose} />
          <Button
            look="primary"
            label={words.rollBackConfirm(version)}
            isDisabled={isPending}
            onPress={() => mutate()}
          />
        </>
      }
    >
      <p>{words.rollBackWhat(version)}</p>
      <TextBox label={words.note} value={note} onChange={setNote} />
      {error !== null && <FailureNotice error={error} />}
    </Dialog>
  );
}
