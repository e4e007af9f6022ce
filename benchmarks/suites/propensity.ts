/**
 * How well outcomes are foretold, beside recency alone and regression alone, and what training and scoring take.
 * The two data sets are read where they lie and never part of the project: without them their figures are absent.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../suite.ts';
import { measureCdnow, readCdnow, TASKS } from './propensity/cdnow.ts';
import { measureScale } from './propensity/scale.ts';
import { measureTelco, readTelco } from './propensity/telco.ts';

const FOLDER = process.env.SHOAL_DATA ?? join(import.meta.dirname, '../../../shared/data');
const ROWS = 100_000;

export const propensity: Suite = async ({ seed, progress }) => ({
  areaUnderCurve: {
    telco: withFile('Telco-Customer-Churn.csv', progress, (path) => measureTelco(readTelco(path), seed)),
    cdnow: withFile('CDNOW_master.txt', progress, (path) => {
      const people = readCdnow(path);
      return TASKS.map((task) => {
        progress(task.name);
        return measureCdnow(people, task);
      });
    }),
  },
  scale: measureScaleAloud(seed, progress),
});

function measureScaleAloud(seed: number, progress: (line: string) => void) {
  progress(`training on ${ROWS.toLocaleString('en')} people`);
  return measureScale(ROWS, seed);
}

function withFile<Found>(name: string, progress: (line: string) => void, measure: (path: string) => Found) {
  const path = join(FOLDER, name);
  if (existsSync(path)) {
    progress(name);
    return measure(path);
  }
  progress(`${name} is not in ${FOLDER} (set SHOAL_DATA): left out`);
  return { absent: name };
}
