/**
 * What a sandbox declares beside the default field groups, read from what somebody sent. Every mistake is a value with a
 * JSON pointer; a keyword that is not known is one, for it would else promise what nobody keeps.
 */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { FIELD_TYPES, type FieldSchema, type SchemaName } from './field-schema.ts';
import {
  DESCRIPTION_LENGTH_MAX,
  ENUM_VALUES_MAX,
  EXTENSION_FIELDS_MAX,
  FIELD_DEPTH_MAX,
  FIELD_NAME_LENGTH_MAX,
  LABELS_PER_FIELD_MAX,
  TITLE_LENGTH_MAX,
} from './limits.ts';

export interface SchemaMistake {
  /** Of what was sent: `/properties/person/properties/shoeSize/type`. */
  readonly pointer: string;
  readonly message: string;
}

const FIELD_NAME = new RegExp(`^[\\p{L}_][\\p{L}\\p{N}_:@$-]{0,${FIELD_NAME_LENGTH_MAX - 1}}$`, 'u');
const LABEL = /^[A-Za-z][\w:.-]{0,63}$/;
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['date', 'date-time', 'uri', 'email', 'ipv4', 'ipv6', 'uuid'],
};
const MISTAKES_MAX = 25;

type Node = Readonly<Record<string, unknown>>;
type Place = { readonly pointer: string; readonly depth: number };

class Reader {
  readonly mistakes: SchemaMistake[] = [];
  fields = 0;

  refuse(pointer: string, message: string): void {
    if (this.mistakes.length < MISTAKES_MAX) this.mistakes.push({ pointer, message });
  }
}

/** One keyword: says what is wrong with its value, or nothing. */
type Keyword = (value: unknown, node: Node, reader: Reader, place: Place) => string | undefined;

const textUpTo = (max: number): Keyword => {
  return (value) =>
    typeof value === 'string' && value.length <= max ? undefined : `is no text of at most ${max} characters`;
};
const isNumber: Keyword = (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : 'is no number');

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['title', textUpTo(TITLE_LENGTH_MAX)],
  ['description', textUpTo(DESCRIPTION_LENGTH_MAX)],
  [
    'type',
    (value) =>
      (FIELD_TYPES as readonly unknown[]).includes(value) ? undefined : `is none of ${FIELD_TYPES.join(', ')}`,
  ],
  ['format', formatProblem],
  ['enum', enumProblem],
  ['meta:enum', (value) => (isTextByName(value) ? undefined : 'is no object of texts')],
  ['meta:labels', labelsProblem],
  ['meta:observeValues', (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false')],
  ['minimum', isNumber],
  ['maximum', isNumber],
  ['properties', readProperties],
  ['additionalProperties', readChild],
  ['items', readChild],
]);

/** At the root only, and not kept: the dialect is always the same. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The extension as it will be kept, or everything that is wrong with it. */
export function readExtension(name: SchemaName, sent: unknown): Result<FieldSchema, readonly SchemaMistake[]> {
  const reader = new Reader();
  if (!isObject(sent)) return fail([{ pointer: '', message: 'is no JSON object' }]);
  const { $schema, ...root } = sent;
  if ($schema !== undefined && $schema !== DIALECT) reader.refuse('/$schema', `is not ${DIALECT}`);
  if (root.type !== undefined && root.type !== 'object') reader.refuse('/type', 'is not "object"');
  for (const keyword of ['items', 'additionalProperties', 'enum', 'format']) {
    if (root[keyword] !== undefined) reader.refuse(`/${keyword}`, `a ${name} is an object of properties`);
  }
  if (name === 'profile' && isObject(root.properties) && 'xEvent' in root.properties) {
    reader.refuse('/properties/xEvent', 'always means the events of the profile');
  }
  readNode(root, reader, { pointer: '', depth: 0 });
  return reader.mistakes.length > 0 ? fail(reader.mistakes) : ok(root as FieldSchema);
}

