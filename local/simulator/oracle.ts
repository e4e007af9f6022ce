/** What must be true of one person's memberships at an instant, said by the plain evaluator over plain lists. */
import { type Checked, check, interpret, normalizeEvents, parse } from '#shared/pql/index.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import type { RulesArtifact, RulesDefinition } from '#shared/segment/rules.ts';
import type { SentProfileRecord } from './scenario.ts';

export interface Situation {
  readonly rules: RulesArtifact;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly StoredEvent[];
  readonly retentionMs: number;
}

const checkedByText = new Map<string, Checked>();

function checkedOf({ expression, timeZone }: RulesDefinition): Checked {
  const text = `${timeZone} ${expression}`;
  const known = checkedByText.get(text);
  if (known) return known;
  const parsed = parse(expression);
  if (!parsed.ok) throw new Error(`${expression}: ${JSON.stringify(parsed.error)}`);
  const { expression: checked } = check(parsed.value, defaultSchema, { mode: 'segment', timeZone });
  checkedByText.set(text, checked);
  return checked;
}

/** By ordinal, whether the person qualifies at the instant. */
export function qualifications(situation: Situation, now: number): (ordinal: number) => boolean {
  const { rules, attributes, events, retentionMs } = situation;
  const alive = normalizeEvents(events.filter(({ timestamp }) => timestamp > now - retentionMs));
  const known = new Map<number, boolean>();
  const inSegment = (reference: string): boolean => {
    const definition = rules.definitions.find(({ id, name }) => id === reference || name === reference);
    return definition !== undefined && qualifies(definition);
  };
  const qualifies = (definition: RulesDefinition): boolean => {
    const { ordinal, timeZone } = definition;
    const found = known.get(ordinal);
    if (found !== undefined) return found;
    const input = { profile: attributes, events: alive, now, inSegment };
    const value = interpret(checkedOf(definition), input, { mode: 'segment', timeZone }) === true;
    known.set(ordinal, value);
    return value;
  };
  return (ordinal) => {
    const definition = rules.definitions.find((each) => each.ordinal === ordinal);
    return definition !== undefined && qualifies(definition);
  };
}

/** Of every attribute the newest value; of one time the later data set's, of one data set the greater text. */
export function attributesOf(records: readonly SentProfileRecord[]): Readonly<Record<string, unknown>> {
  const claims = records.flatMap(({ datasetId, timestamp, attributes }) =>
    Object.entries(attributes).flatMap(([group, fields]) =>
      Object.entries(fields as object).map(([field, value]) => ({ group, field, value, datasetId, timestamp })),
    ),
  );
  const rank = ({ timestamp, datasetId, value }: (typeof claims)[number]) =>
    [String(timestamp).padStart(16, '0'), datasetId, JSON.stringify(value)].join(' ');
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { group, field, value } of claims.sort((left, right) => (rank(left) < rank(right) ? -1 : 1))) {
    merged[group] = { ...merged[group], [field]: value };
  }
  return merged;
}
