import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readPurchases, toExperienceEvent } from '../../../scripts/cdnow/purchases.ts';
import { checkpointFile } from '../../../scripts/import/checkpoint.ts';
import { instantReader } from '../../../scripts/import/instants.ts';
import { parseMapping, type SourceFormat } from '../../../scripts/import/mapping.ts';
import { ProgressLine } from '../../../scripts/import/progress-line.ts';
import { rejectsFile } from '../../../scripts/import/rejects.ts';
import { LINE_BYTES_MAX, openRows, type Row } from '../../../scripts/import/rows.ts';
import { dryRun, type ImportJob, runImport } from '../../../scripts/import/run-import.ts';
import type { NumberedLine, Sink } from '../../../scripts/import/sinks.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(content: string): string {
  files += 1;
  const file = join(folder, `${files}.csv`);
  writeFileSync(file, content);
  return file;
}

const CSV: SourceFormat = { type: 'csv', delimiter: ',', quote: '"' };
const MAPPING = {
  id: 'row-{line}',
  timestamp: { column: 'time' },
  identities: [{ namespace: 'CustomerId', column: 'customer', primary: true }],
  columns: { total: { path: 'commerce.order.priceTotal', type: 'number' } },
  constants: { eventType: 'commerce.purchases' },
};

function jobOf(content: string, mapping: object = MAPPING): ImportJob & { readonly printed: string[] } {
  const printed: string[] = [];
  const parsed = parseMapping(JSON.stringify(mapping), 'mapping.json');
  const text = JSON.stringify(mapping);
  const source = parsed.source ?? CSV;
  return {
    file: fileOf(content),
    source,
    mapping: parsed,
    mappingText: text,
    printed,
    print: (line) => printed.push(line),
  };
}

function collecting(refuses: (line: NumberedLine) => string | undefined = () => undefined) {
  const sent: { line: number; record: Record<string, unknown> }[] = [];
  const sink: Sink = {
    close: () => {},
    write: async (lines) => {
      const refused = lines.map((line) => ({ lineNumber: line.lineNumber, reason: refuses(line) }));
      sent.push(...lines.map(({ line, lineNumber }) => ({ line: lineNumber, record: JSON.parse(line) })));
      return refused.flatMap(({ lineNumber, reason }) => (reason === undefined ? [] : [{ lineNumber, reason }]));
    },
  };
  return { sink, sent };
}

const never = new AbortController().signal;
const rowsOf = async (content: string | Buffer, format: SourceFormat): Promise<readonly Row[]> => {
  const file = fileOf('');
  writeFileSync(file, content);
  return Array.fromAsync(openRows(file, format).rows);
};

describe('rows', () => {
  test('of CSV keep their lines, quotes and all', async () => {
    const rows = await rowsOf('\uFEFFa,b\r\n1,"x, ""y"""\r\n\r\n2,"two\nlines"\r\n3,z\r\n', CSV);

    expect(rows.map((row) => ('cells' in row ? [row.line, row.cells] : row))).toEqual([
      [2, { a: '1', b: 'x, "y"' }],
      [5, { a: '2', b: 'two\nlines' }],
      [6, { a: '3', b: 'z' }],
    ]);
  });

  test('of CSV with a column too many or too few are told by their line, and the others are read', async () => {
    const rows = await rowsOf('a,b\n1,2\n3\n4,5,6\n7,8\n', CSV);

    expect(rows.map(({ line, ...row }) => [line, 'reason' in row])).toEqual([
      [2, false],
      [3, true],
      [4, true],
      [5, false],
    ]);
  });

  test('of CSV end where a quote is never closed, and say so', async () => {
    const rows = await rowsOf('a,b\n1,2\n3,"4\n5,6\n', CSV);

    expect(rows[0]).toMatchObject({ line: 2 });
    expect(rows.at(-1)).toMatchObject({ reason: expect.stringMatching(/quote/i) });
  });

  test('of a CSV file without a header have the names of the mapping', async () => {
    const rows = await rowsOf('1;2\n', { ...CSV, delimiter: ';', header: ['a', 'b'] });
    expect(rows).toMatchObject([{ line: 1, cells: { a: '1', b: '2' } }]);
  });

  test('of JSON Lines are objects', async () => {
    const rows = await rowsOf('{"a":1}\n\n[1]\n{\n{"a":2}', { type: 'jsonl' });

    expect(rows.map(({ line, ...row }) => [line, 'cells' in row ? row.cells : row.reason])).toEqual([
      [1, { a: 1 }],
      [3, 'the line is no JSON object'],
      [4, expect.stringMatching(/not JSON/)],
      [5, { a: 2 }],
    ]);
  });

  test('longer than a megabyte are passed over', async () => {
    const long = Buffer.concat([Buffer.alloc(3 * LINE_BYTES_MAX, 'x'), Buffer.from('\n{"a":"ä"}\n')]);
    const rows = await rowsOf(long, { type: 'jsonl' });

    expect(rows).toMatchObject([{ line: 1, reason: expect.stringMatching(/more than/) }, { cells: { a: 'ä' } }]);
    expect(rows[0]?.text.length).toBeLessThan(1000);
  });
});

