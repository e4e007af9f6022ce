/** The act of publishing: what changes, who enters, who leaves; and nothing is overwritten that somebody else changed. */
import { useState } from 'react';
import { type ApiClient, ApiError } from '../api-client.ts';
import { useApi } from '../app/surroundings.tsx';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useTools } from './builder-context.tsx';
import { fromPql } from './from-pql.ts';
import { countingIds } from './model.ts';
import { Samples, Touches, useTouched } from './PublishDetails.tsx';
import { sentenceOf } from './sentence.ts';
import { dropServerDraft, publishServerDraft, type ServerDraft, saveServerDraft } from './server-draft.ts';
import { type Preview, usePreview } from './use-preview.ts';

interface Settled {
  readonly segment: Segment | undefined;
  readonly draft: ServerDraft | undefined;
}

interface Props {
  readonly name: string;
  readonly text: string;
  readonly segment: Segment | undefined;
  /** What the service has once a save that is under way is done. */
  readonly settled: () => Promise<Settled>;
  readonly seed: string;
  readonly onClose: () => void;
  readonly onPublished: (segment: Segment) => void;
}

/** So many, or this share, is more than a slip of the hand should send away. */
const LEAVING_MAX = 1000;
const LEAVING_SHARE_MAX = 0.2;

export function PublishDialog({ name, text, segment, settled, seed, onClose, onPublished }: Props) {
  const builder = useBuilderMessages();
  const { app } = useMessages();
  const { number } = useSpeech();
  const live = segment?.lifecycleState === 'published' ? segment : undefined;
  const preview = usePreview({ text, seed, compareWith: live?.id });
  const [note, setNote] = useState('');
  const { publish, isBusy, error, isConflict } = usePublish({ name, text, note, settled, onPublished });
  const [isUnderstood, setUnderstood] = useState(false);
  const leaving = leavingOf(preview);
  const touched = useTouched(segment);
  const isTold = touched.destinations.length > 0 && (leaving?.people ?? 0) > 0;
  const asks = live !== undefined && leaving !== undefined && (isMany(leaving) || isTold);
  const version = (segment?.version ?? 0) + 1;
  return (
    <Dialog
      title={builder.publishing.title(name)}
      isOpen
      onClose={onClose}
      width={640}
      actions={
        <>
          <Button label={app.cancel} onPress={onClose} />
          <Button
            look="primary"
            label={isConflict ? builder.publishing.keepMine : builder.publishing.confirm(version)}
            isDisabled={isBusy || (asks && !isUnderstood)}
            onPress={() => publish(isConflict)}
          />
        </>
      }
    >
      <Difference live={live} text={text} />
      <Sizes preview={preview} isCompared={live !== undefined} />
      <Samples preview={preview} />
      <Touches {...touched} changes={changesOf(preview, live !== undefined)} />
      <label className="note-line">
        {builder.publishing.note}
        <input
          value={note}
          maxLength={1000}
          placeholder={builder.publishing.noteHint}
          onChange={({ target }) => setNote(target.value)}
        />
      </label>
      {asks && (
        <label className="check-line">
          <input type="checkbox" checked={isUnderstood} onChange={() => setUnderstood(!isUnderstood)} />
          {builder.publishing.understood(number(leaving.people))}
        </label>
      )}
      {error !== undefined && (
        <p className="notice bad" role="alert">
          {isConflict ? builder.publishing.conflict : builder.publishing.notSaved(error)}
        </p>
      )}
    </Dialog>
  );
}

interface Publishing extends Pick<Props, 'name' | 'text' | 'settled' | 'onPublished'> {
  readonly note: string;
}

function usePublish({ settled, onPublished, ...words }: Publishing) {
  const api = useApi();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const publish = async (isForced: boolean) => {
    setBusy(true);
    try {
      onPublished(await published(api, words, await settled(), isForced));
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setBusy(false);
    }
  };
  const isConflict = error instanceof ApiError && error.status === 412;
  return { publish: (isForced: boolean) => void publish(isForced), isBusy, error: error?.message, isConflict };
}

type Words = Pick<Publishing, 'name' | 'text' | 'note'>;

