/** Profiles, events, the feed of changes, and fields. */

import { listChanges } from '#shared/api/operations/changes.ts';
import { collectEvents } from '#shared/api/operations/events.ts';
import { evaluatePerson, getEntity } from '#shared/api/operations/profiles.ts';
import { listFields } from '#shared/api/operations/schemas.ts';
import { json } from '../json-text.ts';
import { identityOf } from '../segment-names.ts';
import { type Command, count, isSet, type Shell, text, texts } from '../shell.ts';
import { facts, table } from '../table.ts';

type Memberships = Readonly<
  Record<string, { readonly status: string; readonly lastQualificationTime: string; readonly name: string }>
>;

const membershipTable = (memberships: Memberships) =>
  table(
    ['segment', 'status', 'since'],
    Object.values(memberships).map(({ name, status, lastQualificationTime }) => [name, status, lastQualificationTime]),
  );

const get: Command = {
  name: 'profiles get',
  summary: 'Shows somebody: attributes, identities, memberships as of now, and what they did last',
  takes: ['namespace:id'],
  options: { events: { type: 'string', value: 'N', says: 'the last so many events (5)' } },
  run: async (shell) => {
    const limit = Math.max(1, count(shell, 'events', 5));
    const query = { ...identityOf(shell.arguments[0] as string), limit };
    const { body } = await shell.api.call(getEntity, { query });
    const identities = body.identities.map(({ namespace, id }) => `${namespace}:${id}`).join(', ');
    const events = body.events.map(
      ({ timestamp, eventType, _id }) => [timestamp, String(eventType ?? '–'), _id] as const,
    );
    shell.answer(body, () =>
      [
        facts([
          ['profile', body.entityId],
          ['as of', body.evaluatedAt],
          ['identities', identities],
          ['attributes', JSON.stringify(body.attributes)],
        ]),
        membershipTable(body.segmentMembership.ups),
        `${table(['time', 'event', 'id'], events)}\n${body.page.totalCount} events in all`,
      ].join('\n\n'),
    );
    return 0;
  },
};

const evaluate: Command = {
  name: 'profiles evaluate',
  summary: 'Says which segments somebody is in now, with events and attributes that are not stored',
  takes: ['namespace:id'],
  options: {
    event: {
      type: 'string',
      multiple: true,
      value: 'JSON',
      says: 'an event that is supposed; may be given several times',
    },
    attributes: { type: 'string', value: 'JSON', says: 'attributes that are supposed' },
  },
  run: async (shell) => {
    const attributes = text(shell, 'attributes');
    const body = {
      ...identityOf(shell.arguments[0] as string),
      events: texts(shell, 'event').map((each) => json(each, '--event')),
      ...(attributes === undefined ? {} : { attributes: json(attributes, '--attributes') }),
    };
    // Held to its schema by the service, which names each mistake.
    const answer = await shell.api.call(evaluatePerson, { body: body as never });
    shell.answer(answer.body, () => membershipTable(answer.body.segmentMembership.ups));
    return 0;
  },
};

const EVENTS_PER_CALL = 500;
const REASONS_SHOWN = 10;

const send: Command = {
  name: 'events send',
  summary: 'Sends events and profile records, a line of JSON each, from standard input',
  more: 'The exit code is 1 if any of them was not taken.',
  run: async (shell) => {
    const totals = { accepted: 0, rejected: 0, reasons: [] as { line: number; reason: string }[] };
    let batch: { line: number; event: unknown }[] = [];
    const flush = async () => {
      if (batch.length > 0) await sendBatch(batch, totals, shell);
      batch = [];
    };
    let number = 0;
    for await (const line of shell.input) {
      number += 1;
      if (line.trim() === '') continue;
      batch.push({ line: number, event: json(line, `line ${number}`) });
      if (batch.length === EVENTS_PER_CALL) await flush();
    }
    await flush();
    const reasons = totals.reasons.slice(0, REASONS_SHOWN).map(({ line, reason }) => `line ${line}: ${reason}`);
    shell.answer(totals, () => [`${totals.accepted} taken, ${totals.rejected} refused`, ...reasons].join('\n'));
    return totals.rejected === 0 ? 0 : 1;
  },
};

