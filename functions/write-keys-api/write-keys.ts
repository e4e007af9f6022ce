import type { SandboxName } from '#shared/kernel/brand.ts';

export interface WriteKey {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface WriteKeys {
  create(sandboxName: SandboxName, writeKey: string, named: Omit<WriteKey, 'id'>): Promise<WriteKey>;
  list(sandboxName: SandboxName): Promise<readonly WriteKey[]>;
  /** False if the sandbox has no such key. */
  delete(sandboxName: SandboxName, id: string): Promise<boolean>;
}
