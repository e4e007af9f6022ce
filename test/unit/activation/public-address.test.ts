import { expect, test } from 'vitest';
import { isPublicAddress, problemOfUrl } from '#shared/activation/public-address.ts';

test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '2a00:1450:4001::1'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.8.8.8',
    '169.254.169.254',
    '169.254.170.2',
    '172.31.255.1',
  ],
  ...['192.168.1.1', '192.0.2.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', 'no address'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'ff02::1'],
  ...['64:ff9b::a00:1', '2001:db8::1', '2002:a00:1::1'],
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('plain http leads to this machine only, and only where the stage allows it', () => {
  const local = { allowsLocalhost: true };
  expect(problemOfUrl('http://localhost:1234/x', local)).toBeUndefined();
  expect(problemOfUrl('http://127.0.0.1:1234/x', local)).toBeUndefined();
  expect(problemOfUrl('http://10.0.0.1/', local)).toMatch(/https/);
  expect(problemOfUrl('http://localhost:1234/x', { allowsLocalhost: false })).toMatch(/https/);
});

test.each(['https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/'])(
  '%s is 127.0.0.1, however it is written',
  (url) => {
    expect(problemOfUrl(url, { allowsLocalhost: false })).toMatch(/127\.0\.0\.1/);
  },
);
