import type { Supposed } from './use-segment.ts';

export interface Given {
  readonly eventType: string;
  /** Of a field: `loyalty.tier`. */
  readonly path: string;
  readonly value: string;
}

/** `undefined` where nothing is supposed. A value that reads as a number, a truth or null is one; an empty one takes the field away. */
export function supposedOf({ eventType, path, value }: Given): Supposed | undefined {
  const names = path.trim().split('.').filter(Boolean);
  const events = eventType.trim() === '' ? [] : [{ eventType: eventType.trim() }];
  if (events.length === 0 && names.length === 0) return undefined;
  return { events, ...(names.length === 0 ? {} : { attributes: nested(names, readValue(value.trim())) }) };
}

function nested([first = '', ...rest]: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  return { [first]: rest.length === 0 ? value : nested(rest, value) };
}

function readValue(text: string): unknown {
  if (text === '') return null;
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(text)) return JSON.parse(text);
  return text;
}
