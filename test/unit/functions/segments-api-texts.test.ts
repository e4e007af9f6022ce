/** What people write for people: shown as it is meant, or refused by the place and the character. */
import { expect, test } from 'vitest';
import { problemOf, segmentBody, segmentsService } from '#test/support/segments-service.ts';

test.each<[string, Record<string, unknown>, string, string]>([
  ['a control character in a name', { name: 'Adults\u0007' }, '/name', 'U+0007'],
  ['a new line in a name', { name: 'Adults\nof age' }, '/name', 'U+000A'],
  ['a direction that is turned in a name', { name: 'Adults \u202eevil' }, '/name', 'U+202E'],
  ['an isolate in a name', { name: 'Adults \u2066x' }, '/name', 'U+2066'],
  ['a space without width in a name', { name: 'Adu\u200blts' }, '/name', 'U+200B'],
  ['a control character in a description', { description: 'a\u0000b' }, '/description', 'U+0000'],
  ['a direction that is turned in a description', { description: 'a\u202ab' }, '/description', 'U+202A'],
  ['a control character in a tag', { tags: ['fine', 'a\u001bb'] }, '/tags/1', 'U+001B'],
  ['a control character in a folder', { folder: 'Sport/\u0085Running' }, '/folder', 'U+0085'],
  ['a control character in a label', { labels: ['C1\u0001'] }, '/labels/0', 'U+0001'],
])('%s is refused by its place and its code', async (_, fields, pointer, code) => {
  const problem = await problemOf(segmentsService().create({ ...segmentBody('Adults'), ...fields }));
  expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
  expect(problem.details.mistakes?.[0]?.message).toContain(code);
});

test.each([
  [{ name: 'x'.repeat(256) }, '/name'],
  [{ description: 'x'.repeat(4001) }, '/description'],
  [{ tags: ['x'.repeat(101)] }, '/tags/0'],
  [{ tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }, '/tags'],
  [{ folder: `F${'/x'.repeat(128)}` }, '/folder'],
  [{ note: 'x'.repeat(1001) }, '/note'],
])('what is longer than it may be is refused by its place', async (fields, pointer) => {
  const problem = await problemOf(segmentsService().create({ ...segmentBody('Adults'), ...fields }));
  expect(problem).toMatchObject({ status: 400, details: { mistakes: [{ pointer }] } });
});

test('people write in their own script, with emoji and with lines in a description', async () => {
  const fields = { name: '운동화 👩‍💻 مرحبا – “shoes”', description: 'first\n\tsecond', tags: ['여름', 'שלום'] };
  expect(await segmentsService().create({ ...segmentBody(''), ...fields })).toMatchObject(fields);
});
