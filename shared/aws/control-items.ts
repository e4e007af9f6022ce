/** One commit as the items of one transaction, each with the condition that makes the whole safe. */
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { entryOf } from '#shared/segment/segment-entry.ts';
import type { SegmentCommit } from '#shared/segment/segment-store.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export interface CommitItem {
  /** What a failed condition says: that the definition, the name, the rules, the list or the destinations are no longer as read. */
  readonly guards: 'definition' | 'name' | 'rules' | 'entries' | 'destinations';
  readonly write: TransactItem;
}

/** No sandbox may be named so: it holds what belongs to the service as a whole. */
export const SERVICE_PARTITION = '#service';
/** Under it each sandbox that has rules, and their version: what the walk after a publish starts from. */
export const SANDBOX_PREFIX = 'SANDBOX#';

export const RULES_KEY = 'RULES';
export const DESTINATIONS_KEY = 'DESTINATIONS';
export const definitionKey = (id: string) => `SEG#${id}`;
export const versionKey = (id: string, version: number) => `SEG#${id}#V#${String(version).padStart(6, '0')}`;
export const draftKey = (id: string) => `SEG#${id}#DRAFT`;
export const nameKey = (name: string) => `NAME#${name}`;

export const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };

export function commitItems(commit: SegmentCommit, table: string): readonly CommitItem[] {
  return [
    ...definitionItems(commit, table),
    ...nameItems(commit, table),
    ...rulesItems(commit, table),
    ...draftItems(commit, table),
    ...destinationsItems(commit, table),
  ];
}

function definitionItems({ sandboxName: pk, before, after }: SegmentCommit, table: string): CommitItem[] {
  const unchanged = before === undefined ? ABSENT : hasVersion(before);
  if (after === undefined) {
    if (before === undefined) return [];
    const key = { pk, sk: definitionKey(before.id) };
    return [{ guards: 'definition', write: { Delete: { TableName: table, Key: key, ...unchanged } } }];
  }
  const { version } = after;
  const current = { pk, sk: definitionKey(after.id), version, definition: after };
  const kept = { pk, sk: versionKey(after.id, version), version, definition: after };
  return [
    { guards: 'definition', write: { Put: { TableName: table, Item: current, ...unchanged } } },
    { guards: 'definition', write: { Put: { TableName: table, Item: kept, ...ABSENT } } },
  ];
}

function nameItems({ sandboxName: pk, before, after }: SegmentCommit, table: string): CommitItem[] {
  const items: CommitItem[] = [];
  const isKept = before?.name === after?.name;
  if (before !== undefined && !isKept) {
    const Key = { pk, sk: nameKey(before.name) };
    items.push({ guards: 'definition', write: { Delete: { TableName: table, Key, ...ownedBy(before) } } });
  }
  if (after !== undefined) {
    const Item = { pk, sk: nameKey(after.name), entry: entryOf(after) };
    items.push({ guards: 'name', write: { Put: { TableName: table, Item, ...(isKept ? ownedBy(after) : ABSENT) } } });
  }
  return items;
}

export function rulesItems(
  { sandboxName: pk, rules }: Pick<SegmentCommit, 'sandboxName' | 'rules'>,
  table: string,
): CommitItem[] {
  if (rules === undefined) return [];
  const { previousVersion, next } = rules;
  const unchanged = previousVersion === 0 ? ABSENT : hasRules(previousVersion);
  const Item = { pk, sk: RULES_KEY, ...next };
  const { rulesVersion } = next;
  const published = { pk: SERVICE_PARTITION, sk: `${SANDBOX_PREFIX}${pk}`, rulesVersion };
  return [
    { guards: 'rules', write: { Put: { TableName: table, Item, ...unchanged } } },
    { guards: 'rules', write: { Put: { TableName: table, Item: published } } },
  ];
}

/** A definition that is deleted takes its draft along; one that is published from it must be the one that was read. */
function draftItems({ sandboxName: pk, before, after, draft }: SegmentCommit, table: string): CommitItem[] {
  const id = (before ?? after)?.id;
  if (id === undefined || (after !== undefined && draft === undefined)) return [];
  const unchanged = draft === undefined ? {} : hasRevision(draft);
  const Key = { pk, sk: draftKey(id) };
  return [{ guards: 'definition', write: { Delete: { TableName: table, Key, ...unchanged } } }];
}

/** Whoever begins to deliver what is taken away here is the other writer. */
export function destinationsItems(
  { sandboxName: pk, destinations }: Pick<SegmentCommit, 'sandboxName' | 'destinations'>,
  table: string,
): CommitItem[] {
  if (destinations === undefined) return [];
  const unchanged = destinations === 0 ? ABSENT : hasRevision(destinations);
  const check = { TableName: table, Key: { pk, sk: DESTINATIONS_KEY }, ...unchanged };
  return [{ guards: 'destinations', write: { ConditionCheck: check } }];
}

export const hasRevision = (revision: number) => ({
  ConditionExpression: 'revision = :revision',
  ExpressionAttributeValues: { ':revision': revision },
});

const ownedBy = ({ id }: SegmentDefinition) => ({
  ConditionExpression: 'entry.id = :id',
  ExpressionAttributeValues: { ':id': id },
});

const hasVersion = ({ version }: SegmentDefinition) => ({
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': version },
});

export const hasRules = (version: number) => ({
  ConditionExpression: 'rulesVersion = :version',
  ExpressionAttributeValues: { ':version': version },
});