function readNode(node: Node, reader: Reader, place: Place): void {
  for (const [name, value] of Object.entries(node)) {
    const pointer = `${place.pointer}/${escaped(name)}`;
    const keyword = KEYWORDS.get(name);
    const problem =
      keyword === undefined
        ? `is not known here; known are ${[...KEYWORDS.keys()].join(', ')}`
        : keyword(value, node, reader, { ...place, pointer });
    if (problem !== undefined) reader.refuse(pointer, problem);
  }
  refuseMisplaced(node, reader, place);
}

const BELONGS: readonly (readonly [string, string])[] = [
  ['properties', 'object'],
  ['additionalProperties', 'object'],
  ['items', 'array'],
];

/** `properties` of a string, `items` of an object, and both kinds of objects at once. */
function refuseMisplaced(node: Node, reader: Reader, { pointer }: Place): void {
  for (const [keyword, type] of BELONGS) {
    if (node[keyword] !== undefined && node.type !== undefined && node.type !== type) {
      reader.refuse(`${pointer}/${keyword}`, `belongs to type "${type}", not "${node.type}"`);
    }
  }
  if (node.properties !== undefined && node.additionalProperties !== undefined) {
    reader.refuse(`${pointer}/additionalProperties`, 'a field is an object of properties or a map, not both');
  }
  if (node['meta:enum'] !== undefined && node.enum === undefined) {
    reader.refuse(`${pointer}/meta:enum`, 'names values of an enum that is missing');
  }
}

function readProperties(value: unknown, _: Node, reader: Reader, { pointer, depth }: Place): string | undefined {
  if (!isObject(value)) return 'is no object of fields';
  for (const [name, child] of Object.entries(value)) {
    const at = `${pointer}/${escaped(name)}`;
    if (!FIELD_NAME.test(name) || name === '__proto__') {
      reader.refuse(at, `a field is named by 1 to ${FIELD_NAME_LENGTH_MAX} letters, digits and _ : @ $ -`);
    }
    readField(child, reader, { pointer: at, depth });
  }
  return undefined;
}

function readChild(value: unknown, _: Node, reader: Reader, place: Place): undefined {
  readField(value, reader, place);
}

function readField(value: unknown, reader: Reader, { pointer, depth }: Place): void {
  reader.fields += 1;
  if (reader.fields === EXTENSION_FIELDS_MAX + 1) {
    reader.refuse(pointer, `an extension declares at most ${EXTENSION_FIELDS_MAX} fields`);
  }
  if (!isObject(value)) reader.refuse(pointer, 'is no JSON object that declares a field');
  else if (depth >= FIELD_DEPTH_MAX) reader.refuse(pointer, `is nested deeper than ${FIELD_DEPTH_MAX} levels`);
  else readNode(value, reader, { pointer, depth: depth + 1 });
}

function formatProblem(value: unknown, { type }: Node): string | undefined {
  const known = FORMATS[String(type)] ?? [];
  if (known.includes(value as string)) return undefined;
  return known.length === 0 ? 'needs type "string"' : `is none of ${known.join(', ')}`;
}

function enumProblem(value: unknown, { type }: Node): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > ENUM_VALUES_MAX) {
    return `is no list of 1 to ${ENUM_VALUES_MAX} values`;
  }
  const wanted = type === 'integer' || type === 'number' ? 'number' : 'string';
  if (value.some((item) => typeof item !== wanted)) return `holds a value that is no ${wanted}`;
  return new Set(value).size === value.length ? undefined : 'holds a value twice';
}

function labelsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > LABELS_PER_FIELD_MAX) {
    return `is no list of at most ${LABELS_PER_FIELD_MAX} labels`;
  }
  const wrong = value.find((label) => typeof label !== 'string' || !LABEL.test(label));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is no label such as C2 or consent:email`;
}

const isObject = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isTextByName = (value: unknown) =>
  isObject(value) && Object.values(value).every((each) => typeof each === 'string');
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
