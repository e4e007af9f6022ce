/**
 * Run this when anything changes that an estimate rests on: how often the 95 % interval of a preview holds the truth, over
 * many previews of large made-up tables. Exits with 1 where it does so in less than 93 of 100.
 *
 *     npm run preview-trials -- --trials 1000 --rows 2000000 --seed 7
 */
import { parseArgs } from 'node:util';
import { madeTable, runTrials } from './preview-trials/trials.ts';

const SHARES = [0.7, 0.5, 0.2, 0.05, 0.01, 0.002, 0.0005];
const HELD_MIN = 0.93;

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});

let isHeld = true;
console.log(`${values.trials} previews of ${values.rows} profiles for each share, seed ${values.seed}`);
console.log('   share   interval holds the truth   profiles read on average');
for (const share of SHARES) {
  const table = madeTable(Number(values.rows), share, `${values.seed}-${share}`);
  const { held, trials, rowsRead } = runTrials(table, Number(values.trials), `${values.seed}-${share}`);
  console.log(`${String(share).padStart(8)}   ${((held / trials) * 100).toFixed(1).padStart(20)} %   ${rowsRead}`);
  isHeld &&= held / trials >= HELD_MIN;
}
process.exitCode = isHeld ? 0 : 1;
