import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { fromFieldValue, toFieldValue } from '../ui/instants.ts';
import { TextBox } from '../ui/TextBox.tsx';
import type { ExplainSearch } from './detail-search.ts';
import { useDetailMessages } from './use-detail-messages.ts';

export const NAMESPACES: readonly string[] = ['Email', 'CRMID', 'ECID', 'Phone', 'userId', 'anonymousId'];

interface Props {
  readonly start?: ExplainSearch;
  readonly onAsk: (person: ExplainSearch) => void;
}

/** Whose membership is to be explained, and as of when. */
export function AskForm({ start = {}, onAsk }: Props) {
  const words = useDetailMessages();
  const [ns, setNs] = useState(start.ns ?? 'Email');
  const [id, setId] = useState(start.id ?? '');
  const [at, setAt] = useState(toFieldValue(start.at));
  const instant = fromFieldValue(at);
  return (
    <form
      className="ask"
      aria-label={words.ask.title}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk({ ns: ns.trim(), id: id.trim(), ...(instant === undefined ? {} : { at: instant }) });
      }}
    >
      <TextBox label={words.ask.namespace} value={ns} onChange={setNs} choices={NAMESPACES} required />
      <TextBox label={words.ask.id} value={id} onChange={setId} required />
      <TextBox label={words.ask.at} value={at} onChange={setAt} type="datetime-local" about={words.ask.now} />
      <Button type="submit" look="primary" label={words.ask.go} />
    </form>
  );
}
