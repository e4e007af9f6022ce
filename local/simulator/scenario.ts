/**
 * A small world drawn from a seed before it runs: people, what they do and when it is sent, which rules hold, and what
 * goes wrong. Drawing decides everything but the order of steps.
 */
import { IDENTITIES_PER_PROFILE_MAX } from '#shared/profile/identity-graph.ts';
import type { RulesChange } from '#shared/segment/rules.ts';
import { drawCondition, MINUTES, MONTHS, type Windows } from './conditions.ts';
import type { Random } from './random.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** How fast the clock of a world runs. */
export interface Pace {
  readonly start: number;
  /** Between one event and the next. */
  readonly stepMs: number;
  readonly lateMsMax: number;
  readonly windows: Windows;
  /** Drawn from; the first is the default of production. */
  readonly retentionsMs: readonly number[];
  readonly tickMsMax: number;
  /** How long nothing happens now and then. */
  readonly idleMsMax: number;
}

/** Two hours before a month ends, where calendar windows flip. */
export const PACE_OF_MINUTES: Pace = {
  start: Date.UTC(2026, 1, 28, 22, 0, 0),
  stepMs: 4 * SECOND,
  lateMsMax: HOUR,
  windows: MINUTES,
  retentionsMs: [1096 * DAY, 1096 * DAY, 2 * 60 * SECOND],
  tickMsMax: 40,
  idleMsMax: 5 * HOUR,
};

/** Before summer time begins in some of the zones and ends in others. */
export const PACE_OF_DAYS: Pace = {
  start: Date.UTC(2026, 2, 2, 9, 0, 0),
  stepMs: 14 * HOUR,
  lateMsMax: 60 * DAY,
  windows: MONTHS,
  retentionsMs: [1096 * DAY, 25 * DAY, 70 * DAY],
  tickMsMax: 400,
  idleMsMax: 40 * DAY,
};

export interface SentIdentity {
  readonly namespace: string;
  readonly id: string;
}

/** Someone who does things under several names, and mostly under one or two of them at a time. */
export interface Person {
  readonly identities: readonly SentIdentity[];
}

export interface SentEvent {
  readonly kind: 'event';
  /** The primary one first. */
  readonly identities: readonly SentIdentity[];
  readonly event: Readonly<Record<string, unknown>> & { readonly _id: string; readonly timestamp: number };
}

