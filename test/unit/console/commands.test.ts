import { expect, test } from 'vitest';
import { type Command, findCommands, personIn } from '#console/src/app/commands.ts';

const command = (name: string): Command => ({ id: name, kind: 'segment', name, run: () => {} });
const names = (typed: string, ...all: readonly string[]) =>
  findCommands(all.map(command), typed).map(({ name }) => name);

test('what begins with what is typed comes before what holds it', () => {
  expect(names('se', 'Browsed shoes', 'Online users', 'Segments')).toEqual([
    'Segments',
    'Browsed shoes',
    'Online users',
  ]);
});

test('every word must be found, in any order and case', () => {
  expect(names('SHOES run', 'Running shoes', 'Running late')).toEqual(['Running shoes']);
});

test('no more are found than can be looked over', () => {
  expect(names('', ...Array.from({ length: 5_000 }, (_, index) => `Segment ${index}`))).toHaveLength(12);
});

test('an e-mail address is somebody, a word is not', () => {
  expect(personIn(' mira@example.com ')).toBe('mira@example.com');
  expect(personIn('mira')).toBeUndefined();
});
