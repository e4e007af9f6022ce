/**
 * Batch jobs in a world: the production functions behind steps that are retried as a state machine retries them, racing
 * with events, publishes, cancellations and each other, and the walk that follows a publish.
 */
import { type AuditPorts, auditProfiles } from '#functions/audit-profiles/audit-profiles.ts';
import { evaluateRange } from '#functions/evaluate-range/evaluate-range.ts';
import { finishJob } from '#functions/finish-job/finish-job.ts';
import { planRanges } from '#functions/plan-ranges/plan-ranges.ts';
import { cancelJob } from '#functions/segment-jobs-api/cancel-job.ts';
import { redriveJob } from '#functions/segment-jobs-api/start-job.ts';
import { startJobs } from '#functions/start-jobs/start-jobs.ts';
import type { Backfill } from '#shared/batch/backfill.ts';
import { executionName, isOpen, type Job, type JobKey, type JobRun, newJob, runOf } from '#shared/batch/job.ts';
import { readResult } from '#shared/batch/job-store.ts';
import { MemoryExportFiles } from '#shared/memory/memory-export-files.ts';
import {
  MemoryBackfillStore,
  MemoryJobFiles,
  MemoryJobStore,
  MemoryProfileRanges,
  MemorySizeStore,
} from '#shared/memory/memory-job-stores.ts';
import { isSomebody, type ProfileKey } from '#shared/profile/profile-store.ts';
import type { WakeUp } from '#shared/profile/stream-record.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { Functions, Invoked } from './functions.ts';
import { isExpected } from './mapping.ts';
import type { Random } from './random.ts';
import { SANDBOX, type World } from './world.ts';

const RETRIES_MAX = 6;
const SETTINGS = { profilesPerSlice: 2, itemsPerPage: 1 };
const PASSES_MAX = 30;

/** What was merged into another profile is none. */
const livingIn = (profiles: World['profiles']) =>
  profiles.all().flatMap(([, stored]) => (isSomebody(stored) ? [stored] : []));

type Wake = (cause: WakeUp['cause'], key: ProfileKey) => void;

export class Batch {
  readonly jobs = new MemoryJobStore();
  readonly files = new MemoryJobFiles();
  readonly exports = new MemoryExportFiles();
  readonly backfills = new MemoryBackfillStore();
  readonly #world: World;
  readonly #random: Random;
  readonly #functions: Functions;
  readonly #wake: Wake;
  /** How many writes there were when the plan of each walk was made. */
  readonly #writesAtPlan = new Map<string, number>();
  readonly #executions = new Map<string, 'running' | 'ended'>();
  #ids = 0;

  constructor(world: World, random: Random, functions: Functions, wake: Wake) {
    this.#world = world;
    this.#random = random;
    this.#functions = functions;
    this.#wake = wake;
  }