/** What is live becomes its next version by the draft beside it; what never was live goes live as it is. */
async function published(api: ApiClient, words: Words, { segment, draft }: Settled, isForced: boolean) {
  const note = words.note.trim();
  if (segment?.lifecycleState === 'published') {
    const { id, version } = isForced ? (await api.findSegment(segment.id)).value : segment;
    const basedOnVersion = isForced ? version : (draft?.basedOnVersion ?? version);
    const kept = await saveServerDraft(api, id, words, { etag: draft?.etag, basedOnVersion });
    return publishServerDraft(api, id, kept, note);
  }
  const body = {
    name: words.name.trim(),
    expression: { type: 'PQL', format: 'pql/text', value: words.text },
    lifecycleState: 'published',
    ...(note === '' ? {} : { note }),
  } as const;
  if (segment === undefined) return (await api.createSegment(body)).value;
  const { value } = await api.changeSegment(segment.id, body, isForced ? undefined : `"${segment.version}"`);
  if (draft !== undefined) await dropServerDraft(api, segment.id);
  return value;
}

function Difference({ live, text }: { readonly live: Segment | undefined; readonly text: string }) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  if (live === undefined) return <p>{builder.publishing.first}</p>;
  const before = live.expression.value;
  if (before === text) return <p>{builder.publishing.nothing}</p>;
  const rowsOf = (pql: string): readonly string[] => {
    const read = fromPql(pql, countingIds('d'));
    if (!read.ok) return [pql];
    const { mode, children } = read.value;
    return [builder.sentence.peopleWho[mode], ...children.map((child) => sentenceOf(child, 'profile', wording))];
  };
  const [was, is] = [rowsOf(before), rowsOf(text)];
  return (
    <section className="difference">
      <h2>{builder.publishing.changed}</h2>
      <ul>
        {was
          .filter((row) => !is.includes(row))
          .map((row) => (
            <li key={row}>
              <del>{row}</del>
            </li>
          ))}
        {is
          .filter((row) => !was.includes(row))
          .map((row) => (
            <li key={row}>
              <ins>{row}</ins>
            </li>
          ))}
      </ul>
    </section>
  );
}

function Sizes({ preview, isCompared }: { readonly preview: Preview; readonly isCompared: boolean }) {
  const builder = useBuilderMessages();
  const { number } = useSpeech();
  const { estimate, isCounting, error } = preview;
  if (error !== undefined) return <p className="muted">{builder.panel.unavailable}</p>;
  if (estimate === undefined) return <p className="muted">{builder.panel.counting}</p>;
  const sign = (size: number) => (estimate.exact ? number(size) : builder.panel.estimate(size));
  const { difference } = estimate;
  return (
    <dl className={isCounting ? 'sizes old' : 'sizes'}>
      <dt>{builder.publishing.people}</dt>
      <dd>
        {difference !== undefined && `${sign(difference.before.estimatedSize)} → `}
        {sign(estimate.estimatedSize)}
      </dd>
      {isCompared && difference !== undefined && (
        <>
          <dd className="adds">{builder.publishing.enter(sign(difference.enter.estimatedSize))}</dd>
          <dd className="drops">{builder.publishing.leave(sign(difference.leave.estimatedSize))}</dd>
        </>
      )}
    </dl>
  );
}

interface Leaving {
  readonly people: number;
  readonly of: number;
}

function leavingOf({ estimate }: Preview): Leaving | undefined {
  const difference = estimate?.difference;
  return difference && { people: difference.leave.estimatedSize, of: difference.before.estimatedSize };
}

/** What never was live brings in everybody. */
function changesOf({ estimate }: Preview, isCompared: boolean) {
  if (estimate === undefined) return undefined;
  const { difference, estimatedSize } = estimate;
  if (!isCompared) return { enter: estimatedSize, leave: 0 };
  return difference && { enter: difference.enter.estimatedSize, leave: difference.leave.estimatedSize };
}

const isMany = ({ people, of }: Leaving): boolean =>
  people > LEAVING_MAX || (of > 0 && people / of > LEAVING_SHARE_MAX);
