/** What the suite `batch` compares must be the same thing: also where something is not known, under a negation too. */
import { expect, test } from 'vitest';
import { generatedCode } from '../../../benchmarks/batch/generated-code.ts';
import { type BatchKind, populationOf } from '../../../benchmarks/batch/people.ts';
import { evaluatorAlone, segmentJob } from '../../../benchmarks/batch/segment-job.ts';
import { sqliteCounter } from '../../../benchmarks/batch/sqlite.ts';
import { loadWorkload } from '../../../benchmarks/workload/workload.ts';

const PEOPLE = 60;

const populationFor = async (kind: BatchKind, seed: number) =>
  populationOf(await loadWorkload(undefined), { kind, count: 60, seed, people: PEOPLE });

test.each([1, 2, 3])('a segment job, generated code and SQL count the same over attributes (seed %i)', async (seed) => {
  const population = await populationFor('attributes', seed);
  const counts = await (await segmentJob(population, PEOPLE))(0, PEOPLE);

  expect(counts.filter((count) => count > 0 && count < PEOPLE).length).toBeGreaterThan(10);
  expect(await (await evaluatorAlone(population))(0, PEOPLE)).toEqual(counts);
  expect(generatedCode(population)(population.profiles, population.events)).toEqual(counts);
  expect(sqliteCounter(population)(PEOPLE)()).toEqual(counts);
});

test.each([1, 2, 3])('and over windows and sequences (seed %i)', async (seed) => {
  const population = await populationFor('windows', seed);
  const counts = await (await segmentJob(population, PEOPLE))(0, PEOPLE);

  expect(counts.filter((count) => count > 0 && count < PEOPLE).length).toBeGreaterThan(10);
  expect(generatedCode(population)(population.profiles, population.events)).toEqual(counts);
  expect(sqliteCounter(population)(PEOPLE)()).toEqual(counts);
});
