/**
 * Which values are never kept as examples: those of fields that are labelled, named or filled like direct identifiers.
 * What remains of such a field is how often it is filled, how many values it has and how long they are.
 */
import type { Declaration } from '../field-path.ts';

/** Why the values of a field are not kept. */
export type Withheld = 'label' | 'name' | 'declared' | 'mostly-unique';

const IDENTIFYING_LABELS = new Set(['I1', 'I2', 'S1']);

/** Words of a field's name: `userEmail` has `user` and `email`. */
const IDENTIFYING_WORDS = new Set(
  [
    ['id', 'ids', 'uid', 'uuid', 'guid', 'ecid', 'ssn', 'sin', 'passport', 'license', 'licence', 'token', 'password'],
    ['secret', 'email', 'mail', 'phone', 'mobile', 'msisdn', 'fax', 'ip', 'ipv4', 'ipv6', 'iban', 'account', 'card'],
    ['cookie', 'session', 'firstname', 'lastname', 'fullname', 'surname', 'username', 'nickname', 'birthdate'],
    ['birthday', 'street', 'street1', 'street2', 'latitude', 'longitude', 'lat', 'lon', 'lng', 'signature', 'hash'],
  ].flat(),
);
const IDENTIFYING_PAIRS =
  /(?:first|last|full|middle|user|nick|sur)[ _-]?name|birth[ _-]?(?:date|day)|postal[ _-]?address/i;

const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const IP_ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}$/i;
/** A telephone, card or account number: eight digits or more, however they are grouped. */
const LONG_NUMBER = /(?:\d[ ().+/-]?){8,}/;
/** What a machine made: long, without a space, letters and digits mixed. */
const MACHINE_MADE = /^(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[\w+/=-]{20,}$/;

export function withheldBy(path: string, declared: Declaration | undefined): Withheld | undefined {
  const { field, labels = [] } = declared ?? {};
  if (labels.some((label) => IDENTIFYING_LABELS.has(label))) return 'label';
  if (field?.['meta:observeValues'] === false) return 'declared';
  if (field?.['meta:observeValues'] === true || field?.enum !== undefined) return undefined;
  return path.split('.').some(isIdentifyingName) ? 'name' : undefined;
}

function isIdentifyingName(name: string): boolean {
  if (IDENTIFYING_PAIRS.test(name)) return true;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.some((word) => IDENTIFYING_WORDS.has(word));
}

/** Whether a text by itself tells who somebody is, wherever it stands. */
export const looksIdentifying = (text: string): boolean =>
  EMAIL.test(text) || UUID.test(text) || IP_ADDRESS.test(text) || LONG_NUMBER.test(text) || MACHINE_MADE.test(text);
