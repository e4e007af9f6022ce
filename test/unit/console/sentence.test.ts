/** What a row says, to the eye and to a screen reader, in both languages. */
import { expect, test } from 'vitest';
import { builder as en } from '#console/src/messages/en-builder.ts';
import { builder as ko } from '#console/src/messages/ko-builder.ts';
import { fromPql } from '#console/src/segment-builder/from-pql.ts';
import { countingIds } from '#console/src/segment-builder/model.ts';
import { sentenceOf } from '#console/src/segment-builder/sentence.ts';

const names = {
  field: (path: readonly string[]) => path.at(-1) ?? '',
  event: (type: string) => type,
  segment: (id: string) => (id === 'known' ? 'Runners' : undefined),
};

function said(pql: string, words: typeof en.sentence): string {
  const read = fromPql(pql, countingIds());
  const row = read.ok ? read.value.children[0] : undefined;
  if (row === undefined) throw new Error(`${pql} is no row`);
  return sentenceOf(row, 'profile', { words, names });
}

test.each([
  [
    'xEvent[eventType = "view" and timestamp occurs <= 30 days before now].count() >= 1',
    'did view at least 1 time in the last 30 days',
    '최근 30일 동안 view 1번 이상 있음',
  ],
  [
    'not xEvent[eventType = "buy"].count() > 2',
    'did not buy at least 3 times at any time',
    '기간 제한 없이 buy 3번 이상 없음',
  ],
  ['country = "KR"', 'country is KR', 'country가 KR과 같음'],
  ['not (country = "KR")', 'country is not KR', 'country가 KR과 같지 않음'],
  ['tier in ["gold", "silver"]', 'tier is one of gold or silver', 'tier이 gold, silver 중 하나'],
  ['joined occurs this month', 'joined is this month', 'joined가 이번 달에 해당'],
  ['not inSegment("known")', 'are not in Runners', 'Runners에 속하지 않음'],
  ['inSegment("gone")', 'are in a segment that is gone', '삭제된 세그먼트에 속함'],
])('%s', (pql, english, korean) => {
  expect(said(pql, en.sentence)).toBe(english);
  expect(said(pql, ko.sentence)).toBe(korean);
});
