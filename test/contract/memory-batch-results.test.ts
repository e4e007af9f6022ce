import { MemoryBatchResults } from '#shared/memory/memory-batch-results.ts';
import { batchResultsStoreContract } from './batch-results-store.contract.ts';

batchResultsStoreContract(async () => new MemoryBatchResults());
