/**
 * What a function needs from its environment, said once: `functions/<name>/env.ts` holds the table, the function reads it
 * here, and infra cannot declare the function without giving every variable of it.
 */
import type * as z from 'zod';

export type Env = Readonly<Record<string, z.ZodType>>;

/** What infra must provide: every variable, as text (CloudFormation knows nothing else). */
export type EnvVariables<Needs extends Env> = { readonly [Name in keyof Needs]: string };

/** What the function gets: every variable, parsed. */
export type EnvValues<Needs extends Env> = { readonly [Name in keyof Needs]: z.output<Needs[Name]> };

/** Names every variable that is missing or wrong, so that one failed deployment is enough to find them all. */
export function readEnv<Needs extends Env>(
  needs: Needs,
  source: Readonly<Record<string, string | undefined>> = process.env,
): EnvValues<Needs> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(needs)) {
    const parsed = type.safeParse(source[name]);
    if (parsed.success) values[name] = parsed.data;
    else
      problems.push(source[name] === undefined ? `${name} is missing` : `${name}: ${parsed.error.issues[0]?.message}`);
  }
  if (problems.length > 0) throw new Error(`The function's environment is incomplete: ${problems.join('; ')}`);
  return values as EnvValues<Needs>;
}
