import { expect, test } from 'vitest';
import { josa } from '#console/src/messages/josa.ts';

test.each([
  ['국가', '을/를', '국가를'],
  ['지역', '을/를', '지역을'],
  ['서울', '으로/로', '서울로'],
  ['부산', '으로/로', '부산으로'],
  ['도쿄', '으로/로', '도쿄로'],
  ['버전 8', '이/가', '버전 8이'],
  ['버전 9', '이/가', '버전 9가'],
  ['버전 7', '으로/로', '버전 7로'],
  ['email', '은/는', 'email은'],
  ['cart', '과/와', 'cart와'],
  ['‘국가’', '은/는', '‘국가’는'],
  ['…', '을/를', '…을(를)'],
] as const)('%s takes of %s: %s', (word, particle, expected) => {
  expect(josa(word, particle)).toBe(expected);
});