export interface SentProfileRecord {
  readonly kind: 'profile';
  readonly identities: readonly SentIdentity[];
  readonly datasetId: string;
  readonly timestamp: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What no reader can make sense of. `marker` is part of it. */
export interface SentPoison {
  readonly kind: 'poison';
  readonly marker: string;
  readonly bytes: Uint8Array;
}

/** A record that asks to look at a profile that is nobody's. */
export interface ForgedWakeUp {
  readonly kind: 'forged';
}

export type Sent = SentEvent | SentProfileRecord | SentPoison | ForgedWakeUp;

export type Incident =
  | 'stop-sweeper'
  | 'start-sweeper'
  | 'stop-publisher'
  | 'start-publisher'
  | 'storm'
  | 'calm'
  | 'reshard-events'
  | 'reshard-changes'
  | 'spoil-profile'
  | 'heal-profiles'
  | 'redrive'
  | 'restart-everything'
  | 'expire-history'
  | 'send-again'
  | 'start-job'
  | 'cancel-jobs'
  | 'redrive-jobs'
  | 'look-after-jobs'
  | 'unmerge'
  | 'unmerge-loosely'
  | 'switch-graph'
  | 'erase'
  | 'look-after-erasures';

export type Occasion =
  | { readonly at: number; readonly kind: 'send'; readonly items: readonly Sent[] }
  | { readonly at: number; readonly kind: 'rules'; readonly change: RulesChange }
  | { readonly at: number; readonly kind: 'incident'; readonly incident: Incident };

/** Two years on end: calendar windows of every length pass, and what was kept grows old. */
export const TWENTY_FOUR_MONTHS: ScenarioSize = {
  pace: {
    ...PACE_OF_DAYS,
    stepMs: 36 * HOUR,
    idleMsMax: 20 * DAY,
    retentionsMs: [1096 * DAY, 400 * DAY, 95 * DAY],
  },
  people: 3,
  events: 420,
  rulesChanges: 24,
};

export interface Scenario {
  readonly pace: Pace;
  readonly retentionMs: number;
  readonly identitiesMax: number;
  readonly sent: readonly Sent[];
  /** In the order of their time. */
  readonly occasions: readonly Occasion[];
}

export interface ScenarioSize {
  readonly pace: Pace;
  readonly people: number;
  readonly events: number;
  readonly rulesChanges: number;
}

export function drawSize(random: Random): ScenarioSize {
  return {
    pace: random.chance(0.7) ? PACE_OF_MINUTES : PACE_OF_DAYS,
    people: 1 + random.below(3),
    events: 4 + random.below(random.chance(0.15) ? 110 : 30),
    rulesChanges: 2 + random.below(7),
  };
}

export function drawScenario(random: Random, { pace, people, events, rulesChanges }: ScenarioSize): Scenario {
  const everybody = Array.from({ length: people }, (_, index) => personOf(index, random));
  const sends: (Occasion & { kind: 'send' })[] = [];
  let at = pace.start;
  for (let index = 0; index < events; ) {
    const count = 1 + random.below(random.chance(0.1) ? 12 : 4);
    const items = Array.from({ length: count }, () => drawItem(random, everybody, { index: index++, at, pace }));
    sends.push({ at, kind: 'send', items });
    at += count * random.below(2 * pace.stepMs) + (random.chance(0.04) ? random.below(pace.idleMsMax) : 0);
  }
  const between = () => pace.start + random.below(at - pace.start + 1);
  const rules = drawRulesChanges(random, pace.windows, rulesChanges).map((change, index): Occasion => {
    return { at: index < 2 ? pace.start : 0, kind: 'rules', change };
  });
  const times = rules.map(({ at }) => at || between()).sort((left, right) => left - right);
  const occasions: Occasion[] = [
    ...rules.map((occasion, index) => ({ ...occasion, at: times[index] as number })),
    ...sends,
    ...drawIncidents(random, between),
    ...drawBatchIncidents(random, between),
    ...drawErasures(random, between),
  ];
  return {
    pace,
    retentionMs: random.pick(pace.retentionsMs),
    identitiesMax: random.pick([IDENTITIES_PER_PROFILE_MAX, IDENTITIES_PER_PROFILE_MAX, 3]),
    sent: sends.flatMap(({ items }) => items),
    occasions: occasions.sort((left, right) => left.at - right.at),
  };
}

const NAMESPACES = ['CRMID', 'ECID', 'Email', 'ECID', 'Phone'];

const personOf = (index: number, random: Random): Person => ({
  identities: NAMESPACES.slice(0, 2 + random.below(NAMESPACES.length - 1)).map((namespace, number) => ({
    namespace,
    id: `${namespace.toLowerCase()}-${index}-${number}`,
  })),
});

/** One name, two that belong together, or now and then that of somebody else: then both are one person from now on. */
function drawIdentities(random: Random, people: readonly Person[]): readonly SentIdentity[] {
  const { identities } = random.pick(people);
  const first = random.pick(identities);
  if (random.chance(0.45)) return [first];
  const others = random.chance(0.03) ? random.pick(people).identities : identities;
  return [...new Set([first, random.pick(others), ...(random.chance(0.1) ? [random.pick(others)] : [])])];
}

interface Moment {
  readonly index: number;
  readonly at: number;
  readonly pace: Pace;
}

function drawItem(random: Random, people: readonly Person[], moment: Moment): Sent {
  if (random.chance(0.03)) return drawPoison(random, `poison-${moment.index}`);
  if (random.chance(0.02)) return { kind: 'forged' };
  const identities = drawIdentities(random, people);
  if (random.chance(0.1)) return drawProfileRecord(random, identities, moment);
  return { kind: 'event', identities, event: drawEvent(random, moment) };
}

function drawEvent(random: Random, { index, at, pace }: Moment): SentEvent['event'] {
  const late = random.chance(0.2) ? random.below(pace.lateMsMax) : random.below(4 * pace.stepMs);
  const ahead = random.chance(0.08) ? random.pick([90 * SECOND, 20 * 60 * SECOND, 2 * pace.stepMs]) : 0;
  return {
    _id: `e${index}`,
    timestamp: at + (ahead > 0 ? ahead : -late),
    eventType: random.pick(['view', 'view', 'buy', 'search']),
    sku: `s${random.below(4)}`,
    price: random.below(20) + (random.chance(0.3) ? 0.1 : 0),
    note: 'x'.repeat(random.chance(0.1) ? 400 : random.below(20)),
  };
}

function drawProfileRecord(
  random: Random,
  identities: readonly SentIdentity[],
  { index, at, pace }: Moment,
): SentProfileRecord {
  const late = random.chance(0.3) ? random.below(20 * pace.stepMs) : 0;
  // No two of one time: which of two is the stronger is a matter of the merge policy's own tests.
  const timestamp = at - late - index;
  const upgradeDate = new Date(at - random.below(4 * pace.stepMs)).toISOString();
  const attributes = random.pick([
    { loyalty: { points: random.below(100) } },
    { loyalty: { tier: random.pick(['gold', 'silver']) } },
    { loyalty: { upgradeDate } },
    { loyalty: { points: random.below(100), tier: 'gold' }, person: { gender: 'female' } },
  ]);
  return { kind: 'profile', identities, datasetId: random.pick(['crm', 'shop']), timestamp, attributes };
}

function drawPoison(random: Random, marker: string): SentPoison {
  const encode = (text: string) => new TextEncoder().encode(text);
  const bytes = random.pick([
    encode(`{"_id":"${marker}"`),
    encode(`${marker} is no JSON`),
    encode(`{"_id":"${marker}","timestamp":"yesterday","identityMap":{"CRMID":[{"id":"crm-0"}]}}`),
    encode(`{"_id":"${marker}","timestamp":1,"identityMap":{}}`),
    encode(`{"note":"${marker}","timestamp":1,"identityMap":{"CRMID":[{"id":"crm-0"}]}}`),
    encode(`{"recordType":"timer","profileId":"${marker}!"}`),
    encode(`"${marker}"`),
    Uint8Array.of(0xff, ...encode(marker)),
  ]);
  return { kind: 'poison', marker, bytes };
}

/** What comes in pairs ends again; all of it ends when the world comes to rest. */
const INCIDENTS: readonly (readonly Incident[])[] = [
  ['stop-sweeper', 'start-sweeper'],
  ['stop-publisher', 'start-publisher'],
  ['storm', 'calm'],
  ['spoil-profile', 'heal-profiles', 'redrive'],
  ['redrive'],
  ['reshard-events'],
  ['reshard-events'],
  ['reshard-changes'],
  ['restart-everything'],
  ['expire-history'],
  ['send-again'],
  ['send-again'],
  ['unmerge'],
  ['unmerge'],
  ['unmerge-loosely'],
  ['switch-graph'],
  ['switch-graph', 'switch-graph'],
];

function drawIncidents(random: Random, between: () => number): readonly Occasion[] {
  return Array.from({ length: random.below(8) }, () => random.pick(INCIDENTS)).flatMap((incidents) => {
    const times = incidents.map(between).sort((left, right) => left - right);
    return incidents.map((incident, index): Occasion => ({ at: times[index] as number, kind: 'incident', incident }));
  });
}

const BATCH_INCIDENTS: readonly Incident[] = [
  'start-job',
  'start-job',
  'look-after-jobs',
  'look-after-jobs',
  'cancel-jobs',
  'redrive-jobs',
];

/** In some worlds only, so that the others keep all that they are told. */
function drawErasures(random: Random, between: () => number): readonly Occasion[] {
  if (!random.chance(0.5)) return [];
  const incidents: readonly Incident[] = ['erase', 'look-after-erasures', 'look-after-erasures'];
  return Array.from({ length: 1 + random.below(3) }, () => incidents)
    .flat()
    .map((incident) => ({ at: between(), kind: 'incident', incident }));
}

const drawBatchIncidents = (random: Random, between: () => number): readonly Occasion[] =>
  Array.from({ length: random.below(7) }, () => {
    return { at: between(), kind: 'incident', incident: random.pick(BATCH_INCIDENTS) };
  });

const ZONES = [undefined, undefined, 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'];
const SEGMENTS = 6;

/** Definitions as they are published, edited and deleted. One reads only those of lower numbers, so there is no loop. */
export function drawRulesChanges(random: Random, windows: Windows, count: number): readonly RulesChange[] {
  const references = new Map<number, number | undefined>();
  const changes: RulesChange[] = [];
  for (let index = 0; index < count; index++) {
    const number = random.below(SEGMENTS);
    const id = `segment-${number}`;
    const isRead = [...references.values()].includes(number);
    if (references.has(number) && !isRead && random.chance(0.3)) {
      references.delete(number);
      changes.push({ kind: 'delete', id });
      continue;
    }
    const readable = [...references.keys()].filter((other) => other < number);
    const reference = readable.length > 0 && random.chance(0.35) ? random.pick(readable) : undefined;
    references.set(number, reference);
    const expression = drawExpression(random, windows, reference);
    const timeZone = random.pick(ZONES);
    changes.push({ kind: 'put', definition: { id, name: id, version: index + 1, expression, timeZone } });
  }
  return changes;
}

function drawExpression(random: Random, windows: Windows, reference: number | undefined): string {
  const first = drawCondition(windows, random);
  if (reference !== undefined) {
    return `inSegment("segment-${reference}") ${random.pick(['and', 'or', 'and not'])} (${first})`;
  }
  if (random.chance(0.6)) return first;
  return `(${first}) ${random.pick(['and', 'or', 'and not'])} (${drawCondition(windows, random)})`;
}
