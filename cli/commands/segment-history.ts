import {
  getSegmentDefinition,
  listSegmentVersions,
  rollBackSegmentDefinition,
} from '#shared/api/operations/segment-definitions.ts';
import { segmentId } from '../segment-names.ts';
import { type Command, count, text, UsageError } from '../shell.ts';
import { instant, table } from '../table.ts';
import { definitionText } from './segments.ts';

const versions: Command = {
  name: 'segments versions',
  summary: 'Lists the versions of a definition, the newest first: who, when, why, and what changed',
  takes: ['segment'],
  options: { limit: { type: 'string', value: 'N', says: 'at most so many (20)' } },
  run: async (shell) => {
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const query = { limit: count(shell, 'limit', 20) };
    const { body } = await shell.api.call(listSegmentVersions, { pathParameters, query });
    const rows = body.versions.map(({ version, updateTime, updatedBy, note, differences }) => {
      const changed = differences.map(({ path }) => path).join(', ') || undefined;
      return [version, instant(updateTime), updatedBy, changed, note];
    });
    shell.answer(body, () => table(['version', 'made', 'by', 'changed', 'note'], rows));
    return 0;
  },
};

const rollback: Command = {
  name: 'segments rollback',
  summary: 'Makes the next version of a definition from an earlier one',
  takes: ['segment', 'version'],
  options: { note: { type: 'string', value: 'TEXT', says: 'why' } },
  run: async (shell) => {
    const [name = '', given = ''] = shell.arguments;
    if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`${given}: a version is a whole number from 1`);
    const pathParameters = { id: await segmentId(name, shell) };
    const { etag } = await shell.api.call(getSegmentDefinition, { pathParameters });
    const { body } = await shell.api.call(rollBackSegmentDefinition, {
      pathParameters,
      body: { version: Number(given), note: text(shell, 'note') },
      ifMatch: etag,
    });
    shell.answer(body, () => definitionText(body));
    return 0;
  },
};

export const historyCommands = [versions, rollback] as const;