  /** What an operator or a schedule asks for. */
  startJob(): void {
    const { definitions } = this.#world.rules;
    const some = definitions.filter(() => this.#random.chance(0.5)).map(({ id }) => id);
    const segmentIds = some.length === 0 || this.#random.chance(0.5) ? '*' : some;
    this.#world.scheduler.start(() => this.#create(segmentIds).then(() => {}));
  }

  async #create(segmentIds: Job['segmentIds']): Promise<JobKey> {
    const key: JobKey = { sandboxName: SANDBOX, kind: 'segment', jobId: this.#newId() };
    const job = newJob(key, { segmentIds, requestId: '', now: this.#world.scheduler.now });
    await this.jobs.create(job);
    // The process that made it may be gone before it starts it.
    if (this.#random.chance(0.8)) await this.#start(job);
    return key;
  }

  cancelSome(): void {
    this.#ofSegmentJobs(({ jobId }) => {
      if (!this.#random.chance(0.5)) return undefined;
      return (ports) => cancelJob({ sandbox: SANDBOX, pathParameters: { id: jobId } } as never, ports);
    });
  }

  redriveSome(): void {
    this.#ofSegmentJobs((job) => {
      if (isOpen(job) || job.status === 'SUCCEEDED') return undefined;
      return (ports) => redriveJob({ sandbox: SANDBOX, pathParameters: { id: job.jobId } } as never, ports);
    });
  }

  #ofSegmentJobs(choose: (job: Job) => ((ports: never) => Promise<unknown>) | undefined): void {
    this.#world.scheduler.start(async () => {
      for (const job of await this.jobs.list(SANDBOX, 'segment')) {
        const work = choose(job);
        if (work) await this.#try('segment-jobs-api', (invoked) => work(this.#apiPorts(invoked) as never));
      }
    });
  }

  /** What runs every minute. */
  lookAfterJobs(): void {
    const { scheduler } = this.#world;
    scheduler.start(() => this.#try('start-jobs', (invoked) => startJobs(this.#startPorts(invoked))));
  }

  /** Until every profile was seen to follow the rules and no job is open; what may be wrong with that, in words. */
  async comeToRest(deliver: () => Promise<void>): Promise<readonly string[]> {
    const { scheduler, pointer } = this.#world;
    for (let passes = 0; passes < PASSES_MAX; passes++) {
      this.lookAfterJobs();
      await scheduler.runUntilIdle();
      await deliver();
      const open = await this.jobs.listOpen();
      const backfill = await this.backfills.find(SANDBOX);
      if (open.length === 0 && (backfill?.verifiedVersion ?? 0) >= (pointer?.rulesVersion ?? 0)) return this.#verify();
      scheduler.advanceTo(scheduler.now + Math.max(61_000, (backfill?.nextPassAt ?? 0) - scheduler.now));
    }
    return ['the walk after a publish never ends, or a job never does'];
  }

  /** Nobody is behind, and a job over a world at rest counts exactly what is stored. */
  async #verify(): Promise<readonly string[]> {
    const { rules, profiles, scheduler } = this.#world;
    const stored = livingIn(profiles).map((each) => loadProfile(each).state);
    const behind = stored.filter(({ rulesVersion }) => rulesVersion < rules.rulesVersion).length;
    if (behind > 0) return [`${behind} profiles are behind the rules though the walk says that nobody is`];
    const key: JobKey = { sandboxName: SANDBOX, kind: 'segment', jobId: this.#newId() };
    const job = newJob(key, { segmentIds: '*', requestId: '', now: scheduler.now });
    await this.jobs.create(job);
    await this.#start(job);
    await scheduler.runUntilIdle();
    const result = await readResult(key, this.files);
    if (result === undefined) return [`the last job is ${(await this.jobs.find(key))?.status}`];
    const { totals } = result;
    const problems =
      totals.profiles === stored.length && totals.failed + totals.behind + totals.drifts === 0
        ? []
        : [`the last job of ${stored.length} profiles says ${JSON.stringify({ ...totals, definitions: undefined })}`];
    problems.push(...(await this.#audit()));
    return [...problems, ...(await this.#verifyDrift()), ...this.#verifyCounts(totals.definitions)];
  }

  /** The auditor finds nothing in a world that is right, at any pace and after any merge. */
  async #audit(): Promise<readonly string[]> {
    const { rules, profiles, history, scenario, scheduler } = this.#world;
    const compiled = compileRules(rules);
    const found: object[] = [];
    const ports: AuditPorts = {
      sandboxes: { published: async () => [{ sandboxName: SANDBOX, rulesVersion: rules.rulesVersion }] },
      ranges: new MemoryProfileRanges(profiles),
      profiles,
      history,
      rules: { current: async () => compiled },
      reads: { take: async () => {} },
      findings: {
        put: async (_name, content) => {
          found.push(content);
        },
      },
      now: () => scheduler.now,
      random: () => this.#random.next(),
    };
    await auditProfiles(ports, { retentionMs: scenario.retentionMs, profilesPerSandbox: 100 });
    return found.map(
      (content) => `an audit found ${JSON.stringify((content as { differences: unknown }).differences)}`,
    );
  }

  /** Whatever events, publishes and faults a job met: what is stored is never other than evaluation says. */
  async #verifyDrift(): Promise<readonly string[]> {
    const jobs = await this.jobs.list(SANDBOX, 'segment');
    const results = await Promise.all(jobs.map((job) => readResult(job, this.files)));
    return results.flatMap((result, index) =>
      result === undefined || result.totals.drifts === 0
        ? []
        : [`${jobs[index]?.jobId} found ${result.totals.drifts} memberships to differ from what was stored`],
    );
  }

  #verifyCounts(definitions: Readonly<Record<string, { realized: number; existing: number }>>): string[] {
    const { profiles, rules } = this.#world;
    const states = livingIn(profiles).map((each) => loadProfile(each));
    return rules.definitions.flatMap(({ ordinal }) => {
      // Who is due is counted as of the job's instant; the world's own check has looked at them.
      if (states.some(({ dueAt }) => dueAt !== undefined && dueAt <= this.#world.scheduler.now)) return [];
      const expected = states.filter(({ state }) => state.memberships.get(ordinal)?.status === 'realized').length;
      const { realized = 0, existing = 0 } = definitions[ordinal] ?? {};
      return realized + existing === expected
        ? []
        : [`${ordinal} has ${expected} members, a job says ${realized + existing}`];
    });
  }

  /** Nobody who was there when the walk began, and whom nothing has touched since, is behind. */
  #verifyClaim({ verifiedVersion, jobId = '' }: Backfill): void {
    const { profiles, problems } = this.#world;
    const touched = profiles.log.slice(this.#writesAtPlan.get(jobId)).map(({ key }) => key.profileId);
    for (const [{ profileId }, stored] of profiles.all()) {
      if (stored.parked || !isSomebody(stored) || touched.includes(profileId)) continue;
      if (loadProfile(stored).state.rulesVersion < verifiedVersion)
        problems.push(`${profileId} is behind version ${verifiedVersion}, which everybody was said to follow`);
    }
  }

  #newId = () => `job-${this.#ids++}`;

  /** A state machine goes on whatever becomes of the processes that do its steps. */
  #start = async (job: Job): Promise<void> => {
    const name = executionName(job);
    if (this.#executions.has(name)) return;
    this.#executions.set(name, 'running');
    this.#world.scheduler.start(() => this.#execute(runOf(job), name));
  };

  async #execute(key: JobRun, name: string): Promise<void> {
    try {
      this.#writesAtPlan.set(key.jobId, this.#world.profiles.log.length);
      const { ranges, plan } = await this.#step(`plan-ranges ${name}`, (invoked) =>
        planRanges(key, this.#planPorts(invoked)),
      );
      await Promise.all(Array.from({ length: ranges }, (_, range) => this.#evaluate(key, plan, range)));
      await this.#step(`finish-job ${name}`, (invoked) => finishJob(key, this.#finishPorts(invoked)));
    } catch (error) {
      if (!isExpected(error)) throw error;
      const failure = { Error: 'States.TaskFailed', Cause: (error as Error).message };
      await this.#try(`finish-job ${name}`, (invoked) => finishJob({ ...key, failure }, this.#finishPorts(invoked)));
    } finally {
      this.#executions.set(name, 'ended');
    }
  }

  async #evaluate(key: JobRun, plan: string, range: number): Promise<void> {
    const settings = { ...SETTINGS, retentionMs: this.#world.scenario.retentionMs };
    let from: string | null = null;
    do {
      const input: Parameters<typeof evaluateRange>[0] = { ...key, plan, range, from };
      ({ next: from } = await this.#step(`evaluate-range ${executionName(key)} ${range}`, (invoked) =>
        evaluateRange(input, this.#rangePorts(invoked), settings),
      ));
    } while (from !== null);
  }

  /** A process of its own for each, as one serves one request at a time. Tried again while it is the world that fails. */
  async #step<Output>(name: string, work: (invoked: Invoked) => Promise<Output>): Promise<Output> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#functions.invoke(name, work);
      } catch (error) {
        if (!isExpected(error) || attempt === RETRIES_MAX) throw error;
        await this.#world.scheduler.pause();
      }
    }
  }

  #try(name: string, work: (invoked: Invoked) => Promise<unknown>): Promise<void> {
    return this.#functions.invoke(name, work).then(
      () => {},
      (error: unknown) => {
        if (!isExpected(error) && (error as Error).name !== 'Problem') throw error;
      },
    );
  }

  #planPorts({ faulty, rules, now }: Invoked) {
    const ranges = { size: async () => 20_000 * (1 + this.#random.below(3)) };
    return { jobs: faulty(this.jobs), files: faulty(this.files), rules, ranges, now };
  }

  #finishPorts({ faulty, rules, now }: Invoked) {
    const put: MemoryBackfillStore['put'] = async (sandboxName, before, after) => {
      if (after.verifiedVersion > (before?.verifiedVersion ?? 0)) this.#verifyClaim(after);
      return this.backfills.put(sandboxName, before, after);
    };
    const backfills = faulty({ find: this.backfills.find.bind(this.backfills), put });
    const sizes = faulty(new MemorySizeStore());
    const exports = faulty(this.exports);
    return { jobs: faulty(this.jobs), files: faulty(this.files), backfills, sizes, exports, rules, now };
  }

  #startPorts({ faulty, now }: Invoked) {
    const { pointer } = this.#world;
    const sandboxes = { published: async () => (pointer ? [{ sandboxName: SANDBOX, ...pointer }] : []) };
    const state = async (job: Job) => this.#executions.get(executionName(job)) ?? ('none' as const);
    const executions = faulty({ start: this.#start, state });
    const stores = { jobs: faulty(this.jobs), backfills: faulty(this.backfills), sandboxes: faulty(sandboxes) };
    return { ...stores, executions, newId: this.#newId, now };
  }

  #apiPorts({ faulty, rules, now }: Invoked) {
    const executions = faulty({ start: this.#start });
    const sizes = new MemorySizeStore();
    return { jobs: faulty(this.jobs), files: faulty(this.files), sizes, rules, executions, newId: this.#newId, now };
  }

  #rangePorts({ faulty, rules, profiles, now }: Invoked) {
    const world = this.#world;
    const send = async (cause: WakeUp['cause'], keys: readonly ProfileKey[]) => {
      for (const key of keys) this.#wake(cause, key);
    };
    const free = { take: async () => {} };
    return {
      jobs: faulty(this.jobs),
      files: faulty(this.files),
      rules,
      ranges: faulty(new MemoryProfileRanges(world.profiles)),
      profiles,
      history: faulty(world.history),
      results: faulty(world.profiles.batch),
      exports: faulty(this.exports),
      wakeUps: faulty({ send }),
      reads: free,
      sends: free,
      now,
      nanoseconds: () => 0n,
      mustEnd: () => this.#random.chance(0.1),
    };
  }
}
