/**
 * What Lambda writes to the bucket when a stream mapping gives a batch up: the place in the stream, why, and the event
 * that the function was called with, as JSON within JSON. Read as what to put into the event stream for it.
 */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import type { StreamRecord } from './ports.ts';

export interface FailedInvocation {
  readonly holds: 'events' | 'changes';
  readonly records: readonly StreamRecord[];
  readonly condition?: string;
  readonly failedAt?: string;
}

interface Payload {
  readonly Records?: readonly {
    readonly kinesis?: { readonly partitionKey?: string; readonly data?: string };
    readonly dynamodb?: { readonly Keys?: { readonly pk?: { readonly S?: string } } };
  }[];
}

interface InvocationRecord {
  readonly requestContext?: { readonly condition?: string };
  readonly timestamp?: string;
  readonly KinesisBatchInfo?: unknown;
  readonly DDBStreamBatchInfo?: unknown;
  readonly payload?: string | Payload;
}

export function readInvocationRecord(text: string): Result<FailedInvocation, string> {
  const record = parse<InvocationRecord>(text);
  if (record === undefined) return fail('the object is not JSON');
  const payload = typeof record.payload === 'string' ? parse<Payload>(record.payload) : record.payload;
  if (!Array.isArray(payload?.Records)) return fail('the object holds no payload with Records');
  const holds = record.DDBStreamBatchInfo === undefined ? 'events' : 'changes';
  const records = holds === 'events' ? eventsIn(payload) : resyncsOf(payload);
  if (records === undefined) return fail(`a record of the payload is none of ${holds}`);
  const { requestContext, timestamp } = record;
  return ok({ holds, records, condition: requestContext?.condition, failedAt: timestamp });
}

function parse<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As they came, with the partition keys that they came with. */
function eventsIn({ Records = [] }: Payload): readonly StreamRecord[] | undefined {
  const records = Records.flatMap(({ kinesis: { partitionKey, data } = {} }) =>
    partitionKey === undefined || data === undefined ? [] : [{ partitionKey, data: Buffer.from(data, 'base64') }],
  );
  return records.length === Records.length ? records : undefined;
}

/**
 * Changes are not published as they were: newer ones of the same profile may be out already. Each profile publishes what
 * it is now, under its next version.
 */
function resyncsOf({ Records = [] }: Payload): readonly StreamRecord[] | undefined {
  const keys = Records.flatMap(({ dynamodb }) => dynamodb?.Keys?.pk?.S ?? []);
  if (keys.length !== Records.length) return undefined;
  return [...new Set(keys)].map((key) => {
    const at = key.indexOf('#');
    const profile = { sandboxName: key.slice(0, at), profileId: key.slice(at + 1) };
    return { partitionKey: profile.profileId, data: new TextEncoder().encode(wakeUpRecord('resync', profile)) };
  });
}
