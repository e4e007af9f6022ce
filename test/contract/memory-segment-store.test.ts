import { MemorySegmentStore } from '#shared/memory/memory-segment-store.ts';
import { segmentStoreContract } from './segment-store.contract.ts';

segmentStoreContract(async () => new MemorySegmentStore());
