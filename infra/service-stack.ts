/** What may be replaced at any time without losing anything: functions, API, schedules, alarms. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import type { StageSettings } from './config.ts';
import { Activation } from './constructs/activation.ts';
import { Auditor } from './constructs/auditor.ts';
import { BatchJobs } from './constructs/batch-jobs.ts';
import { Console } from './constructs/console.ts';
import { DeliveryQueues } from './constructs/delivery-queues.ts';
import { Destinations } from './constructs/destinations.ts';
import { DueSweeper } from './constructs/due-sweeper.ts';
import { Exports } from './constructs/exports.ts';
import { Governance } from './constructs/governance.ts';
import { Members } from './constructs/members.ts';
import { Operations } from './constructs/operations.ts';
import { Preview } from './constructs/preview.ts';
import { Privacy } from './constructs/privacy.ts';
import { ProfileSettings } from './constructs/profile-settings.ts';
import { Propensity } from './constructs/propensity.ts';
import { Schedules } from './constructs/schedules.ts';
import { Schemas } from './constructs/schemas.ts';
import { SegmentApi } from './constructs/segment-api.ts';
import { StreamingEvaluation } from './constructs/streaming-evaluation.ts';
import { Tracking } from './constructs/tracking.ts';
import { Uploads } from './constructs/uploads.ts';
import type { DataStack } from './data-stack.ts';

export interface ServiceStackProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
}

export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data }: ServiceStackProps) {
    super(scope, id, { description: 'Shoal: streaming evaluation, activation and the HTTP API' });

    new StreamingEvaluation(this, 'StreamingEvaluation', { settings, data });
    new DueSweeper(this, 'DueSweeper', { settings, data });
    const delivery = new DeliveryQueues(this, 'DeliveryQueues');
    const activation = new Activation(this, 'Activation', { settings, data, deliveries: delivery.queue });
    const segmentApi = new SegmentApi(this, 'SegmentApi', { settings, data });
    const { api } = segmentApi;
    new Members(this, 'Members', { settings, data, api });
    new Destinations(this, 'Destinations', { settings, data, api, queues: delivery });
    new Preview(this, 'Preview', { settings, data, api });
    new Operations(this, 'Operations', { settings, data, api });
    new Governance(this, 'Governance', { settings, data, api });
    new Auditor(this, 'Auditor', { settings, data });
    const { stateMachineArn } = new BatchJobs(this, 'BatchJobs', { settings, data, api });
    new Exports(this, 'Exports', { settings, data, api, jobStateMachineArn: stateMachineArn });
    new Uploads(this, 'Uploads', { settings, data, api, jobStateMachineArn: stateMachineArn });
    new Schedules(this, 'Schedules', { settings, data, api, jobStateMachineArn: stateMachineArn });
    new Tracking(this, 'Tracking', { settings, data, api });
    new ProfileSettings(this, 'ProfileSettings', { settings, data, api });
    new Privacy(this, 'Privacy', { settings, data, api });
    new Propensity(this, 'Propensity', { settings, data, api });
    new Schemas(this, 'Schemas', { settings, data, api });
    const { client } = new Console(this, 'Console', { settings, data, api });
    if (client !== undefined) segmentApi.admit(client.userPoolClientId);
    segmentApi.throttle(
      CATALOGUE.filter(({ isHeavy }) => isHeavy),
      settings.heavyRequestsPerSecondMax,
    );

    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint });
    new CfnOutput(this, 'BusName', { value: activation.bus.eventBusName });
  }
}
