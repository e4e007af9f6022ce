import { describe } from 'vitest';
import { MemoryBackfillStore, MemoryJobStore, MemorySizeStore } from '#shared/memory/memory-job-stores.ts';
import { backfillStoreContract, sizeStoreContract } from './batch-stores.contract.ts';
import { jobStoreContract } from './job-store.contract.ts';

describe('jobs', () => jobStoreContract(async () => new MemoryJobStore()));
describe('walks', () => backfillStoreContract(async () => new MemoryBackfillStore()));
describe('sizes', () => sizeStoreContract(async () => new MemorySizeStore()));
