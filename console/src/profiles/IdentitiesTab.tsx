import type { ProfileView } from '#shared/api/entities.ts';
import { Card } from '../ui/Card.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { useProfileMessages } from './use-profile-messages.ts';

export function IdentitiesTab({ view: { identities } }: { readonly view: ProfileView }) {
  const { identities: words } = useProfileMessages();
  return (
    <Card title={words.title}>
      {identities.length === 0 ? (
        <p className="muted">{words.none}</p>
      ) : (
        <PlainTable
          label={words.title}
          columns={(['id', 'namespace', 'role'] as const).map((id) => ({ id, name: words.columns[id] }))}
          rows={identities.map(({ namespace, id, primary }) => ({
            key: `${namespace}:${id}`,
            cells: [
              <PageLink
                key="id"
                to="/profiles/$ns/$value"
                params={{ ns: namespace, value: id }}
                look="text"
                label={id}
              />,
              namespace,
              primary ? words.primary : '',
            ],
          }))}
        />
      )}
    </Card>
  );
}
