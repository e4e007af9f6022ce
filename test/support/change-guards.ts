import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { MemoryAuditTrail, MemoryIdempotencyKeys } from '#shared/memory/memory-change-guard.ts';

export interface MemoryGuard extends ChangeGuard {
  readonly audit: MemoryAuditTrail;
  /** Moves its clock, which stands still otherwise. */
  readonly pass: (milliseconds: number) => void;
}

export function memoryGuard(): MemoryGuard {
  let clock = 1_000_000;
  let ids = 0;
  const now = () => clock;
  return {
    audit: new MemoryAuditTrail(),
    keys: new MemoryIdempotencyKeys(now),
    now,
    newId: () => {
      ids += 1;
      return `event-${String(ids).padStart(6, '0')}`;
    },
    pass: (milliseconds) => {
      clock += milliseconds;
    },
  };
}
