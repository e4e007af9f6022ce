/** What became of the request that first came with a key. */
import type { SandboxName } from '#shared/kernel/brand.ts';

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As JSON; absent where it was too long or too secret to be kept. */
  readonly body?: string;
}

export type FirstRequest =
  | { readonly kind: 'begun' }
  /** Without an answer it is still being worked on. */
  | { readonly kind: 'known'; readonly digest: string; readonly answer?: KeptAnswer };

export interface IdempotencyKeys {
  /** The first to come with a key begins, and has until then; everybody else learns what became of it. */
  begin(sandboxName: SandboxName, key: string, digest: string, until: number): Promise<FirstRequest>;
  /** Epoch milliseconds: until when the answer is kept. */
  finish(sandboxName: SandboxName, key: string, digest: string, answer: KeptAnswer, until: number): Promise<void>;
  /** Nothing was done: the key may be used again. */
  forget(sandboxName: SandboxName, key: string): Promise<void>;
}
