/**
 * EventBridge Scheduler: schedules in groups, and a timer for each that is enabled. Nothing is due before the scheduler
 * is started; what came due while the runner was down is not made up for, except what is due only once.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ACCOUNT, arnOf, REGION } from '../../aws-account.ts';
import { AwsError, type Input } from '../aws-json.ts';
import { checkName, occurrencesOf, type Schedule, scheduleSettings, type Target } from './schedule.ts';

export interface ScheduleGroup {
  readonly Arn: string;
  readonly Name: string;
  readonly State: 'ACTIVE';
  readonly CreationDate: number;
  readonly LastModificationDate: number;
}

export interface SchedulerPorts {
  now(): number;
  /** Refuses, by throwing, a target that can't be called here. */
  checkTarget(target: Target): void;
  deliver(target: Target, input: string): Promise<void>;
  onError(place: string, error: unknown): void;
}

interface Entry {
  readonly schedule: Schedule;
  /** By which request it was made: the same request again is no conflict. */
  readonly token?: string | undefined;
  /** What it was last due for. */
  readonly lastDue?: number | undefined;
}

interface Kept {
  readonly entries: readonly Entry[];
  readonly groups: readonly ScheduleGroup[];
}

const DEFAULT_GROUP = 'default';
/** Longer timers overflow and fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #file: string | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #groups = new Map<string, ScheduleGroup>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Made in this run, and not due yet: a rate begins with its making. */
  readonly #fresh = new Set<string>();
  #isStarted = false;

  /** `file` keeps schedules from one run to the next. */
  constructor(ports: SchedulerPorts, file?: string) {
    this.#ports = ports;
    this.#file = file;
    if (file !== undefined && existsSync(file)) {
      const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
      for (const group of kept.groups) this.#groups.set(group.Name, group);
      for (const entry of kept.entries) this.#entries.set(keyOf(entry.schedule), entry);
    }
    this.ensureGroup(DEFAULT_GROUP);
  }

  start(): void {
    this.#isStarted = true;
    for (const key of this.#entries.keys()) this.#startTimer(key);
  }

  stop(): void {
    this.#isStarted = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  create(name: string, input: Input): Schedule {
    const GroupName = String(input.GroupName ?? DEFAULT_GROUP);
    this.group(GroupName);
    const key = `${GroupName}/${checkName(name)}`;
    const token = input.ClientToken as string | undefined;
    const existing = this.#entries.get(key);
    if (existing && token !== undefined && existing.token === token) return existing.schedule;
    if (existing) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    const now = this.#ports.now() / 1000;
    const made = { Arn: arnOf('scheduler', `schedule/${key}`), Name: name, GroupName };
    const dates = { CreationDate: now, LastModificationDate: now };
    this.#fresh.add(key);
    return this.#put({ schedule: { ...made, ...dates, ...scheduleSettings(input) }, token });
  }

  /** Everything is as the request says; what it leaves out is as if it had never been. */
  update(name: string, input: Input): Schedule {
    const key = keyOf(this.find(name, input.GroupName as string | undefined));
    const { schedule, token } = this.#entries.get(key) as Entry;
    const { Arn, GroupName, CreationDate } = schedule;
    const made = { Arn, Name: name, GroupName, CreationDate, LastModificationDate: this.#ports.now() / 1000 };
    this.#fresh.delete(key);
    return this.#put({ schedule: { ...made, ...scheduleSettings(input) }, token });
  }

  find(name: string, group: string = DEFAULT_GROUP): Schedule {
    const found = this.#entries.get(`${group}/${name}`);
    if (found) return found.schedule;
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  }

  delete(name: string, group?: string): void {
    const key = keyOf(this.find(name, group));
    this.#entries.delete(key);
    this.#stopTimer(key);
    this.#save();
  }

  /** By group and name. */
  list(): readonly Schedule[] {
    const all = [...this.#entries.values()].map(({ schedule }) => schedule);
    return all.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  groups(): readonly ScheduleGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  group(name: string): ScheduleGroup {
    const found = this.#groups.get(name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  }

  createGroup(name: string): ScheduleGroup {
    if (!this.#groups.has(checkName(name))) return this.ensureGroup(name);
    throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
  }

  ensureGroup(name: string): ScheduleGroup {
    const existing = this.#groups.get(name);
    if (existing) return existing;
    const now = this.#ports.now() / 1000;
    const Arn = arnOf('scheduler', `schedule-group/${name}`);
    const group: ScheduleGroup = { Arn, Name: name, State: 'ACTIVE', CreationDate: now, LastModificationDate: now };
    this.#groups.set(name, group);
    this.#save();
    return group;
  }

  /** With all that is in it. */
  deleteGroup(name: string): void {
    this.group(name);
    if (name === DEFAULT_GROUP) throw new AwsError('ValidationException', 'The default group cannot be deleted.');
    for (const schedule of this.list().filter(({ GroupName }) => GroupName === name)) this.delete(schedule.Name, name);
    this.#groups.delete(name);
    this.#save();
  }

  #put(entry: Entry): Schedule {
    const { schedule } = entry;
    occurrencesOf(schedule);
    this.#ports.checkTarget(schedule.Target);
    this.#entries.set(keyOf(schedule), entry);
    this.#save();
    if (this.#isStarted) this.#startTimer(keyOf(schedule));
    return schedule;
  }

  #startTimer(key: string): void {
    this.#stopTimer(key);
    const { schedule, lastDue } = this.#entries.get(key) as Entry;
    if (schedule.State === 'DISABLED') return;
    const made = schedule.LastModificationDate * 1000 - 1;
    const isOnce = schedule.ScheduleExpression.startsWith('at(');
    const after = isOnce || this.#fresh.has(key) ? (lastDue ?? made) : Math.max(lastDue ?? 0, this.#ports.now());
    this.#wait(key, occurrencesOf(schedule)(after));
  }

  #stopTimer(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  #wait(key: string, due: number | undefined): void {
    if (due === undefined) return;
    const left = Math.max(0, due - this.#ports.now());
    const onTime = () => (left > TIMER_MS_MAX ? this.#wait(key, due) : this.#fire(key, due));
    this.#timers.set(key, setTimeout(onTime, Math.min(left, TIMER_MS_MAX)));
  }

  #fire(key: string, due: number): void {
    const entry = this.#entries.get(key) as Entry;
    const { schedule } = entry;
    const { Target, Name, GroupName, ActionAfterCompletion } = schedule;
    this.#ports
      .deliver(Target, inputOf(schedule, due))
      .catch((error) => this.#ports.onError(`schedule ${Name}`, error));
    this.#fresh.delete(key);
    const next = occurrencesOf(schedule)(due);
    if (next === undefined && ActionAfterCompletion === 'DELETE') {
      this.delete(Name, GroupName);
      return;
    }
    this.#entries.set(key, { ...entry, lastDue: due });
    this.#save();
    this.#wait(key, next);
  }

  #save(): void {
    if (this.#file === undefined) return;
    const kept: Kept = { entries: [...this.#entries.values()], groups: this.groups() };
    writeFileSync(`${this.#file}.next`, JSON.stringify(kept));
    renameSync(`${this.#file}.next`, this.#file);
  }
}

const keyOf = ({ GroupName, Name }: Schedule) => `${GroupName}/${Name}`;

/** With what the service tells of the invocation in place of the names that stand for it. */
function inputOf(schedule: Schedule, due: number): string {
  const time = new Date(due).toISOString().replace('.000Z', 'Z');
  const executionId = randomUUID();
  const known: Readonly<Record<string, string>> = {
    'schedule-arn': schedule.Arn,
    'scheduled-time': time,
    'execution-id': executionId,
    'attempt-number': '1',
  };
  const given = schedule.Target.Input ?? JSON.stringify(defaultInput(schedule, time, executionId));
  return given.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => known[name] ?? whole);
}

function defaultInput({ Arn }: Schedule, time: string, id: string): object {
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [Arn],
    detail: '{}',
  };
}
