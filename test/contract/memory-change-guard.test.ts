import { MemoryAuditTrail, MemoryIdempotencyKeys } from '#shared/memory/memory-change-guard.ts';
import { auditTrailContract, idempotencyKeysContract } from './change-guard.contract.ts';

auditTrailContract(async () => new MemoryAuditTrail());
idempotencyKeysContract(async (now) => new MemoryIdempotencyKeys(now));
