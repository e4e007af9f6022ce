/** Where the service is and who asks it: from options, the environment, a login, or the service that runs here. */
import { join } from 'node:path';
import * as z from 'zod';
import type { Files } from './files.ts';

export interface Settings {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly sandbox: string | undefined;
  /** Where each of them is from. */
  readonly sources: Readonly<Record<'url' | 'token' | 'sandbox', string>>;
}

interface Given {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly sandbox?: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

const kept = z.object({ url: z.string(), token: z.string(), sandbox: z.string().optional() });
const local = z.object({ apiUrl: z.string(), token: z.string(), sandbox: z.string() });

export const loginFile = ({ XDG_CONFIG_HOME, HOME = '.' }: Env): string =>
  join(XDG_CONFIG_HOME ?? join(HOME, '.config'), 'shoal', 'login.json');

const localFile = ({ SHOAL_DIR }: Env): string => join(SHOAL_DIR ?? '.shoal', 'local.json');

/** A token is never sent to an address that came from elsewhere than it did, unless the user named either. */
export function readSettings(options: Given, env: Env, files: Pick<Files, 'read'>): Settings {
  const named: Given = { url: env.SHOAL_URL, token: env.SHOAL_TOKEN, sandbox: env.SHOAL_SANDBOX };
  const login = parse(kept, files.read(loginFile(env)));
  const here = parse(local, files.read(localFile(env)));
  const isNamed = (options.url ?? named.url) !== undefined;
  const sources: readonly (readonly [string, Given])[] = [
    ['option', options],
    ['environment', named],
    ...(isNamed || login === undefined ? [] : [[loginFile(env), login] as const]),
    ...(isNamed || login !== undefined || here === undefined
      ? []
      : [[localFile(env), { ...here, url: here.apiUrl }] as const]),
  ];
  const first = (field: keyof Given) => sources.find(([, given]) => given[field] !== undefined);
  const [url, token, sandbox] = [first('url'), first('token'), first('sandbox')];
  return {
    url: withoutBasePath(url?.[1].url),
    token: token?.[1].token,
    sandbox: sandbox?.[1].sandbox,
    sources: { url: url?.[0] ?? 'nowhere', token: token?.[0] ?? 'nowhere', sandbox: sandbox?.[0] ?? 'default' },
  };
}

const withoutBasePath = (url: string | undefined) => url?.replace(/(\/data\/core\/ups)?\/*$/, '');

function parse<Shape>(schema: z.ZodType<Shape>, text: string | undefined): Shape | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
