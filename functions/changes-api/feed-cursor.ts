/** Where a reader of the feed is: one position a shard. Opaque to the reader, and of one sandbox only. */
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';

/** Bounds what a forged cursor may ask for. */
export const CURSOR_SHARDS_MAX = 64;
const CURSOR_LENGTH_MAX = 2048;

/** Shards that were added since start at their beginning; shards that were taken away are read to their end. */
export function readCursor(text: string | undefined, sandboxName: SandboxName, shards: number): readonly number[] {
  const positions = text === undefined ? [] : decode(text, sandboxName);
  return Array.from({ length: Math.max(shards, positions.length) }, (_, shard) => positions[shard] ?? 0);
}

export function writeCursor(positions: readonly number[], sandboxName: SandboxName): string {
  return Buffer.from(JSON.stringify([sandboxName, ...positions])).toString('base64url');
}

function decode(text: string, sandboxName: SandboxName): readonly number[] {
  const [sandbox, ...positions] = parse(text);
  if (typeof sandbox !== 'string' || positions.length > CURSOR_SHARDS_MAX || !positions.every(isPosition)) {
    throw malformed();
  }
  if (sandbox !== sandboxName) throw new Problem('invalid-request', 'The cursor is of another sandbox.');
  return positions as number[];
}

function parse(text: string): readonly unknown[] {
  if (text.length > CURSOR_LENGTH_MAX) throw malformed();
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed();
}

const isPosition = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

const malformed = () => new Problem('invalid-request', 'after is no cursor: use the "next" of an earlier answer.');
