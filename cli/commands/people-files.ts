/** Who belongs to an audience, from a file; and who is to be forgotten. */
import { createSystemJob } from '#shared/api/operations/system-jobs.ts';
import { createAudienceUpload } from '#shared/api/operations/uploads.ts';
import { identityOf } from '../segment-names.ts';
import { type Command, text, textOrInput, UsageError } from '../shell.ts';
import { facts } from '../table.ts';

const upload: Command = {
  name: 'audiences upload',
  summary: 'Says who belongs to an uploaded audience from now on, by a CSV file',
  takes: ['audience', 'file'],
  options: {
    column: { type: 'string', value: 'NAME', says: 'of the identities' },
    namespace: { type: 'string', value: 'NAME', says: 'of the identities, such as Email' },
    until: { type: 'string', value: 'NAME', says: 'the column of instants until which each belongs' },
    days: { type: 'string', value: 'N', says: 'for whoever has no instant (30)' },
  },
  more: 'The file is - for standard input. It is the whole membership: whoever is not in it leaves.',
  run: async (shell) => {
    const [id = '', file = ''] = shell.arguments;
    const csv = file === '-' ? await textOrInput('-', shell) : shell.files.read(file);
    if (csv === undefined) throw new UsageError(`${file}: there is no such file`);
    const [column, namespace] = [text(shell, 'column'), text(shell, 'namespace')];
    if (column === undefined || namespace === undefined) throw new UsageError('Give --column and --namespace.');
    const validUntilColumn = text(shell, 'until');
    const days = text(shell, 'days');
    const { body } = await shell.api.call(createAudienceUpload, {
      pathParameters: { id },
      body: {
        csv,
        identity: { column, namespace },
        ...(validUntilColumn && { validUntilColumn }),
        ...(days && { ttlInDays: Number(days) }),
      },
    });
    shell.answer(body, () =>
      facts([
        ['upload', body.id],
        ['status', body.status],
        ['rows', body.rows],
      ]),
    );
    return 0;
  },
};

const erase: Command = {
  name: 'erasures start',
  summary: 'Erases somebody, by any of their identities; the receipt is read by erasures get',
  takes: ['namespace:id', '[namespace:id…]'],
  options: { reason: { type: 'string', value: 'TEXT', says: 'kept on the receipt: no place for a name' } },
  run: async (shell) => {
    const identities = shell.arguments.map(identityOf).map(({ entityId, entityIdNS }) => ({
      namespace: entityIdNS,
      id: entityId,
    }));
    const reason = text(shell, 'reason');
    const { body } = await shell.api.call(createSystemJob, {
      body: { action: 'delete_identity', identities, ...(reason && { reason }) },
    });
    shell.answer(body, () =>
      facts([
        ['erasure', body.id],
        ['status', body.status],
      ]),
    );
    return 0;
  },
};

export const fileCommands: readonly Command[] = [upload, erase];
