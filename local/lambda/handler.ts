/** Finds a handler as Lambda's Node.js runtime does: `folder/file.export` in the unpacked code. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: object) => unknown;

const EXTENSIONS = ['.js', '.mjs', '.cjs'];

export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const [fileName = '', ...names] = basename(handler).split('.');
  const path = join(folder, dirname(handler), fileName);
  const extension = EXTENSIONS.find((candidate) => existsSync(`${path}${candidate}`));
  if (extension === undefined) throw named('Runtime.ImportModuleError', `Cannot find module '${path}'`);
  const module = (await import(pathToFileURL(`${path}${extension}`).href)) as Readonly<Record<string, unknown>>;
  const found = names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], module);
  if (typeof found === 'function') return found as Handler;
  throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
