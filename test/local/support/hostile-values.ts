/** Bodies and texts that a service meets when somebody means it ill, or a client is broken. */
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** As they are sent, each JSON or nearly so. */
export const HOSTILE_BODIES: Readonly<Record<string, string>> = {
  empty: '',
  'no JSON': '{"a":',
  'a word': 'null',
  'a number': '1e999',
  'a text': '"x"',
  'an empty list': '[]',
  'a list of lists': '[[[[]]]]',
  'a list of nulls': `[${Array(600).fill('null').join()}]`,
  'an empty object': '{}',
  'a prototype': '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  'nesting without end': deep(20_000),
  'an object that nests': `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  'characters that are none': '{"name":"\\ud800\\u0000\\uffff"}',
  'a name that is long': `{"name":"${'x'.repeat(300_000)}"}`,
  'a field of every kind': '{"name":{},"id":[],"expression":7,"ids":"x","limit":true,"segments":{},"filter":null}',
  'too many fields': `{${Array.from({ length: 5000 }, (_, index) => `"f${index}":${index}`).join()}}`,
};

/** In the place of an id, a cursor or a query parameter. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  '..',
  '../../etc/passwd',
  'RULES',
  'SEG#',
  'a#b',
  "' OR 1=1 --",
  '$(id)',
  '\u0000',
  '\ud83d\ude00'.repeat(50),
  '-1',
  '1e400',
  'NaN',
  '__proto__',
  'x'.repeat(3000),
  '%',
  'W10',
  'eyJhIjoxfQ',
];
