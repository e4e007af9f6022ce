/** What random expressions are made of. The fields are those that `inputs.ts` fills. */
export type ItemKind = 'profile' | 'event' | 'order' | 'scalar';
export type PathKind = 'boolean' | 'number' | 'string' | 'time' | 'list' | 'any';

export const NAMES: Readonly<Record<ItemKind, Readonly<Record<PathKind, readonly string[]>>>> = {
  profile: {
    boolean: ['flag', 'homeAddress.primary'],
    number: ['n', 'm', 'loyalty.points', 'person.birthYear', 'deep.n'],
    string: ['s', 'homeAddress.city', 'loyalty.tier', 'deep.s'],
    time: ['t', 'loyalty.joinDate', 'person.birthDate', 'iso'],
    list: ['tags', 'numbers', 'mixed', 'orders.total', 'orders.tags', 'loyalty.loyaltyID'],
    any: ['missing', 'deep', 'n', 's', 'flag', 'tags', 'orders', 'constructor', 'null1', 'identityMap'],
  },
  event: {
    boolean: ['flag', 'web.webPageDetails.isHomePage'],
    number: ['price', 'commerce.order.priceTotal', 'quantity', 'timestamp.getHour()'],
    string: ['eventType', 'sku', '_id'],
    time: ['timestamp', 'at'],
    list: ['tags', 'productListItems.priceTotal', 'productListItems.SKU'],
    any: ['missing', 'price', 'sku', 'tags', 'productListItems', 'this', 'eventType'],
  },
  order: {
    boolean: ['paid'],
    number: ['total', 'quantity'],
    string: ['storeId', 'id'],
    time: ['placed'],
    list: ['tags', 'lines.price'],
    any: ['total', 'storeId', 'tags', 'this', 'missing', 'lines'],
  },
  scalar: {
    boolean: ['this'],
    number: ['this'],
    string: ['this'],
    time: ['this'],
    list: ['^.tags'],
    any: ['this'],
  },
};

export const STRINGS = [
  '"a"',
  '"b"',
  '""',
  '"A"',
  '"ab"',
  '"view"',
  '"buy"',
  '"5"',
  '"true"',
  '"2024-02-29T12:00:00Z"',
  '"é"',
];

export const NUMBERS = ['0', '1', '2', '-1', '2.5', '10', '100', '.5', '1e3'];

export const REFERENCES = [
  'now',
  'today',
  'yesterday',
  'tomorrow',
  'this month',
  'last month',
  'next week',
  'this year',
  'last hour',
];

export const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'];

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];

export const PATTERNS = ['"a%"', '"%b"', '"_"', '"%"', '"a_b%"', '""'];

export const COUNTS = [
  '',
  ' COUNT(2)',
  ' COUNT(>= 2)',
  ' COUNT(= 1)',
  ' COUNT(<= 1)',
  ' COUNT(1 to 2)',
  ' COUNT(> 1)',
  ' COUNT(!= 1)',
];
