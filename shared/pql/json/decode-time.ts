/** What follows `occurs` and the steps of a chain, from `pql/json`. */
import type { Expression, Step, StepCount, When } from '../ast.ts';
import { COUNT_MAX } from '../limits.ts';
import { AT_LEAST_ONE, stepCount } from '../parser/nodes.ts';
import { COMPARISONS, DIRECTIONS, UNITS } from '../parser/words.ts';
import {
  JsonFailure,
  NOWHERE,
  type Place,
  property,
  readList,
  readName,
  readNode,
  readObject,
  readText,
  within,
} from './reader.ts';

type Decode = (value: unknown, place: Place) => Expression;

export function decodeWhen(params: readonly unknown[], place: Place, decode: Decode): When {
  const texts = params.map((param) => literalOf(param));
  const [form] = texts;
  const reference = (index: number) => decode(params[index], within(place, `.when[${index}]`));
  const operator = COMPARISONS.get(String(form));
  const direction = DIRECTIONS.get(String(form));
  if (form === 'between' && params.length === 3) return { form: 'between', from: reference(1), to: reference(2) };
  if (form === 'on' && params.length === 2) return { form: 'on', reference: reference(1) };
  if (direction !== undefined && params.length === 2) return { form: 'direction', direction, reference: reference(1) };
  const [, count, unitName, directionName] = texts;
  const unit = UNITS.get(String(unitName));
  const side = DIRECTIONS.get(String(directionName));
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= COUNT_MAX;
  if (operator === undefined || unit === undefined || side === undefined || !isCount || params.length !== 5) {
    throw new JsonFailure(
      'PQL2201',
      place.at,
      '"occurs" needs [op, n, unit, direction, R], [direction, R], ["on", R] or ["between", A, B]',
    );
  }
  return { form: 'distance', operator, count, unit, direction: side, reference: reference(4) };
}

const literalOf = (param: unknown): unknown =>
  typeof param === 'object' && param !== null && !Array.isArray(param)
    ? property(param as Record<string, unknown>, 'value')
    : undefined;

export function decodeStep(value: unknown, place: Place, decode: Decode): Step {
  const node = readNode(value, place);
  const list = (name: string) => (property(node, name) === undefined ? [] : readList(node, name, place));
  if (property(node, 'nodeType') !== 'chainStep') throw new JsonFailure('PQL2201', place.at, 'a chainStep is needed');
  return {
    name: readName(node, 'label', place),
    slot: -1,
    span: NOWHERE,
    what: decode(property(node, 'what'), within(place, '.what')),
    where: list('where').map((condition, index) => decode(condition, within(place, `.where[${index}]`))),
    when: list('when').map((item, index) => {
      const at = within(place, `.when[${index}]`);
      return decodeWhen(readList(readObject(item, at), 'params', at), at, decode);
    }),
    count: property(node, 'count') === undefined ? AT_LEAST_ONE : decodeCount(readText(node, 'count', place), place),
  };
}

const COUNT = /^(?:(=|!=|<|<=|>|>=) )?(\d{1,10})(?: to (\d{1,10}))?$/;

function decodeCount(text: string, place: Place): StepCount {
  const [, operator, min, max] = COUNT.exec(text) ?? [];
  const isWrong = min === undefined || (operator !== undefined && max !== undefined) || Number(min) > COUNT_MAX;
  if (isWrong || Number(max ?? 0) > COUNT_MAX) {
    throw new JsonFailure(
      'PQL2201',
      `${place.at}.count`,
      `${JSON.stringify(text)} is no count, such as ">= 2" or "2 to 5"`,
    );
  }
  if (max !== undefined) return { min: Number(min), max: Number(max), positive: false };
  return stepCount(COMPARISONS.get(operator ?? '') ?? '>=', Number(min));
}
