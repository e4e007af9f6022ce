import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcherOf, type Searched } from '#shared/search/matcher.ts';
import { parseQuery, TERMS_MAX } from '#shared/search/query.ts';

const searched = (name: string, description = ''): Searched => ({
  fields: { name, segmentName: name, description, segmentDescription: description },
  text: `${name}\n${description}`,
});

const THINGS = {
  shoes: searched('Running shoes', 'looked at the blue shoes'),
  glue: searched('Glue', 'for shoes: hotel near the airport'),
  camp: searched('Camp', 'camping in the summer'),
  camera: searched('Camera'),
} as const;

function found(text: string): string[] {
  const query = parseQuery(text);
  if (query === undefined) throw new Error(`${text} asks for too much`);
  const matches = matcherOf(query);
  return Object.entries(THINGS).flatMap(([name, thing]) => (matches(thing) ? [name] : []));
}

test.each<[string, readonly string[]]>([
  ['', ['shoes', 'glue', 'camp', 'camera']],
  ['*', ['shoes', 'glue', 'camp', 'camera']],
  ['shoes', ['shoes', 'glue']],
  ['SHO run', ['shoes']],
  ['shoes AND glue', ['glue']],
  ['shoes && glue', ['glue']],
  ['glue OR camera', ['glue', 'camera']],
  ['glue || camera', ['glue', 'camera']],
  ['shoes NOT glue', ['shoes']],
  ['+shoes -glue', ['shoes']],
  ['shoes !glue', ['shoes']],
  ['(glue OR running) AND shoes', ['shoes', 'glue']],
  ['NOT (glue OR running)', ['camp', 'camera']],
  ['segmentName:shoes', ['shoes']],
  ['segmentDescription:shoes', ['shoes', 'glue']],
  ['segmentName:camera OR glue', ['glue', 'camera']],
  ['name: camp AND camera', []],
  ['NOT segmentName:shoes', ['glue', 'camp', 'camera']],
  ['segmentName:"running shoes"', ['shoes']],
  ['"blue shoes"', ['shoes']],
  ['"shoes blue"', []],
  ['cam?', ['camp']],
  ['camp*', ['camp']],
  ['cam*a', ['camera']],
  ['blue~', ['shoes', 'glue']],
  ['blue~1', ['shoes', 'glue']],
  ['blue~0', ['shoes']],
  ['"hotel airport"~5', ['glue']],
  ['"airport hotel"~2', ['glue']],
  ['"hotel airport"~1', []],
  ['/[gc]lue/', ['glue']],
  ['/cam/', []],
  ['running^4 shoes', ['shoes']],
  ['running\\ shoes', ['shoes']],
  ['for shoes:', ['glue']],
])('%j finds %j', (text, expected) => {
  expect(found(text)).toEqual(expected);
});

describe('what makes no sense as syntax', () => {
  test.each([
    ['"running shoes', ['shoes']],
    ['running)', ['shoes']],
    ['((running', ['shoes']],
    ['OR running OR', ['shoes']],
    ['running NOT', ['shoes']],
    ['running AND', ['shoes']],
    ['/[/', []],
    ['colour:red', []],
  ])('is searched for as text: %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('never throws, whatever it is', () => {
    const word = fc.constantFrom(
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      '"',
      '~',
      '*',
      '?',
      '/',
      '\\',
      'name:',
      '-',
      '+',
      ' ',
      'a',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const query = parseQuery(typed);
        if (query !== undefined) matcherOf(query)(THINGS.shoes);
      }),
    );
  });
});

test('a search has a limit of terms', () => {
  const terms = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
  expect(parseQuery(terms(TERMS_MAX))).toBeDefined();
  expect(parseQuery(terms(TERMS_MAX + 1))).toBeUndefined();
});
