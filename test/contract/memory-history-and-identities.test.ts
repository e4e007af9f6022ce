import { describe } from 'vitest';
import { MemoryHistoryStore, MemoryIdentityStore } from '#shared/memory/memory-profile-stores.ts';
import { historyStoreContract } from './history-store.contract.ts';
import { erasedIdentitiesContract, identityStoreContract } from './identity-store.contract.ts';

describe('history', () => historyStoreContract(async () => new MemoryHistoryStore()));
describe('identities', () => {
  identityStoreContract(async () => new MemoryIdentityStore());
  erasedIdentitiesContract(async () => new MemoryIdentityStore());
});
