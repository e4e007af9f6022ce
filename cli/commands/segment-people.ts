/** Who is in a segment, how many there were, and why somebody is in or out. */

import type { ExplanationNodeResource, MembershipExplanation } from '#shared/api/explanations.ts';
import { createPreview, getEstimate, getPreview } from '#shared/api/operations/previews.ts';
import { explainSegmentMembership } from '#shared/api/operations/profiles.ts';
import { getSegmentTrend } from '#shared/api/operations/segment-jobs.ts';
import { listSegmentMembers } from '#shared/api/operations/segment-members.ts';
import type { EstimateResource } from '#shared/api/previews.ts';
import type { SegmentMembers } from '#shared/api/segment-members.ts';
import { identityOf, segmentId } from '../segment-names.ts';
import { type Command, CommandFailure, count, isSet, type Shell, text, textOrInput } from '../shell.ts';
import { facts, table } from '../table.ts';

const POLL_MS = 500;

const preview: Command = {
  name: 'segments preview',
  summary: 'Says how many people an expression holds for, before anything is saved',
  takes: ['pql'],
  options: {
    compare: { type: 'string', value: 'SEGMENT', says: 'who would enter and leave that definition' },
    clauses: { type: 'boolean', says: 'what each condition keeps and drops' },
    sample: { type: 'string', value: 'N', says: 'show so many of the people (0)' },
    'time-zone': { type: 'string', value: 'ZONE', says: 'of its calendar days' },
  },
  run: async (shell) => {
    const predicateExpression = await textOrInput(shell.arguments[0] as string, shell);
    const compared = text(shell, 'compare');
    const compareWith = compared === undefined ? undefined : { segmentId: await segmentId(compared, shell) };
    const created = await shell.api.call(createPreview, {
      body: { predicateExpression, compareWith, clauses: isSet(shell, 'clauses'), timeZone: text(shell, 'time-zone') },
    });
    const { previewId } = created.body;
    const estimate = await ready(previewId, created.body.estimate, shell);
    const limit = count(shell, 'sample', 0);
    const people = limit === 0 ? undefined : await sampleOf(previewId, Math.min(limit, 100), shell);
    shell.answer({ previewId, ...estimate, ...(people && { sample: people }) }, () =>
      [
        estimateText(estimate),
        ...(people
          ? [
              table(
                ['person'],
                people.map((person) => [person]),
              ),
            ]
          : []),
      ].join('\n\n'),
    );
    return 0;
  },
};

async function ready(id: string, first: EstimateResource, { api, sleep, stopped }: Shell): Promise<EstimateResource> {
  let estimate = first;
  while (estimate.state === 'NEW' || estimate.state === 'RUNNING') {
    await sleep(POLL_MS);
    if (stopped.aborted) return estimate;
    estimate = (await api.call(getEstimate, { pathParameters: { id } })).body;
  }
  if (estimate.state === 'FAILED') throw new CommandFailure(`The preview failed: ${estimate.error?.description}`);
  return estimate;
}

async function sampleOf(id: string, limit: number, { api }: Shell): Promise<readonly string[]> {
  const { body } = await api.call(getPreview, { pathParameters: { id }, query: { limit } });
  return body.results.map(({ objectId, relatedObjects: [first] }) =>
    first ? `${first.namespaceId}:${first.objectId}` : objectId,
  );
}

function estimateText(estimate: EstimateResource): string {
  const {
    estimatedSize,
    low,
    high,
    exact,
    totalRows,
    profilesReadSoFar,
    difference,
    clauses = [],
    expression,
  } = estimate;
  const changes = difference && [
    ['would enter', difference.enter.estimatedSize] as const,
    ['would leave', difference.leave.estimatedSize] as const,
  ];
  const sizes = facts([
    ['people', `${estimatedSize.toLocaleString('en')} ${exact ? 'exactly' : `(${low} to ${high})`}`],
    ['of', totalRows],
    ['looked at', exact ? undefined : profilesReadSoFar],
    ...(changes ?? []),
  ]);
  if (clauses.length === 0) return sizes;
  const rows = clauses.map(({ span, alone, remaining, dropsAlone, addsAlone }) => {
    return [alone, remaining, dropsAlone, addsAlone, expression.slice(span.start, span.end)] as const;
  });
  return `${sizes}\n\n${table(['alone', 'keeps', 'drops alone', 'adds alone', 'condition'], rows)}`;
}

const members: Command = {
  name: 'segments members',
  summary: 'Lists who is in, since when, and when they leave if nothing happens',
  takes: ['segment'],
  options: {
    limit: { type: 'string', value: 'N', says: 'at most so many (50)' },
    all: { type: 'boolean', says: 'everybody, page by page' },
  },
  run: async (shell) => {
    const id = await segmentId(shell.arguments[0] as string, shell);
    const wanted = isSet(shell, 'all') ? Number.POSITIVE_INFINITY : count(shell, 'limit', 50);
    const found: SegmentMembers['members'] = [];
    let page: SegmentMembers | undefined;
    while (found.length < wanted && page?.next !== null && !shell.stopped.aborted) {
      const query = { limit: Math.min(100, wanted - found.length), ...(page ? { after: page.next as string } : {}) };
      page = (await shell.api.call(listSegmentMembers, { pathParameters: { id }, query })).body;
      found.push(...page.members);
    }
    const answered = page as SegmentMembers;
    shell.answer({ ...answered, members: found }, () => `${memberTable(found)}\n${completeness(answered)}`);
    return 0;
  },
};

