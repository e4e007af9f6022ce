import { useId } from 'react';
import type { ProfileView } from '#shared/api/entities.ts';
import { titleOf } from '#shared/schema/field-schema.ts';
import { valueText } from '../segment-detail/explanation-reading.ts';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { leavesOf } from './profile-reading.ts';
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
        <Leaves label={words.title} attributes={view.attributes} />
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

function Leaves({
  label,
  attributes,
}: {
  readonly label: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}) {
  const { attributes: words } = useProfileMessages();
  const leaves = leavesOf(attributes);
  if (leaves.length === 0) return <p className="muted">{words.none}</p>;
  return (
    <PlainTable
      label={label}
      columns={(['name', 'value', 'path'] as const).map((id) => ({ id, name: words.columns[id] }))}
      rows={leaves.map(({ path, value }) => ({
        key: path,
        cells: [
          path.split('.').slice(-2).map(titleOf).join(' › '),
          value === null ? words.noValue : valueText(value),
          <code key="path">{path}</code>,
        ],
      }))}
    />
  );
}
