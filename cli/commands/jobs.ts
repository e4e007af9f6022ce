import {
  cancelSegmentJob,
  createSegmentJob,
  getSegmentJob,
  listSegmentJobs,
  redriveSegmentJob,
} from '#shared/api/operations/segment-jobs.ts';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';
import { segmentId } from '../segment-names.ts';
import { type Command, count, isSet, type Shell } from '../shell.ts';
import { facts, instant, table } from '../table.ts';

const POLL_MS = 1_000;
const OVER = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

function jobText({ id, status, metrics, errors, properties: { progress } }: SegmentJobResource): string {
  const { totalProfiles, totalTime, segmentedProfileByStatusCounter: counters = {} } = metrics;
  const rows = Object.entries(counters).map(([segment, { realized = 0, existing = 0, exited = 0 }]) => {
    return [segment, realized + existing, realized, existing, exited] as const;
  });
  return [
    facts([
      ['job', id],
      ['status', status],
      ['profiles', totalProfiles ?? progress.profiles],
      ['took', totalTime && `${(totalTime.totalTimeInMs / 1000).toFixed(1)} s`],
      ...errors.map(({ code, msg }) => ['error', `${code}: ${msg}`] as const),
    ]),
    ...(rows.length > 0 ? [table(['segment', 'members', 'realized', 'existing', 'exited'], rows)] : []),
  ].join('\n');
}

const codeOf = ({ status }: SegmentJobResource) => (status === 'FAILED' || status === 'CANCELLED' ? 1 : 0);

const waitOption = {
  wait: { type: 'boolean', says: 'until it is over; the exit code is 1 if it did not succeed' },
} as const;

async function over(id: string, { api, sleep, stopped }: Shell): Promise<SegmentJobResource> {
  for (;;) {
    const { body } = await api.call(getSegmentJob, { pathParameters: { id } });
    if (OVER.has(body.status) || stopped.aborted) return body;
    await sleep(POLL_MS);
  }
}

async function show(job: SegmentJobResource, shell: Shell): Promise<number> {
  const shown = isSet(shell, 'wait') ? await over(job.id, shell) : job;
  shell.answer(shown, () => jobText(shown));
  return codeOf(shown);
}

const start: Command = {
  name: 'jobs start',
  summary: 'Counts definitions, or every published one, over all profiles',
  takes: ['[segment…]'],
  options: waitOption,
  run: async (shell) => {
    const ids = await Promise.all(shell.arguments.map((each) => segmentId(each, shell)));
    const wanted = ids.length === 0 ? ['*'] : ids;
    const { body } = await shell.api.call(createSegmentJob, { body: wanted.map((id) => ({ segmentId: id })) });
    return show(body, shell);
  },
};

const list: Command = {
  name: 'jobs list',
  summary: 'Lists segment jobs, the newest first',
  options: { limit: { type: 'string', value: 'N', says: 'at most so many (20)' } },
  run: async (shell) => {
    const { body } = await shell.api.call(listSegmentJobs, { query: { limit: count(shell, 'limit', 20) } });
    const rows = body.children.map(({ id, status, creationTime, metrics, segments }) => {
      return [id, status, instant(creationTime), metrics.totalProfiles, segments.length] as const;
    });
    shell.answer(body, () => table(['job', 'status', 'made', 'profiles', 'segments'], rows));
    return 0;
  },
};

const get: Command = {
  name: 'jobs get',
  summary: 'Shows a job: its status, how far it is, and what it counted',
  takes: ['job'],
  run: async (shell) => {
    const pathParameters = { id: shell.arguments[0] as string };
    const { body } = await shell.api.call(getSegmentJob, { pathParameters });
    shell.answer(body, () => jobText(body));
    return 0;
  },
};

const wait: Command = {
  name: 'jobs wait',
  summary: 'Waits until a job is over',
  takes: ['job'],
  more: 'The exit code is 1 if it did not succeed.',
  run: async (shell) => {
    const job = await over(shell.arguments[0] as string, shell);
    shell.answer(job, () => jobText(job));
    return codeOf(job);
  },
};

const cancel: Command = {
  name: 'jobs cancel',
  summary: 'Cancels a job; one that is over stays as it is',
  takes: ['job'],
  run: async (shell) => {
    const pathParameters = { id: shell.arguments[0] as string };
    await shell.api.call(cancelSegmentJob, { pathParameters });
    const { body } = await shell.api.call(getSegmentJob, { pathParameters });
    shell.answer(body, () => jobText(body));
    return 0;
  },
};

const redrive: Command = {
  name: 'jobs redrive',
  summary: 'Goes on with a job that failed or was cancelled',
  takes: ['job'],
  options: waitOption,
  run: async (shell) => {
    const pathParameters = { id: shell.arguments[0] as string };
    return show((await shell.api.call(redriveSegmentJob, { pathParameters })).body, shell);
  },
};

export const jobCommands = [start, list, get, wait, cancel, redrive] as const;
