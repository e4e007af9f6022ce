import { useId, useMemo } from 'react';
import type { ProfileView } from '#shared/api/entities.ts';
import { titleOf } from '#shared/schema/field-schema.ts';
import { useSpeech } from '../messages/language.tsx';
import { valueText } from '../segment-detail/explanation-reading.ts';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { leavesOf, type Said, saidOf, wonBy } from './profile-reading.ts';
import { useMergePolicies } from './use-profile.ts';
import { useProfileMessages } from './use-profile-messages.ts';

interface Props {
  readonly view: ProfileView;
  readonly mergePolicyId: string | undefined;
  readonly onMergePolicy: (id: string | undefined) => void;
}

export function AttributesTab({ view, mergePolicyId, onMergePolicy }: Props) {
  const { attributes: words } = useProfileMessages();
  const hasComputed = Object.keys(view.computed).length > 0;
  return (
    <>
      <Card title={words.title}>
        <PolicyChoice mergePolicyId={mergePolicyId} onMergePolicy={onMergePolicy} />
        <Leaves label={words.title} attributes={view.attributes} sources={view.sources} />
      </Card>
      {hasComputed && (
        <Card title={words.computed}>
          <Leaves label={words.computed} attributes={view.computed} />
        </Card>
      )}
    </>
  );
}

/** The same person by another policy: where it differs, sources disagree. */
function PolicyChoice({ mergePolicyId, onMergePolicy }: Omit<Props, 'view'>) {
  const { attributes: words } = useProfileMessages();
  const id = useId();
  const policies = useMergePolicies().data?.children ?? [];
  if (policies.length < 2) return null;
  return (
    <div className="field">
      <label htmlFor={id}>{words.policy}</label>
      <select
        id={id}
        className="input"
        value={mergePolicyId ?? ''}
        onChange={({ target }) => onMergePolicy(target.value === '' ? undefined : target.value)}
      >
        <option value="">{words.policyDefault}</option>
        {policies.map((policy) => (
          <option key={policy.id} value={policy.id}>
            {policy.name}
          </option>
        ))}
      </select>
      <span className="about">{words.policyWhat}</span>
    </div>
  );
}

interface LeavesProps {
  readonly label: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sources?: ProfileView['sources'];
}

const COLUMNS = ['name', 'value', 'source', 'others', 'since', 'path'] as const;
const OF_SOURCES: ReadonlySet<string> = new Set(['source', 'others', 'since']);

/** Without sources, what was worked out of other things: it is nobody's word. */
function Leaves({ label, attributes, sources }: LeavesProps) {
  const { attributes: words } = useProfileMessages();
  const { date } = useSpeech();
  const said = useMemo(() => saidOf(sources ?? []), [sources]);
  const leaves = leavesOf(attributes);
  if (leaves.length === 0) return <p className="muted">{words.none}</p>;
  const shown = COLUMNS.filter((id) => sources !== undefined || !OF_SOURCES.has(id));
  return (
    <PlainTable
      label={label}
      columns={shown.map((id) => ({ id, name: words.columns[id] }))}
      rows={leaves.map(({ path, value }) => {
        const all = said.get(path) ?? [];
        const won = wonBy(all, value);
        const cells = {
          name: path.split('.').slice(-2).map(titleOf).join(' › '),
          value: value === null ? words.noValue : valueText(value),
          source: won?.dataset ?? '–',
          others: <Others key="others" said={all.filter((one) => one !== won)} />,
          since: won === undefined ? '–' : date(won.time),
          path: <code key="path">{path}</code>,
        };
        return { key: path, cells: shown.map((column) => cells[column]) };
      })}
    />
  );
}

/** What other data sets say, which the merge policy let lose. */
function Others({ said }: { readonly said: readonly Said[] }) {
  const { attributes: words } = useProfileMessages();
  if (said.length === 0) return '–';
  return (
    <span className="stack">
      {said.map(({ dataset, value }) => (
        <span key={dataset}>
          {value === null ? words.noValue : valueText(value)} <span className="muted">{dataset}</span>
        </span>
      ))}
    </span>
  );
}