async function sendBatch(
  batch: readonly { readonly line: number; readonly event: unknown }[],
  totals: { accepted: number; rejected: number; reasons: { line: number; reason: string }[] },
  { api }: Shell,
): Promise<void> {
  const { body } = await api.call(collectEvents, { body: batch.map(({ event }) => event) });
  totals.accepted += body.accepted;
  totals.rejected += body.rejected;
  for (const [index, { status, reason = '' }] of body.results.entries()) {
    if (status !== 202) totals.reasons.push({ line: batch[index]?.line ?? 0, reason: `${status} ${reason}` });
  }
}

const FOLLOW_PAUSE_MS = 1_000;

const follow: Command = {
  name: 'changes follow',
  summary: 'Shows who enters and leaves, as it happens',
  options: {
    segment: { type: 'string', value: 'NAME', says: 'of this definition only: its name or id' },
    'from-start': { type: 'boolean', says: 'begin with the oldest change that is kept, not with the next one' },
    after: { type: 'string', value: 'CURSOR', says: 'begin after a cursor' },
    limit: { type: 'string', value: 'N', says: 'end after so many' },
    once: { type: 'boolean', says: 'end when there are no more' },
  },
  more: 'With --json a line each. It goes on until it is stopped, by Ctrl-C for instance.',
  run: async (shell) => {
    const segment = text(shell, 'segment');
    let left = count(shell, 'limit', 0) || Number.POSITIVE_INFINITY;
    let after = text(shell, 'after');
    if (after === undefined && !isSet(shell, 'from-start')) after = await endOf(shell);
    while (left > 0 && !shell.stopped.aborted) {
      const { body } = await shell.api.call(listChanges, { query: { after, limit: 1000 } });
      const wanted = body.changes.filter(({ segmentId, segmentName }) =>
        [undefined, segmentId, segmentName].includes(segment),
      );
      for (const change of wanted.slice(0, left)) shell.print(`${changeLine(change, shell)}\n`);
      left -= wanted.length;
      after = body.next;
      if (body.hasMore) continue;
      if (isSet(shell, 'once')) break;
      await shell.sleep(FOLLOW_PAUSE_MS);
    }
    return 0;
  },
};

async function endOf({ api }: Shell): Promise<string> {
  let after: string | undefined;
  for (;;) {
    const { body } = await api.call(listChanges, { query: { after, limit: 1000 } });
    after = body.next;
    if (!body.hasMore) return after;
  }
}

function changeLine(change: Readonly<Record<string, unknown>>, shell: Shell): string {
  if (isSet(shell, 'json')) return JSON.stringify(change);
  const { time, status, segmentName, cause, identities, profileId } = change;
  const [first] = identities as { namespace: string; id: string }[];
  const person = first ? `${first.namespace}:${first.id}` : profileId;
  return `${time}  ${status === 'realized' ? '→' : '←'} ${segmentName}  ${person}  (${cause})`;
}

const fields: Command = {
  name: 'schemas fields',
  summary: 'Lists fields, with how many records have them and their frequent values',
  takes: ['[words]'],
  options: {
    'with-data': { type: 'boolean', says: 'only those that some record carried' },
    limit: { type: 'string', value: 'N', says: 'at most so many (50)' },
  },
  run: async (shell) => {
    const withData = isSet(shell, 'with-data') ? ({ withData: 'true' } as const) : {};
    const query = { q: shell.arguments[0] ?? '', limit: count(shell, 'limit', 50), ...withData };
    const { body } = await shell.api.call(listFields, { query });
    const rows = body.fields.map(({ path, type, isList, observed }) => {
      const filled = observed && `${(observed.filled * 100).toFixed(1)} %`;
      const values = observed?.topValues?.slice(0, 3).map(({ value }) => value);
      return [path, `${type ?? '?'}${isList ? '[]' : ''}`, filled, values?.join(', ')] as const;
    });
    shell.answer(
      body,
      () => `${table(['field', 'type', 'filled', 'values'], rows)}\n${body.page.totalCount} fields in all`,
    );
    return 0;
  },
};

export const dataCommands = [get, evaluate, send, follow, fields] as const;
