import {
  createSegmentDefinition,
  deleteSegmentDefinition,
  getSegmentDefinition,
  listSegmentDefinitions,
  patchSegmentDefinition,
  publishSegmentDraft,
  validateSegmentDefinition,
} from '#shared/api/operations/segment-definitions.ts';
import type { SegmentDefinitionResource } from '#shared/api/segment-definitions.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { diagnosticText } from '../problems.ts';
import { segmentId } from '../segment-names.ts';
import { type Command, count, isSet, type Shell, text, textOrInput, texts, UsageError } from '../shell.ts';
import { facts, instant, table } from '../table.ts';

const rule = (value: string) => ({ type: 'PQL', format: 'pql/text', value }) as const;

const wordOptions = {
  description: { type: 'string', value: 'TEXT', says: 'what it is for' },
  folder: { type: 'string', value: 'A/B', says: 'folder that it is in' },
  tag: { type: 'string', multiple: true, value: 'TAG', says: 'a tag; may be given several times' },
  'time-zone': { type: 'string', value: 'ZONE', says: 'of its calendar days, for instance Europe/Berlin' },
  note: { type: 'string', value: 'TEXT', says: 'why this version was made' },
} as const satisfies Command['options'];

/** Only what was given: a PATCH leaves the rest as it is. */
function words(shell: Shell) {
  const given = {
    description: text(shell, 'description'),
    folder: text(shell, 'folder'),
    timeZone: text(shell, 'time-zone'),
    note: text(shell, 'note'),
    tags: texts(shell, 'tag').length > 0 ? [...texts(shell, 'tag')] : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function definitionText(definition: SegmentDefinitionResource): string {
  const { id, name, version, lifecycleState, evaluationInfo, expression, updateTime, ...rest } = definition;
  const { continuous } = evaluationInfo;
  return facts([
    ['name', name],
    ['id', id],
    ['state', `${lifecycleState}, version ${version} of ${instant(updateTime)}`],
    [
      'evaluated',
      continuous.enabled ? `continuously (${continuous.evaluationClass}), ${continuous.state}` : 'in batch',
    ],
    ['members', rest.size && sizeText(rest.size)],
    ['description', rest.description],
    ['folder', rest.folder],
    ['tags', rest.tags.length > 0 ? rest.tags.join(', ') : undefined],
    ['expression', expression.value],
  ]);
}

const sizeText = ({ members, asOf }: NonNullable<SegmentDefinitionResource['size']>) =>
  `${members.toLocaleString('en')}, counted as of ${asOf}`;

const list: Command = {
  name: 'segments list',
  summary: 'Lists definitions, the newest first',
  options: {
    search: { type: 'string', value: 'WORDS', says: 'words of the name, description, tags, folder or rule' },
    state: { type: 'string', value: 'STATE', says: 'draft, published, inactive or archived' },
    folder: { type: 'string', value: 'A/B', says: 'in it and in the folders within' },
    tag: { type: 'string', value: 'TAG', says: 'that have the tag' },
    sort: { type: 'string', value: 'FIELD:asc', says: 'name:asc, updateTime:desc, …' },
    limit: { type: 'string', value: 'N', says: 'at most so many (50)' },
  },
  run: async (shell) => {
    const lifecycleState = text(shell, 'state') as SegmentDefinitionResource['lifecycleState'] | undefined;
    const { body } = await shell.api.call(listSegmentDefinitions, {
      query: {
        limit: count(shell, 'limit', 50),
        search: text(shell, 'search'),
        folder: text(shell, 'folder'),
        tag: text(shell, 'tag'),
        sort: text(shell, 'sort'),
        lifecycleState,
      },
    });
    const rows = body.segments.map((definition) => {
      const { name, lifecycleState: state, version, size, updateTime, id } = definition;
      return [name, state, version, size?.members, instant(updateTime), id];
    });
    const { totalCount, pageSize } = body.page;
    const further = pageSize < totalCount ? `\n${pageSize} of ${totalCount}` : '';
    shell.answer(body, () => `${table(['name', 'state', 'version', 'members', 'changed', 'id'], rows)}${further}`);
    return 0;
  },
};

const get: Command = {
  name: 'segments get',
  summary: 'Shows a definition',
  takes: ['segment'],
  run: async (shell) => {
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const { body } = await shell.api.call(getSegmentDefinition, { pathParameters });
    shell.answer(body, () => definitionText(body));
    return 0;
  },
};

const create: Command = {
  name: 'segments create',
  summary: 'Creates a definition from PQL; it is live at once unless it is a draft',
  takes: ['name', 'pql'],
  options: { ...wordOptions, draft: { type: 'boolean', says: 'not live yet: see segments publish' } },
  more: 'The expression - is read from standard input.',
  run: async (shell) => {
    const [name = '', pql = ''] = shell.arguments;
    const body = { name, expression: rule(await textOrInput(pql, shell)), ...words(shell) };
    const draft = isSet(shell, 'draft') ? ({ lifecycleState: 'draft' } as const) : {};
    const answer = await shell.api.call(createSegmentDefinition, { body: { ...body, ...draft } });
    shell.answer(answer.body, () => definitionText(answer.body));
    return 0;
  },
};

const update: Command = {
  name: 'segments update',
  summary: 'Makes the next version of a definition, which is live at once if the definition is',
  takes: ['segment'],
  options: {
    ...wordOptions,
    pql: { type: 'string', value: 'PQL', says: 'another expression; - reads it from standard input' },
    name: { type: 'string', value: 'NAME', says: 'another name' },
  },
  run: async (shell) => {
    const pql = text(shell, 'pql');
    const name = text(shell, 'name');
    const changes = {
      ...words(shell),
      ...(pql === undefined ? {} : { expression: rule(await textOrInput(pql, shell)) }),
      ...(name === undefined ? {} : { name }),
    };
    if (Object.keys(changes).length === 0)
      throw new UsageError('Nothing to change: give --pql, --name or another option.');
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const { etag } = await shell.api.call(getSegmentDefinition, { pathParameters });
    const { body } = await shell.api.call(patchSegmentDefinition, { pathParameters, body: changes, ifMatch: etag });
    shell.answer(body, () => definitionText(body));
    return 0;
  },
};

const validate: Command = {
  name: 'segments validate',
  summary:
    'Says what is wrong with an expression, how it would be kept up to date, and what it costs; nothing is stored',
  takes: ['pql'],
  options: { 'time-zone': wordOptions['time-zone'] },
  more: 'The exit code is 1 if it could not be published.',
  run: async (shell) => {
    const pql = await textOrInput(shell.arguments[0] as string, shell);
    const { body } = await shell.api.call(validateSegmentDefinition, {
      body: { expression: rule(pql), timeZone: text(shell, 'time-zone') },
    });
    const { valid, diagnostics, problems, evaluationInfo, dependencies, estimate } = body;
    const eventTypes = dependencies?.eventTypes;
    shell.answer(body, () =>
      [
        ...diagnostics.map((diagnostic) => diagnosticText(diagnostic as Diagnostic, pql)),
        ...problems.map(({ code, message }) => `${code}: ${message}`),
        facts([
          ['valid', valid ? 'yes' : 'no'],
          ['evaluated', evaluationInfo?.continuous.evaluationClass],
          ['attributes', dependencies?.attributes.join(', ') || undefined],
          ['events', eventTypes === 'any' ? 'any' : eventTypes?.join(', ') || undefined],
          ['segments', dependencies?.segments.map(({ reference }) => reference).join(', ') || undefined],
          ['bytes', estimate && `${estimate.stateBytes.typical} a profile, ${estimate.stateBytes.most} at most`],
        ]),
      ].join('\n'),
    );
    return valid ? 0 : 1;
  },
};

const publish: Command = {
  name: 'segments publish',
  summary: 'Makes a draft live: a definition that is one, or the draft beside a definition',
  takes: ['segment'],
  options: { note: wordOptions.note },
  run: async (shell) => {
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const note = words(shell);
    const { body: current, etag } = await shell.api.call(getSegmentDefinition, { pathParameters });
    const live = { lifecycleState: 'published' } as const;
    const { body } =
      current.lifecycleState === 'published'
        ? await shell.api.call(publishSegmentDraft, { pathParameters, body: note })
        : await shell.api.call(patchSegmentDefinition, { pathParameters, body: { ...live, ...note }, ifMatch: etag });
    shell.answer(body, () => definitionText(body));
    return 0;
  },
};

const remove: Command = {
  name: 'segments delete',
  summary: 'Deletes a definition that nothing depends on; its versions stay, its members leave',
  takes: ['segment'],
  run: async (shell) => {
    const pathParameters = { id: await segmentId(shell.arguments[0] as string, shell) };
    const { body } = await shell.api.call(deleteSegmentDefinition, { pathParameters });
    shell.answer(body, () => body.message);
    return 0;
  },
};

export const segmentCommands = [list, get, create, update, validate, publish, remove] as const;
