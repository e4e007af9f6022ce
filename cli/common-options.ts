import type { Command } from './shell.ts';

/** What every command takes. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', says: 'the answer as JSON' },
  url: { type: 'string', value: 'URL', says: 'of the service, before /data/core/ups' },
  token: { type: 'string', value: 'TOKEN', says: 'that lets you in' },
  sandbox: { type: 'string', value: 'NAME', says: 'prod without it' },
  help: { type: 'boolean', short: 'h', says: 'this' },
} as const satisfies NonNullable<Command['options']>;
