import { expect, test } from 'vitest';
import * as z from 'zod';
import { readEnv } from '#shared/lambda/env.ts';

const env = { TABLE: z.string().min(1), SHARDS: z.coerce.number().int().positive(), OTHER: z.string() } as const;

test('variables arrive parsed', () => {
  expect(readEnv(env, { TABLE: 't', SHARDS: '8', OTHER: '' })).toEqual({ TABLE: 't', SHARDS: 8, OTHER: '' });
});

test('the error names every variable that is missing or wrong', () => {
  expect(() => readEnv(env, { SHARDS: 'many', OTHER: 'x' })).toThrow(/TABLE is missing; SHARDS: /);
});
