/** What walks over everybody: segment jobs, exports, uploads, schedules, propensity. */
import { type Example, example, id, ifMatch, keep, known, refused, text, waiting } from './example.ts';

const everybody = [{ segmentId: '*' }];

const SEGMENT_JOBS: readonly Example[] = [
  example('createSegmentJob', () => ({ body: everybody }), keep('job')),
  refused(404, 'createSegmentJob', () => ({ body: [{ segmentId: 'nobody' }] })),
  refused(409, 'redriveSegmentJob', () => id('job')),
  example('getSegmentJob', () => id('job')),
  example('listSegmentJobs'),
  example('bulkGetSegmentJobs', () => ({ body: { ids: [{ id: known.job }] } })),
  example('createSegmentJob', () => ({ body: { segments: everybody } })),
  example('getSegmentTrend', () => id('adults')),
];

const EXPORTS: readonly Example[] = [
  example('createExportJob', () => ({ body: { fields: 'person.age' } }), keep('export')),
  refused(409, 'getExportFiles', () => id('export')),
  refused(409, 'redriveExportJob', () => id('export')),
  example('getExportJob', () => id('export')),
  example('listExportJobs'),
  waiting(example('getExportFiles', () => id('export'))),
  example('createExportJob', () => ({ body: { destination: { format: 'csv' } } })),
];

const upload = () => ({
  ...id('external'),
  body: { csv: 'email\nmira@example.com\n', identity: { column: 'email', namespace: 'Email' } },
});

const UPLOADS: readonly Example[] = [
  example('createAudience', () => ({ body: { name: 'Example: uploaded', type: 'ExternalSegment' } }), keep('external')),
  example('createAudienceUpload', upload, keep('upload')),
  refused(409, 'createAudienceUpload', upload),
  example('listAudienceUploads', () => id('external')),
  example('getAudienceUpload', () => ({ parameters: { id: known.external ?? '', uploadId: known.upload ?? '' } })),
];

const nightly = {
  name: 'Example: nightly',
  type: 'batch_segmentation',
  properties: { segments: ['*'] },
  schedule: '0 0 1 * * ?',
};

const SCHEDULES: readonly Example[] = [
  example('createSchedule', () => ({ body: nightly }), keep('schedule')),
  refused(404, 'createSchedule', () => ({ body: { ...nightly, properties: { segments: ['nobody'] } } })),
  example('getSchedule', () => id('schedule')),
  example('listSchedules'),
  example('patchSchedule', () => ({ ...id('schedule'), body: [{ op: 'add', path: '/state', value: 'active' }] })),
  refused(409, 'patchSchedule', () => ({ ...id('schedule'), body: [{ op: 'test', path: '/name', value: 'x' }] })),
  refused(412, 'patchSchedule', () => ({
    ...id('schedule'),
    ...ifMatch('99'),
    body: [{ op: 'add', path: '/state', value: 'inactive' }],
  })),
  refused(412, 'deleteSchedule', () => ({ ...id('schedule'), ...ifMatch('99') })),
  example('deleteSchedule', () => id('schedule')),
];

const goal = { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 7 };
const buys = { id: 'exampleBuys', displayName: 'Example: buys', type: 'conversion', goal };
const instance = { parameters: { id: 'exampleBuys' } };
const clone = { parameters: { id: 'exampleClone' } };
const run = () => ({ parameters: { id: 'exampleBuys', runId: known.run ?? '' } });

const PROPENSITY: readonly Example[] = [
  example('createPropensityInstance', () => ({ body: buys })),
  refused(422, 'createPropensityInstance', () => ({ body: buys })),
  example('listPropensityInstances'),
  example('getPropensityInstance', () => instance),
  example('clonePropensityInstance', () => ({ ...instance, body: { id: 'exampleClone' } })),
  refused(422, 'clonePropensityInstance', () => ({ ...instance, body: { id: 'exampleClone' } })),
  example('patchPropensityInstance', () => ({ ...clone, body: { description: 'a copy' } })),
  refused(412, 'patchPropensityInstance', () => ({ ...clone, ...ifMatch('99'), body: { description: 'x' } })),
  refused(422, 'patchPropensityInstance', () => ({ ...clone, body: { profileAttributes: ['exampleSecret'] } })),
  refused(422, 'checkPropensityData', () => ({ body: { goal, profileAttributes: ['exampleSecret'] } })),
  example('checkPropensityData', () => ({ body: { goal } })),
  example('startPropensityRun', () => ({ ...instance, body: { kind: 'train' } }), keep('run')),
  refused(409, 'startPropensityRun', () => ({ ...instance, body: { kind: 'score' } })),
  example('listPropensityRuns', () => instance),
  example('getPropensityRun', run),
  refused(409, 'promotePropensityRun', run),
  refused(404, 'getPropensityFactor', () => ({ ...instance, query: { bucket: 'high', name: 'days' } })),
  example('cancelPropensityRun', run),
  waiting(refused(409, 'cancelPropensityRun', run)),
  example('createSegmentDefinition', () => ({
    body: { name: 'Example: likely', expression: text('propensity.exampleBuys.score > 75') },
  })),
  refused(409, 'deletePropensityInstance', () => instance),
  refused(412, 'deletePropensityInstance', () => ({ ...clone, ...ifMatch('99') })),
  example('deletePropensityInstance', () => clone),
];

export const JOB_EXAMPLES: readonly Example[] = [...SEGMENT_JOBS, ...EXPORTS, ...UPLOADS, ...SCHEDULES, ...PROPENSITY];
