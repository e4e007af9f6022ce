import { expect, test } from 'vitest';
import { estimate } from '#shared/pql/incremental/estimate.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import { encodeRows, LEAF_BYTES_MAX, type LeafRow, rowOf } from '#shared/segment/leaf-rows.ts';
import { RowTable } from '#shared/segment/row-table.ts';

const planOf = (expression: string) => analyzeDefinition({ expression }).plan;
const estimateOf = (expression: string) => estimate(planOf(expression), LEAF_BYTES_MAX);

test('a condition on attributes takes no more than a membership and waits for no event', () => {
  const { stateBytes, evaluatedOn } = estimateOf('homeAddress.countryCode = "US"');

  expect(stateBytes).toEqual({ typical: 2, most: 2 });
  expect(evaluatedOn).toEqual([]);
});

test('a count keeps only as many events as its threshold asks for', () => {
  const once = estimateOf('xEvent[eventType = "view"].count() >= 1').stateBytes;
  const often = estimateOf('xEvent[eventType = "view"].count() >= 8').stateBytes;

  expect(once.most).toBe(once.typical);
  expect(often.most).toBeGreaterThan(once.most);
});

test('a sum keeps every matching event, up to the size of a leaf', () => {
  const { stateBytes, evaluatedOn } = estimateOf('xEvent[eventType = "buy"].sum(price) > 100');

  expect(stateBytes.most).toBeGreaterThan(LEAF_BYTES_MAX);
  expect(stateBytes.typical).toBeLessThan(200);
  expect(evaluatedOn).toEqual(['buy']);
});

test('an expression over whole events reads history at every event', () => {
  expect(estimateOf('xEvent.topN(timestamp, 1).head() = xEvent.bottomN(timestamp, 1).head()')).toMatchObject({
    evaluatedOn: 'any',
    readsHistory: true,
  });
});

test('the estimate of a leaf is not below what its rows really take', () => {
  const plan = planOf('xEvent[eventType = "buy"].sum(price) > 100');
  const [leaf] = plan.leaves;
  const table = new RowTable([]);
  const rows = Array.from({ length: 10 }, (_, index) => {
    const event = {
      _id: `e${index}`,
      timestamp: 1_795_000_000_000 + index * 60_000,
      eventType: 'buy',
      price: 19.9 + index,
    };
    return rowOf(event, leaf as NonNullable<typeof leaf>, table);
  });

  const encoded = encodeRows(rows as readonly LeafRow[], leaf as NonNullable<typeof leaf>);

  expect(encoded.length).toBeLessThanOrEqual(estimate(plan, LEAF_BYTES_MAX).stateBytes.typical);
});