describe('a time', () => {
  test.each([
    ['iso', '2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['iso', '2026-03-01', '2026-02-28T23:00:00.000Z'],
    ['iso', '2026-07-01T12:00', '2026-07-01T10:00:00.000Z'],
    ['epochSeconds', '1767225600', '2026-01-01T00:00:00.000Z'],
    ['epochMilliseconds', 1767225600000, '2026-01-01T00:00:00.000Z'],
    ['yyyyMMdd', '19970101', '1996-12-31T23:00:00.000Z'],
    ['dd.MM.yyyy HH:mm', '1.2.2026 9:05', '2026-02-01T08:05:00.000Z'],
    ['yyyy-MM-dd HH:mm:ss.SSS', '2026-02-01 09:05:06.789', '2026-02-01T08:05:06.789Z'],
  ])('of format %s reads %j', (format, value, expected) => {
    const read = instantReader({ format, timeZone: 'Europe/Vienna' });
    expect(typeof read === 'string' ? read : new Date(read(value) ?? Number.NaN).toISOString()).toBe(expected);
  });

  test.each([
    ['iso', '2026-02-30'],
    ['iso', 'soon'],
    ['yyyyMMdd', '1997111'],
    ['dd.MM.yyyy', '31.2.2026'],
    ['dd.MM.yyyy HH:mm', '1.2.2026 25:00'],
    ['epochSeconds', ''],
  ])('of format %s is not %j', (format, value) => {
    const read = instantReader({ format, timeZone: 'UTC' });
    expect(typeof read === 'string' ? read : read(value)).toBeUndefined();
  });
});

describe('a mapping', () => {
  test('with mistakes names all of them', () => {
    const wrong = {
      timestamp: { column: 'time', timeZone: 'Europe/Nowhere' },
      identities: [{ namespace: 'CustomerId', column: 'customer' }],
      columns: { a: { path: 'x', type: 'timestamp', format: 'MM/yyyy' } },
    };
    expect(() => parseMapping(JSON.stringify(wrong), 'm.json')).toThrow(
      /id: is missing[\s\S]*timestamp: there is no time zone[\s\S]*columns\.a: MM\/yyyy is no format/,
    );
    expect(() =>
      parseMapping(JSON.stringify({ ...MAPPING, columns: { a: 'b.__proto__.c' }, more: 1 }), 'm.json'),
    ).toThrow(/columns\.a[\s\S]*more/);
    expect(() => parseMapping('{', 'm.json')).toThrow(/m\.json is not JSON/);
  });

  test('says what type a cell has and what its text stands for', async () => {
    const { sink, sent } = collecting();
    const columns = {
      total: { path: 'commerce.order.priceTotal', type: 'number' },
      kind: { path: 'eventType', values: { B: 'commerce.purchases' } },
      tags: { path: 'tags', type: 'list', separator: '|' },
      more: { path: 'extra', type: 'json' },
      first: [{ path: 'isFirst', type: 'boolean' }, { path: 'asSent' }],
    };
    const job = jobOf('customer,time,total,kind,tags,more,first\nc1,2026-01-01,7.5,B,a| b,"{""k"":1}",yes\n', {
      ...MAPPING,
      columns,
      constants: { 'productListItems[1].SKU': 'S' },
    });

    await runImport(job, { resume: false, sink, stop: never });

    expect(sent[0]?.record).toEqual({
      sandboxName: 'prod',
      _id: 'row-2',
      timestamp: '2026-01-01T00:00:00.000Z',
      eventType: 'commerce.purchases',
      identityMap: { CustomerId: [{ id: 'c1', primary: true }] },
      commerce: { order: { priceTotal: 7.5 } },
      productListItems: [null, { SKU: 'S' }],
      tags: ['a', 'b'],
      extra: { k: 1 },
      isFirst: true,
      asSent: 'yes',
    });
  });
});

const HEAD = 'customer,time,total\n';
const goodRow = (n: number) => `c${n},2026-01-01,${n}\n`;

test('a dry run sends nothing, shows the first records and every mistake with its line, and leaves no file', async () => {
  const job = jobOf(`${HEAD}${goodRow(1)},2026-01-01,2\nc3,soon,3\nc4,2026-01-01,much\n${goodRow(5)}`);

  expect(await dryRun(job, 1)).toEqual({ rows: 5, rejected: 3 });
  const printed = job.printed.join('');
  expect(printed.match(/becomes/g)).toHaveLength(1);
  expect(printed).toMatch(/line 3: no identity[\s\S]*line 4: timestamp: "soon"[\s\S]*line 5: column total: "much"/);
  expect([checkpointFile(job.file), rejectsFile(job.file)].map((file) => existsSync(file))).toEqual([false, false]);
});

test('rows that can’t be taken stand in a file with line, reason and text; also those that the service refuses', async () => {
  const job = jobOf(`${HEAD}${goodRow(1)}c2,soon,2\n${goodRow(3)}`);
  const { sink } = collecting(({ lineNumber }) => (lineNumber === 4 ? 'of another sandbox' : undefined));

  expect(await runImport(job, { resume: false, sink, stop: never })).toMatchObject({
    taken: 1,
    rejected: 2,
    isDone: true,
  });
  const rejects = readFileSync(rejectsFile(job.file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rejects).toEqual([
    { line: 3, reason: expect.stringMatching(/timestamp/), text: 'c2,soon,2' },
    { line: 4, reason: 'of another sandbox', text: 'c3,2026-01-01,3' },
  ]);
});

describe('an import that was interrupted', () => {
  const ROWS = 5_000;
  const content =
    HEAD +
    Array.from({ length: ROWS }, (_, n) =>
      n % 100 === 50 ? (n % 200 === 50 ? `,2026-01-01,${n}\n` : 'c1\n') : goodRow(n),
    ).join('');
  const BAD = ROWS / 100;

  async function interrupted() {
    const job = jobOf(content);
    const first = collecting();
    const write = first.sink.write.bind(first.sink);
    let calls = 0;
    const failing: Sink = {
      ...first.sink,
      write: async (lines) => {
        calls += 1;
        if (calls === 2) throw new Error('the network is gone');
        return write(lines);
      },
    };
    await expect(runImport(job, { resume: false, sink: failing, stop: never })).rejects.toThrow('network');
    return { job, first };
  }

  test('goes on after the last batch that was taken, and rejects nothing twice', async () => {
    const { job, first } = await interrupted();
    const second = collecting();

    const end = await runImport(job, { resume: true, sink: second.sink, stop: never });

    expect(end).toMatchObject({ taken: ROWS - BAD, rejected: BAD, isDone: true });
    const lines = [...first.sent, ...second.sent].map(({ line }) => line);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines).toHaveLength(ROWS - BAD);
    expect(readFileSync(rejectsFile(job.file), 'utf8').trim().split('\n')).toHaveLength(BAD);
  });

  test('does not go on with another mapping or another file', async () => {
    const { job } = await interrupted();
    const { sink } = collecting();
    const go = (changed: ImportJob) => runImport(changed, { resume: true, sink, stop: never });

    await expect(go({ ...job, mappingText: 'other' })).rejects.toThrow(/the mapping is not what it was/);
    writeFileSync(job.file, content.replace('c1,', 'c9,'));
    await expect(go(job)).rejects.toThrow(/is not what it was/);
  });

  test('takes what was added to the file since', async () => {
    const { job } = await interrupted();
    await runImport(job, { resume: true, sink: collecting().sink, stop: never });
    writeFileSync(job.file, content + goodRow(ROWS));
    const { sink, sent } = collecting();

    await runImport(job, { resume: true, sink, stop: never });

    expect(sent.map(({ line }) => line)).toEqual([ROWS + 2]);
  });

  test('by its user stops after the batch in hand', async () => {
    const job = jobOf(content);
    const stopping = new AbortController();
    const { sink } = collecting();
    const stoppingSink: Sink = {
      ...sink,
      write: async (lines) => {
        stopping.abort();
        return sink.write(lines);
      },
    };
    const end = await runImport(job, { resume: false, sink: stoppingSink, stop: stopping.signal });

    expect(end.isDone).toBe(false);
    expect(end.line).toBeLessThan(ROWS);
  });
});

test('purchases of the CDNOW file become the events that the replay streams', async () => {
  const file = fileOf(
    [' customer_id  date', ' 00001 19970101  1   11.77', ' 00002 19980630 12  111.10 ', ''].join('\r\n'),
  );
  const name = join(import.meta.dirname, '../../../examples/import/cdnow.mapping.json');
  const text = readFileSync(name, 'utf8');
  const mapping = parseMapping(text, name);
  const { sink, sent } = collecting();
  const job = { file, mapping, mappingText: text, source: mapping.source as SourceFormat, print: () => {} };

  await runImport(job, { resume: false, sink, stop: never });

  const streamed = readPurchases(file).map((purchase) => ({ ...toExperienceEvent(purchase), sandboxName: 'prod' }));
  expect(sent.map(({ record }) => record)).toEqual(streamed);
});

test('the examples map, but for the rows that show what a mistake looks like', async () => {
  const examples = join(import.meta.dirname, '../../../examples/import');
  const run = async (data: string, mapping: string, source: SourceFormat) => {
    const text = readFileSync(join(examples, mapping), 'utf8');
    const parsed = parseMapping(text, mapping);
    return dryRun({ file: join(examples, data), mapping: parsed, mappingText: text, source, print: () => {} }, 0);
  };
  expect(await run('orders.csv', 'orders.mapping.json', CSV)).toEqual({ rows: 6, rejected: 2 });
  expect(await run('customers.jsonl', 'customers.mapping.json', { type: 'jsonl' })).toEqual({ rows: 2, rejected: 0 });
  parseMapping(readFileSync(join(examples, 'cdnow.mapping.json'), 'utf8'), 'cdnow.mapping.json');
});

test('progress is a bar on a terminal, and a line every tenth elsewhere', () => {
  const printed: string[] = [];
  const show = (isTerminal: boolean) => {
    const line = new ProgressLine(100, (text) => printed.push(text), isTerminal);
    for (const bytes of [5, 10, 14, 50, 100]) line.show(bytes, { taken: bytes, rejected: 0 });
    line.end();
    return printed.splice(0).join('');
  };
  expect(show(false).match(/^\d+ %/gm)).toEqual(['10 %', '50 %', '100 %']);
  expect(show(true)).toMatch(/\r█{30} 100 % /);
});
