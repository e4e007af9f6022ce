/** Everybody's memberships from scratch: profiles as a segment job reads them, and the same people in other engines. */

import { duckDbCounter } from '../batch/duckdb.ts';
import { generatedCode } from '../batch/generated-code.ts';
import { type BatchKind, type Population, populationOf } from '../batch/people.ts';
import { evaluatorAlone, segmentJob } from '../batch/segment-job.ts';
import { sqliteCounter } from '../batch/sqlite.ts';
import type { Contender, Entry } from '../race.ts';
import type { Workload } from '../workload/model.ts';

export const JOB = 'shoal';
export const ALONE = 'shoal, conditions alone';
export const GENERATED = 'generated code';
export const SQLITE = 'sqlite';
export const DUCKDB = 'duckdb, one thread';

/** Engines whose cost does not grow with the number of people alone are given more of them. */
const PEOPLE: Readonly<Record<BatchKind, (count: number) => number>> = {
  attributes: (count) => Math.max(6_000, Math.min(50_000, Math.round(2_000_000 / count))),
  windows: () => 5_000,
};
/** All contenders count among so many. Those that go profile by profile look at no others. */
const COMPARED: Readonly<Record<BatchKind, (count: number) => number>> = {
  attributes: (count) => Math.max(250, Math.min(2_000, Math.round(250_000 / count))),
  windows: (count) => Math.max(100, Math.min(400, Math.round(10_000 / count))),
};
const PAGE = 25;

type Counts = readonly number[];

export async function prepareBatch(entry: Entry, workload: Workload): Promise<Contender> {
  const kind = entry.suite === 'batch windows' ? 'windows' : 'attributes';
  const { segments: count, seed } = entry;
  const people = PEOPLE[kind](count);
  const population = populationOf(workload, { kind, count, seed, people });
  const compared = COMPARED[kind](count);
  switch (entry.name) {
    case SQLITE: {
      const counter = sqliteCounter(population);
      return wholeTables(people, counter(people), counter(compared));
    }
    case DUCKDB: {
      const counter = await duckDbCounter(population);
      return wholeTables(people, await counter(people), await counter(compared));
    }
    case GENERATED: {
      const count = generatedCode(population);
      return byPage(compared, (from, to) =>
        count(population.profiles.slice(from, to), population.events.slice(from, to)),
      );
    }
    default:
      return byPage(compared, await shoalCounter(entry.name, population, compared));
  }
}

const shoalCounter = (name: string, population: Population, compared: number) =>
  name === ALONE ? evaluatorAlone(population) : segmentJob(population, compared);

function wholeTables(people: number, all: () => unknown, ofCompared: () => Counts | Promise<Counts>): Contender {
  const step = async () => {
    await all();
  };
  return { step, answer: async () => (await ofCompared()).join(' '), changes: () => 0, perStep: people };
}

function byPage(people: number, count: (from: number, to: number) => Counts | Promise<Counts>): Contender {
  const pages = Math.floor(people / PAGE);
  const step = async (index: number) => {
    const from = (index % pages) * PAGE;
    await count(from, from + PAGE);
  };
  return { step, answer: async () => (await count(0, people)).join(' '), changes: () => 0, perStep: PAGE };
}
