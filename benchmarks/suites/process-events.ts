/**
 * The whole behaviour of the function process-events: what an event costs in processor time, in write units and in money,
 * once a month of windows is filled.
 */
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { quantiles, round } from '../measure.ts';
import { publish } from '../rules.ts';
import { crmIdentity, Line } from '../stream/line.ts';
import { NO_UNITS, type Units } from '../stream/metered-stores.ts';
import { billPerMillion, PRICES } from '../stream/prices.ts';
import { type Block, blocksOf, identityOf, profileRecord, type Traffic } from '../stream/sessions.ts';
import type { Suite, SuiteOptions } from '../suite.ts';

const PROFILES = 400;
const SEGMENTS = 1000;
/** Share of the blocks that only fill the windows. */
const WARM_UP = 0.6;
const TARGETS = {
  eventsPerSecond: 5000,
  oneByOne: { writeUnitsPerEvent: 1.5, dollarsPerMillion: 1.2 },
  inRecordsOfTen: { writeUnitsPerEvent: 0.5, dollarsPerMillion: 0.45 },
};
const COMMON = { profiles: PROFILES, visitorsAtOnce: 40 };
const DELIVERIES: Readonly<Record<string, Omit<Traffic, 'seed'>>> = {
  oneByOne: { ...COMMON, sessions: 1200, eventsPerSession: 12, eventsPerRecord: 1 },
  inRecordsOfTen: { ...COMMON, sessions: 1200, eventsPerSession: 10, eventsPerRecord: 10 },
};

export const processEventsSuite: Suite = async (options) => {
  const { segments = SEGMENTS, seed, workload, progress } = options;
  const rules = publish(workload.makeSegments(segments, { seed: seed + 41 }));
  progress(`${segments} definitions over ${rules.leaves.size} leaves`);
  const figures: Record<string, object> = {};
  for (const [name, traffic] of Object.entries(DELIVERIES)) {
    for (const stores of ['memory', 'sdk'] as const) {
      const run = await runTraffic(rules, { ...traffic, seed }, stores, options);
      progress(`${name} through ${stores}: ${run.eventsPerSecond} events a second and processor`);
      figures[name] = { ...figures[name], [stores]: run };
    }
  }
  return { segments, targets: TARGETS, prices: PRICES, figures };
};

interface Totals {
  microseconds: number;
  timerMicroseconds: number;
  timers: number;
  events: number;
  records: number;
  bytes: number;
  batches: number;
}

const NO_TOTALS = (): Totals => ({
  microseconds: 0,
  timerMicroseconds: 0,
  timers: 0,
  events: 0,
  records: 0,
  bytes: 0,
  batches: 0,
});

async function runTraffic(
  rules: CompiledRules,
  traffic: Traffic,
  stores: 'memory' | 'sdk',
  { workload, progress }: SuiteOptions,
) {
  const line = new Line(rules);
  const people = workload.makeProfiles(traffic.profiles, traffic.seed);
  const blocks = blocksOf(workload, traffic);
  const measuredFrom = Math.floor(blocks.length * WARM_UP);
  let totals = NO_TOTALS();
  const timerUnits = NO_UNITS();
  const known = new Set<number>();
  for (const [index, block] of blocks.entries()) {
    if (index === measuredFrom) {
      // Newcomers would be billed with the events of those who are known.
      await introduce(
        line,
        people,
        people.map((_, pi) => pi),
        known,
        block.start,
      );
      if (stores === 'sdk') await line.useTransport(people.map((_, pi) => crmIdentity(identityOf(pi))));
      totals = NO_TOTALS();
      Object.assign(timerUnits, NO_UNITS());
      line.stores.units = NO_UNITS();
    }
    if (index < measuredFrom) await introduce(line, people, block.visitors, known, block.start);
    await playBlock(line, block, totals, timerUnits);
    if (index % 10 === 9) progress(`  ${index + 1} of ${blocks.length} rounds of visits`);
  }
  return summary(line, totals, timerUnits);
}

async function introduce(
  line: Line,
  people: readonly object[],
  wanted: readonly number[],
  known: Set<number>,
  at: number,
): Promise<void> {
  const newcomers = wanted.filter((pi) => !known.has(pi));
  for (const pi of newcomers) known.add(pi);
  await line.deliver(
    newcomers.map((pi) => profileRecord(pi, people[pi] as object, at)),
    at,
  );
}

async function playBlock(line: Line, block: Block, totals: Totals, timerUnits: Units): Promise<void> {
  await sweep(line, block.start, totals, timerUnits);
  for (const { at, records, events } of block.rounds) {
    await sweep(line, at, totals, timerUnits);
    totals.microseconds += await line.deliver(records, at);
    totals.events += events;
    totals.records += records.length;
    totals.batches += 1;
    for (const { length } of records) totals.bytes += length;
  }
}

/** What timers cost is told apart, and is part of what an event costs. */
async function sweep(line: Line, until: number, totals: Totals, timerUnits: Units): Promise<void> {
  const before = { ...line.stores.units };
  const { timers, microseconds } = await line.sweepUntil(until);
  totals.timers += timers;
  totals.timerMicroseconds += microseconds;
  for (const name of Object.keys(before) as (keyof Units)[]) timerUnits[name] += line.stores.units[name] - before[name];
}

function summary(line: Line, totals: Totals, timerUnits: Units) {
  const { events, microseconds, timerMicroseconds, timers, records, bytes, batches } = totals;
  const { units } = line.stores;
  const ofTimers = timerUnits.state + timerUnits.dueIndex + timerUnits.history;
  const all = units.state + units.dueIndex + units.history;
  // Every record reads its identity; a batch reads the pointer to the rules.
  const readUnits = (units.reads + records) / events + batches / events;
  const consumption = {
    writeUnits: all / events,
    readUnits,
    records: (records + timers) / events,
    bytes: bytes / events,
    processorMicroseconds: (microseconds + timerMicroseconds) / events,
    invocations: batches / events,
  };
  return {
    events,
    eventsPerSecond: Math.round(1e6 / (microseconds / events)),
    microsecondsPerEvent: round(microseconds / events),
    timers: { perEvent: round(timers / events), microsecondsEach: round(timerMicroseconds / Math.max(1, timers)) },
    writeUnitsPerEvent: {
      all: round(all / events),
      state: round((units.state - timerUnits.state) / events),
      dueIndex: round((units.dueIndex - timerUnits.dueIndex) / events),
      history: round((units.history - timerUnits.history) / events),
      timers: round(ofTimers / events),
    },
    stateBytes: quantiles(line.stores.profiles.all().map(([, { state }]) => state.length)),
    stateBytesOfWrites: quantiles(line.stores.writtenBytes),
    dollarsPerMillionEvents: billPerMillion(consumption),
  };
}
