/** Every piece of a rule's sentence, in Korean. */
import type { BuilderMessages } from './en-builder.ts';
import { particleFor } from './josa.ts';
import type { Part } from './parts.ts';
import { slot } from './parts.ts';

const number = (value: number) => value.toLocaleString('ko-KR');
const UNITS = {
  ...{ millisecond: '밀리초', second: '초', minute: '분', hour: '시간', day: '일', week: '주', month: '개월' },
  ...{ year: '년', decade: '0년', century: '세기', millennium: '천년' },
};
const PERIODS = {
  this: { day: '오늘', week: '이번 주', month: '이번 달', year: '올해' },
  last: { day: '어제', week: '지난주', month: '지난달', year: '작년' },
  next: { day: '내일', week: '다음 주', month: '다음 달', year: '내년' },
} as const;
const WHICH = { this: '이번', last: '지난', next: '다음' } as const;
const comparing = (op: string, text: string) => `${text} ${op}`;

/** What a test's value takes before it: ‘KR와 같음’, ‘서울을 포함’. */
const VALUE_PARTICLES: Readonly<Record<string, '과/와' | '을/를' | '으로/로'>> = {
  ...{ 같음: '과/와', 다름: '과/와', '같지 않음': '과/와', 비슷함: '과/와' },
  ...{ 포함: '을/를', '포함하지 않음': '을/를', '포함하지 않는 값 있음': '을/를' },
  ...{ 시작: '으로/로', 끝남: '으로/로', '시작하지 않는 값 있음': '으로/로', '끝나지 않는 값 있음': '으로/로' },
};

