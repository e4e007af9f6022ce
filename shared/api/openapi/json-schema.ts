/** zod schemas as JSON Schema of draft 2020-12, which is what OpenAPI 3.1 speaks; what has a name goes to the components. */
import * as z from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

const COMPONENTS = '#/components/schemas/';

type Direction = 'input' | 'output';

/** zod bounds every integer by what JavaScript can count; that says nothing about the API. */
function plain({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  // It means "not in requests" in OpenAPI, and "not to be changed by the program" in zod.
  delete jsonSchema.readOnly;
}

export class SchemaBook {
  readonly #components = new Map<string, JsonSchema>();

  /** `owner` names what has no name of its own, such as a recursive part. */
  schemaOf(schema: z.ZodType, io: Direction, owner: string): JsonSchema {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: plain }) as Record<string, unknown>;
    const { $schema: _, $defs = {}, ...root } = made;
    const parts = Object.entries($defs as Record<string, JsonSchema>);
    const names = new Map(parts.map(([id, part]) => [id, this.#nameFor(id, part, owner)]));
    for (const [id, part] of parts) this.#components.set(names.get(id) as string, renamed(part, names, owner));
    const isRecursive = JSON.stringify(root).includes('"$ref":"#"');
    if (!isRecursive) return renamed(root, names, owner);
    this.#components.set(owner, renamed(root, names, owner));
    return { $ref: `${COMPONENTS}${owner}` };
  }

  get components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#components].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** A named schema keeps its name, unless it reads differently in a request than in an answer. */
  #nameFor(id: string, part: JsonSchema, owner: string): string {
    if (id.startsWith('__')) return `${owner}Part${id.replace(/\D/g, '')}`;
    const known = this.#components.get(id);
    const isSame = known === undefined || JSON.stringify(known) === JSON.stringify(renamed(part, new Map(), owner));
    return isSame ? id : `${owner}${id}`;
  }
}

function renamed<Value>(value: Value, names: ReadonlyMap<string, string>, owner: string): Value {
  const text = JSON.stringify(value)
    .replaceAll(/"\$ref":"#\/\$defs\/([^"]+)"/g, (_, id: string) => `"$ref":"${COMPONENTS}${names.get(id) ?? id}"`)
    .replaceAll('"$ref":"#"', `"$ref":"${COMPONENTS}${owner}"`);
  return JSON.parse(text);
}
