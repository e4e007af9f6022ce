import type { Firing, Schedule, ScheduleStore, ScheduleTimer, ScheduleTimers } from '#shared/schedule/schedule.ts';

const keyOf = (sandboxName: string, id: string) => `${sandboxName}#${id}`;

export class MemoryScheduleStore implements ScheduleStore {
  readonly #schedules = new Map<string, Schedule>();
  readonly #firings = new Map<string, Firing>();

  async find(sandboxName: string, id: string): Promise<Schedule | undefined> {
    return this.#schedules.get(keyOf(sandboxName, id));
  }

  async list(sandboxName: string): Promise<readonly Schedule[]> {
    return [...this.#schedules.values()].filter((schedule) => schedule.sandboxName === sandboxName);
  }

  async put(before: Schedule | undefined, after: Schedule): Promise<boolean> {
    const key = keyOf(after.sandboxName, after.id);
    if (this.#schedules.get(key)?.version !== before?.version) return false;
    this.#schedules.set(key, after);
    return true;
  }

  async delete({ sandboxName, id, version }: Schedule): Promise<boolean> {
    const key = keyOf(sandboxName, id);
    if (this.#schedules.get(key)?.version !== version) return false;
    return this.#schedules.delete(key);
  }

  async noteFiring(sandboxName: string, id: string, firing: Firing): Promise<void> {
    this.#firings.set(keyOf(sandboxName, id), firing);
  }

  async lastFiring(sandboxName: string, id: string): Promise<Firing | undefined> {
    return this.#firings.get(keyOf(sandboxName, id));
  }
}

export class MemoryScheduleTimers implements ScheduleTimers {
  readonly timers = new Map<string, ScheduleTimer>();

  async put(timer: ScheduleTimer): Promise<void> {
    this.timers.set(timer.name, timer);
  }

  async remove(name: string): Promise<void> {
    this.timers.delete(name);
  }
}
