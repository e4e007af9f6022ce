/** The audit trail and the idempotency keys for tests and the simulator: the same promises, kept in maps. */
import type { AuditEvent, AuditEventList, AuditPage, AuditTrail } from '#shared/api/audit.ts';
import type { FirstRequest, IdempotencyKeys, KeptAnswer } from '#shared/api/idempotency.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';

export class MemoryAuditTrail implements AuditTrail {
  readonly #events = new Map<string, AuditEvent>();

  async write(sandboxName: SandboxName, event: AuditEvent): Promise<void> {
    this.#events.set(`${sandboxName}#${event.time}-${event.id}`, event);
  }

  async list(sandboxName: SandboxName, { limit, after, from, to }: AuditPage): Promise<AuditEventList> {
    const placed = [...this.#events]
      .filter(([key]) => key.startsWith(`${sandboxName}#`))
      .map(([key, event]) => ({ place: key.slice(sandboxName.length + 1), event }))
      .filter(({ place }) => after === undefined || place < after)
      .filter(({ event }) => from === undefined || Date.parse(event.time) >= Date.parse(from))
      .filter(({ event }) => to === undefined || Date.parse(event.time) < Date.parse(to))
      .sort((left, right) => (left.place < right.place ? 1 : -1));
    const shown = placed.slice(0, limit);
    return {
      events: shown.map(({ event }) => event),
      next: placed.length > limit ? (shown.at(-1)?.place ?? null) : null,
    };
  }
}

interface Row {
  readonly digest: string;
  readonly until: number;
  readonly answer?: KeptAnswer;
}

export class MemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #rows = new Map<string, Row>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async begin(sandboxName: SandboxName, key: string, digest: string, until: number): Promise<FirstRequest> {
    const known = this.#rows.get(`${sandboxName}#${key}`);
    if (known !== undefined && known.until > this.#now()) {
      const { answer } = known;
      return { kind: 'known', digest: known.digest, ...(answer === undefined ? {} : { answer }) };
    }
    this.#rows.set(`${sandboxName}#${key}`, { digest, until });
    return { kind: 'begun' };
  }

  async finish(
    sandboxName: SandboxName,
    key: string,
    digest: string,
    answer: KeptAnswer,
    until: number,
  ): Promise<void> {
    this.#rows.set(`${sandboxName}#${key}`, { digest, answer, until });
  }

  async forget(sandboxName: SandboxName, key: string): Promise<void> {
    this.#rows.delete(`${sandboxName}#${key}`);
  }
}
