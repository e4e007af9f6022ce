import { MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import { profileStoreContract } from './profile-store.contract.ts';

profileStoreContract(async () => new MemoryProfileStore());
