import { expect, test } from 'vitest';
import { secretSeal } from '#shared/aws/secret-seal.ts';

const seal = secretSeal(async () => 'a key');

test('what was sealed opens for its owner, and looks different each time', async () => {
  const [first, second] = [await seal.seal('secret é', 'd1'), await seal.seal('secret é', 'd1')];

  expect(first).not.toBe(second);
  expect(Buffer.from(first.slice(3), 'base64url').toString('latin1')).not.toContain('secret');
  expect(await seal.open(first, 'd1')).toBe('secret é');
});

test('it opens for no other owner, by no other key, and not when a byte was changed', async () => {
  const sealed = await seal.seal('secret', 'd1');
  const last = sealed.at(-2) === 'A' ? 'B' : 'A';

  await expect(seal.open(sealed, 'd2')).rejects.toThrow();
  await expect(secretSeal(async () => 'another').open(sealed, 'd1')).rejects.toThrow();
  await expect(seal.open(`${sealed.slice(0, -2)}${last}${sealed.at(-1)}`, 'd1')).rejects.toThrow();
  await expect(seal.open('plain', 'd1')).rejects.toThrow(/format/);
});
