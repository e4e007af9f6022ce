import { prepareEvaluator } from './suites/evaluator-contenders.ts';
import { loadWorkload } from './workload/workload.ts';

const n = Number(process.argv[2] ?? 1000);
const w = await loadWorkload(undefined);
const t0 = process.cpuUsage();
const c = await prepareEvaluator(
  { suite: 'evaluator', name: 'shoal', segments: n, seed: 1, workloadPath: undefined },
  w,
);
const t1 = process.cpuUsage(t0);
console.log('prepare ms', (t1.user + t1.system) / 1000);
for (let i = 0; i < 512; i++) c.step(i);
const N = Number(process.argv[3] ?? 100000);
const a = process.cpuUsage();
const before = c.changes();
for (let i = 512; i < 512 + N; i++) c.step(i);
const b = process.cpuUsage(a);
console.log('us/event', (b.user + b.system) / N, 'changes', (c.changes() - before) / N);
