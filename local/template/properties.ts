/**
 * Which properties of a resource the runner acts on, and which it leaves out knowingly and why. A property that is in
 * neither list is an error by name: silence would mean that what runs here isn't what is deployed.
 */

/**
 * `true`: acted upon, with all that is in it. A string: ignored, for this reason. An object: its own properties.
 * The name `*` stands for every property that isn't named.
 */
export type PropertyRule = true | string | { readonly [name: string]: PropertyRule };

export type PropertyRules = { readonly [name: string]: PropertyRule };

export interface Strangers {
  readonly place: string;
  readonly rules: PropertyRules;
}

/** The paths of all properties that the rules don't know. Lists are looked through as if they were their items. */
export function unknownProperties(value: unknown, { place, rules }: Strangers): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unknownProperties(item, { place, rules }));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : rules['*'];
    if (rule === undefined) return [`${place}.${name}`];
    return typeof rule === 'object' ? unknownProperties(inner, { place: `${place}.${name}`, rules: rule }) : [];
  });
}
