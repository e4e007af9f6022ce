/** Who changed what, and when: written before a change is made and completed after it, so that none goes unrecorded. */
import * as z from 'zod';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { difference } from './difference.ts';

export const AUDIT_LIMIT_MAX = 200;

export const auditEvent = z.strictObject({
  id: z.string(),
  /** ISO 8601. */
  time: z.string(),
  /** Of the token: who. */
  subject: z.string(),
  /** Its id in the API's description. */
  operation: z.string(),
  /** Parameters of the path. */
  parameters: z.record(z.string(), z.string()),
  requestId: z.string(),
  /** What it was answered; null where nobody knows, because the function ended before it was done. */
  status: z.number().int().nullable(),
  /** What was changed, where the operation says so. */
  target: z.strictObject({ id: z.string(), name: z.string().optional() }).optional(),
  differences: z.array(difference).optional(),
  note: z.string().optional(),
});
export type AuditEvent = z.output<typeof auditEvent>;

export const listAuditEvents = z.strictObject({
  limit: z.coerce.number().int().min(1).max(AUDIT_LIMIT_MAX).default(50),
  /** The `next` of an earlier answer. */
  after: z.string().min(1).max(512).optional(),
  /** ISO 8601; events from then on. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** ISO 8601; events before then. */
  to: z.iso.datetime({ offset: true }).optional(),
});

export const auditEventList = z.strictObject({
  /** The newest first. */
  events: z.array(auditEvent).readonly(),
  next: z.string().nullable(),
});
export type AuditEventList = z.output<typeof auditEventList>;

export interface AuditPage {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditTrail {
  /** Again with the same id and time: replaces what was written before. */
  write(sandboxName: SandboxName, event: AuditEvent): Promise<void>;
  list(sandboxName: SandboxName, page: AuditPage): Promise<AuditEventList>;
}
