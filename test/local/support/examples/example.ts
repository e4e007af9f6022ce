/** What examples are made of, and what each leaves for those behind it. */
import type { ApiCall } from '../api-caller.ts';

export interface Example {
  /** Its id in the catalogue. */
  readonly operation: string;
  readonly call: () => ApiCall;
  readonly keep?: (answer: unknown) => void;
  /** A refusal of this status; a success without one. */
  readonly status?: number;
  /** Asked until it is so: something of the service has to come round first. */
  readonly waits?: true;
}

/** What answers were called, by the names that examples give them. */
export const known: Record<string, string> = {};

export const keep =
  (name: string, field = 'id') =>
  (answer: unknown) => {
    known[name] = String((answer as Record<string, unknown>)[field]);
  };

export const id = (name: string) => ({ parameters: { id: known[name] ?? '' } });
export const text = (value: string) => ({ type: 'PQL', format: 'pql/text', value });
export const ifMatch = (tag: string) => ({ headers: { 'if-match': `"${tag}"` } });

export const example = (operation: string, call: Example['call'] = () => ({}), kept?: Example['keep']): Example => ({
  operation,
  call,
  ...(kept === undefined ? {} : { keep: kept }),
});

export const refused = (status: number, operation: string, call: Example['call']): Example => ({
  operation,
  call,
  status,
});

export const waiting = (some: Example): Example => ({ ...some, waits: true });
