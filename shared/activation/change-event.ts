/** A membership change as a destination is told of it: a CloudEvent with nothing in it that the destination may not see. */
import { type IdentityMap, toIdentityMap } from '#shared/profile/identity.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import type { Destination } from './destination.ts';

const CHANGE_TYPE = 'shoal.membership.changed';
const TEST_TYPE = 'shoal.destination.test';

export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: unknown;
}

/** Values of a profile by path, as expressions see them. */
export type AttributeReader = (path: string) => unknown;

/** Nobody outside is told what else a person refuses. */
type HiddenField = 'identities' | 'sandboxName' | 'repeated' | 'optOuts';

export interface ChangeData extends Omit<PublishedChange, HiddenField> {
  readonly identityMap: IdentityMap;
  /** By path; a path without a value is absent. As of the delivery, which may be later than the change. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export function changeEvent(
  change: PublishedChange,
  { identityNamespaces, attributes }: Pick<Destination, 'identityNamespaces' | 'attributes'>,
  read: AttributeReader | undefined,
): CloudEvent {
  const { identities, sandboxName, repeated: _, optOuts: __, ...told } = change;
  const shown = identities.filter(({ namespace }) => identityNamespaces.includes(namespace));
  const values = attributes.flatMap((path) => {
    const value = read?.(path);
    return value === undefined || value === null ? [] : [[path, value] as const];
  });
  const data: ChangeData = {
    ...told,
    identityMap: toIdentityMap(shown),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(values) }),
  };
  return {
    ...envelope(change.id, sandboxName, change.time),
    type: CHANGE_TYPE,
    subject: change.profileId,
    data,
  };
}

/** Says that the way is open, and nothing of anybody. */
export function testEvent(sandboxName: string, destinationId: string, id: string, time: string): CloudEvent {
  return { ...envelope(id, sandboxName, time), type: TEST_TYPE, data: { destinationId } };
}

const envelope = (id: string, sandboxName: string, time: string) => ({
  specversion: '1.0' as const,
  id,
  source: `shoal/${sandboxName}`,
  time,
  datacontenttype: 'application/json' as const,
});

/** The value at `a.b.c`, own properties only. */
export function valueAt(tree: unknown, path: string): unknown {
  let value = tree;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
