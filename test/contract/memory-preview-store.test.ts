import { MemoryPreviewStore } from '#shared/memory/memory-preview-store.ts';
import { previewStoreContract } from './preview-store.contract.ts';

previewStoreContract(async () => new MemoryPreviewStore());