const memberTable = (found: SegmentMembers['members']) =>
  table(
    ['person', 'status', 'since', 'leaves'],
    found.map(({ profileId, status, lastQualificationTime, leavesAt, identities: [first] }) => {
      return [first ? `${first.namespace}:${first.id}` : profileId, status, lastQualificationTime, leavesAt] as const;
    }),
  );

function completeness({ snapshot, evaluatedAt, isComplete, missing, next }: SegmentMembers): string {
  const base = snapshot === null ? 'from the feed' : `from a snapshot of ${snapshot.asOf} and the feed since`;
  const more = next === null ? '' : '; there are more: --all, or a higher --limit';
  return `as of ${evaluatedAt}, ${base}${isComplete ? '' : `\nmay be missing: ${missing}`}${more}`;
}

const BARS = 30;

const trend: Command = {
  name: 'segments trend',
  summary: 'Shows how many members there were whenever everybody was counted',
  takes: ['segment'],
  options: { limit: { type: 'string', value: 'N', says: 'the last so many counts (20)' } },
  run: async (shell) => {
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const query = { limit: count(shell, 'limit', 20) };
    const { body } = await shell.api.call(getSegmentTrend, { pathParameters, query });
    const most = Math.max(1, ...body.points.map(({ members: size }) => size));
    const bar = (size: number) => '▇'.repeat(Math.round((size / most) * BARS));
    const rows = body.points.map(({ countedAt, members: size }) => [countedAt, size, bar(size)] as const);
    shell.answer(body, () =>
      rows.length === 0 ? 'never counted: shoal jobs start' : table(['counted', 'members', ''], rows),
    );
    return 0;
  },
};

const explain: Command = {
  name: 'segments explain',
  summary: 'Says why somebody is in or out, and when that changes by itself',
  takes: ['segment', 'namespace:id'],
  options: {
    at: { type: 'string', value: 'INSTANT', says: 'as of an earlier instant, ISO 8601' },
    version: { type: 'string', value: 'N', says: 'by an earlier version of the definition' },
  },
  run: async (shell) => {
    const [name = '', person = ''] = shell.arguments;
    const pathParameters = { id: await segmentId(name, shell) };
    const query = { ...identityOf(person), at: text(shell, 'at'), version: text(shell, 'version') };
    const { body } = await shell.api.call(explainSegmentMembership, { pathParameters, query });
    shell.answer(body, () => explanationText(body));
    return 0;
  },
};

function explanationText({ qualifies, at, membership, nextFlip, explanation }: MembershipExplanation): string {
  const since = membership && `${membership.status} since ${membership.lastQualificationTime}`;
  return [
    facts([
      ['qualifies', qualifies ? 'yes' : 'no'],
      ['as of', at],
      ['stored', since ?? 'no membership'],
      [
        'changes',
        nextFlip === null ? 'not by time alone' : `${nextFlip.at}${nextFlip.certain ? '' : ' at the earliest'}`,
      ],
    ]),
    ...linesOf(explanation, ''),
  ].join('\n');
}

const EVENTS_SHOWN = 5;

/** Conditions only: below one stand the events that count for it. */
function linesOf(node: ExplanationNodeResource, indent: string): string[] {
  const mark = node.outcome === undefined ? ' ' : node.outcome ? '✓' : '✗';
  const own = `${indent}${mark} ${node.text}${node.decisive ? '   ← decides' : ''}${needOf(node)}`;
  const conditions = node.children.filter(({ outcome }) => outcome !== undefined);
  const events = eventsOf(node).slice(0, EVENTS_SHOWN);
  const seen = events.map(({ timestamp, eventType, countsUntil }) => {
    return `${indent}    ${timestamp}  ${eventType ?? ''}${countsUntil ? `  counts until ${countsUntil}` : ''}`;
  });
  return [own, ...seen, ...conditions.flatMap((condition) => linesOf(condition, `${indent}  `))];
}

type Evidence = NonNullable<ExplanationNodeResource['evidence']>;

/** Evidence stands at the lists that a condition is about, below it. */
function eventsOf({ evidence, children }: ExplanationNodeResource): Evidence['events'][number][] {
  const below = children.filter(({ outcome }) => outcome === undefined).flatMap(eventsOf);
  const all = [...(evidence?.events ?? []), ...below].filter(({ matched }) => matched);
  return [...new Map(all.map((event) => [event.eventId, event])).values()];
}

function needOf({ need }: ExplanationNodeResource): string {
  if (need === undefined) return '';
  return `   has ${need.have ?? 'no value'}, needs ${need.comparison} ${need.want}`;
}

export const peopleCommands = [preview, members, trend, explain] as const;
