import { describe } from 'vitest';
import { MemoryFieldStore, MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import { fieldStoreContract, schemaStoreContract } from './schema-stores.contract.ts';

describe('schemas', () => schemaStoreContract(async () => new MemorySchemaStore()));
describe('fields', () => fieldStoreContract(async () => new MemoryFieldStore()));