export const sentence: BuilderMessages['sentence'] = {
  peopleWho: {
    all: '다음을 모두 만족하는 사람',
    any: '다음 중 하나라도 만족하는 사람',
    none: '다음 중 아무것도 만족하지 않는 사람',
  },
  meet: { all: '모두 만족', any: '하나라도 만족', none: '아무것도 만족하지 않음' },
  modes: { all: '‘모두 만족’', any: '‘하나라도 만족’', none: '‘모두 아님’' },
  joined: { all: '그리고', any: '또는', none: '또는' },
  where: { all: '조건을 모두 만족', any: '조건을 하나라도 만족', none: '조건을 모두 만족하지 않음' },
  attribute: (field: string, test: string, value: string | undefined): Part[] => {
    const particle = VALUE_PARTICLES[test];
    const words =
      value === undefined
        ? []
        : [slot('value', value), particle === undefined ? ' ' : `${particleFor(value, particle)} `];
    return [slot('field', field), `${particleFor(field, '이/가')} `, ...words, slot('test', test)];
  },
  negated: (test: string) => `${test} 아님`,
  tests: {
    '=': '같음',
    '!=': '다름',
    '<': '미만',
    '<=': '이하',
    '>': '초과',
    '>=': '이상',
    in: '중 하나',
    notIn: '중 어느 것도 아닌 값 있음',
    contains: '포함',
    startsWith: '시작',
    endsWith: '끝남',
    doesNotContain: '포함하지 않는 값 있음',
    doesNotStartWith: '시작하지 않는 값 있음',
    doesNotEndWith: '끝나지 않는 값 있음',
    like: '비슷함',
    matches: '패턴에 맞음',
    exists: '값 있음',
    missing: '값 없음',
    holds: '참이거나 값 있음',
    occurs: '해당',
  },
  negatedTests: {
    '=': '같지 않음',
    in: '중 어느 것도 아님',
    contains: '포함하지 않음',
    holds: '참이 아니거나 값 없음',
    occurs: '해당 없음',
  },
  theirs: (field: string) => `그 사람의 ${field}`,
  list: (values: readonly string[]) => values.join(', '),
  truth: { true: '참', false: '거짓' },
  did: '있음',
  didNot: '없음',
  anyEvent: '모든 이벤트',
  count: (did: string, events: string, fold: string, from: number, when: string): Part[] => [
    slot('when', when),
    ' ',
    slot('events', events),
    ' ',
    slot('from', number(from)),
    '번 ',
    slot('fold', fold),
    ' ',
    slot('did', did),
  ],
  between: (did: string, events: string, fold: string, from: number, to: number, when: string): Part[] => [
    slot('when', when),
    ' ',
    slot('events', events),
    ' ',
    slot('from', number(from)),
    '번 ',
    slot('fold', fold),
    ' ',
    slot('to', number(to)),
    '번 이하 ',
    slot('did', did),
  ],
  measure: (
    did: string,
    events: string,
    fold: string,
    field: string,
    comparison: string,
    amount: string,
    when: string,
  ): Part[] => [
    slot('when', when),
    ' ',
    slot('events', events),
    '의 ',
    slot('measure', field),
    ' ',
    slot('fold', fold),
    ' ',
    slot('amount', amount),
    ' ',
    slot('comparison', comparison),
    ' ',
    slot('did', did),
  ],
  extreme: (did: string, events: string, fold: string, time: string, when: string): Part[] => [
    slot('when', when),
    ' ',
    slot('events', events),
    ' ',
    slot('fold', fold),
    ' ',
    slot('amount', time),
    ' ',
    slot('did', did),
  ],
  folds: {
    '>=': '이상',
    '<=': '이하',
    '=': '정확히',
    between: '이상',
    sum: '합계',
    average: '평균',
    min: '최솟값',
    max: '최댓값',
    distinctCount: '서로 다른 값의 수',
    first: '처음',
    last: '마지막',
  },
  segment: (member: string, segment: string): Part[] => [slot('segment', segment), '에 ', slot('in', member)],
  in: '속함',
  notIn: '속하지 않음',
  unknownSegment: '삭제된 세그먼트',
  sequence: '다음 순서로 함',
  step: (ordinal: number, total: number, events: string) => `${number(total)}단계 중 ${number(ordinal)}단계: ${events}`,
  stepRow: (gap: string | undefined, events: string, count: number, when: string): Part[] => [
    ...(gap === undefined ? [] : [slot('gap', gap), ' ']),
    slot('when', when),
    ' ',
    slot('events', events),
    ' ',
    slot('from', number(count)),
    '번 이상',
  ],
  excludedRow: (events: string, when: string): Part[] => [slot('when', when), ' ', slot('events', events), ' 없음'],
  stepCount: (count: number) => `${number(count)}번 이상`,
  excluded: (events: string) => `${events} 없음`,
  after: (text: string) => `${text} 지난 뒤`,
  within: (text: string) => `${text} 이내`,
  anyTime: '기간 제한 없이',
  groupTime: '모든 이벤트',
  differentTimes: '이벤트마다 다름',
  missingValue: '값 선택',
  missingField: '필드 선택',
  units: UNITS,
  span: (count: number, unit: keyof typeof UNITS) =>
    unit === 'decade' ? `${number(count * 10)}년` : `${number(count)}${UNITS[unit]}`,
  when: {
    inLast: (text: string) => `최근 ${text} 동안`,
    notInLast: (text: string) => `${text}보다 전에`,
    exactlyAgo: (text: string) => `정확히 ${text} 전에`,
    otherAgo: (op: string, text: string) => `${comparing(op, text)} 전에`,
    inNext: (text: string) => `앞으로 ${text} 안에`,
    later: (text: string) => `${text}보다 나중에`,
    otherAhead: (op: string, text: string) => `지금부터 ${comparing(op, text)} 뒤에`,
    distance: (op: string, text: string, direction: 'before' | 'after', moment: string) =>
      `${moment} 기준 ${comparing(op, text)} ${direction === 'before' ? '전에' : '뒤에'}`,
    before: (moment: string) => `${moment} 이전에`,
    after: (moment: string) => `${moment} 이후에`,
    on: (moment: string) => `${moment}에`,
    between: (from: string, to: string) => `${from}부터 ${to}까지`,
    range: (near: string, far: string) => `${far} 전부터 ${near} 전까지`,
  },
  now: '지금',
  period: (which: 'this' | 'last' | 'next', unit: keyof typeof UNITS) =>
    unit === 'day' || unit === 'week' || unit === 'month' || unit === 'year'
      ? PERIODS[which][unit]
      : `${WHICH[which]} ${UNITS[unit]}`,
  day: (year: number, month: number, day: number) => `${year}년 ${month}월 ${day}일`,
};
