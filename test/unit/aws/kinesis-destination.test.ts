import type { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import type { CloudEvent } from '#shared/activation/change-event.ts';
import { KinesisDestination } from '#shared/aws/kinesis-destination.ts';

const event = (subject: string, n: number): CloudEvent => ({
  ...{ specversion: '1.0', id: `${subject}-${n}`, source: 'shoal/prod', type: 'x', subject },
  ...{ time: '2026-01-01T00:00:00.000Z', datacontenttype: 'application/json', data: {} },
});

/** A stream that refuses records as it is told, and keeps the others in the order in which it took them. */
function stream(refuses: (id: string, attempt: number) => boolean) {
  const taken: string[] = [];
  const attempts = new Map<string, number>();
  const send = async ({ input }: PutRecordsCommand) => {
    const Records = (input.Records ?? []).map(({ Data }) => {
      const { id } = JSON.parse(Buffer.from(Data as Uint8Array).toString()) as CloudEvent;
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      if (refuses(id, attempt)) return { ErrorCode: 'ProvisionedThroughputExceededException' };
      taken.push(id);
      return { SequenceNumber: String(taken.length) };
    });
    return { Records };
  };
  return { taken, client: { send } as unknown as KinesisClient };
}

const events = [event('p1', 1), event('p2', 1), event('p1', 2), event('p3', 1), event('p1', 3), event('p2', 2)];
const ofProfile = (taken: readonly string[], profile: string) => taken.filter((id) => id.startsWith(profile));

test('a record that the stream refuses at first holds back the later ones of its profile', async () => {
  const { client, taken } = stream((id, attempt) => id === 'p1-1' && attempt < 3);

  expect(await new KinesisDestination(client).deliver('crm', events)).toEqual({ ok: true, value: {} });

  expect(ofProfile(taken, 'p1')).toEqual(['p1-1', 'p1-2', 'p1-3']);
  expect(ofProfile(taken, 'p2')).toEqual(['p2-1', 'p2-2']);
  expect(taken).toHaveLength(events.length);
});

test('one that it never takes fails the delivery before any later one of its profile went out', async () => {
  const { client, taken } = stream((id) => id === 'p1-2');
  const result = await new KinesisDestination(client).deliver('crm', events);

  expect(result).toMatchObject({ ok: false, error: { isFinal: false } });
  expect(ofProfile(taken, 'p1')).toEqual(['p1-1']);
});
