import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned, SIGNATURE_AGE_SECONDS_MAX, sign } from '#shared/activation/signature.ts';

const [next, last] = [
  { keyId: 'key-1', secret: 'new' },
  { keyId: 'key-0', secret: 'old' },
] as const;
const T = 1_767_225_600;
const header = sign('[1]', [next, last], T);

test('the signature is what the documentation says, so that anybody can verify it', () => {
  const v1 = (secret: string) => createHmac('sha256', secret).update(`${T}.[1]`).digest('hex');

  expect(header).toBe(`t=${T}, k=key-1, v1=${v1('new')}, k=key-0, v1=${v1('old')}`);
});

test('while a secret is being rotated a receiver with either of the two is satisfied', () => {
  expect([next, last].map((key) => isSigned(header, '[1]', key, T + 1))).toEqual([true, true]);
});

test.each([
  ['another body', header, '[2]', next, T],
  ['another secret', header, '[1]', { keyId: 'key-1', secret: 'guess' }, T],
  ['a key that did not sign', header, '[1]', { keyId: 'key-2', secret: 'new' }, T],
  ['a request that was recorded', header, '[1]', next, T + SIGNATURE_AGE_SECONDS_MAX + 1],
  ['a moved time', header.replace(`t=${T}`, `t=${T + 1}`), '[1]', next, T],
  ['no header', '', '[1]', next, T],
])('%s is not signed', (_, given, body, key, now) => {
  expect(isSigned(given, body, key, now)).toBe(false);
});
