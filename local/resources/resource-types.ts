/**
 * Every resource type that the runner can run, and those that it leaves out knowingly. A type in neither list stops the
 * start with its name: a resource that is silently missing here would only be missed after deployment.
 */
import type { Cloud } from '../cloud.ts';
import type { ResourceTypes } from '../template/deployment.ts';
import { bucketType } from './bucket.ts';
import { deliveryType } from './cloud-front.ts';
import { eventSourceMappingType } from './event-source-mapping.ts';
import { eventBusType, ruleType } from './events.ts';
import { functionType } from './function.ts';
import { apiType, authorizerType, integrationType, routeType, stageType } from './http-api.ts';
import { queueType } from './queue.ts';
import { REASONS } from './reasons.ts';
import { scheduleGroupType, scheduleType } from './scheduler.ts';
import { secretType } from './secret.ts';
import { stateMachineType } from './state-machine.ts';
import { streamType } from './stream.ts';
import { tableType } from './table.ts';
import { userPoolClientType, userPoolGroupType, userPoolType } from './user-pool.ts';

const IGNORED: ReadonlyMap<string, string> = new Map([
  ['AWS::CDK::Metadata', REASONS.description],
  ['AWS::Cognito::UserPoolDomain', REASONS.signIn],
  ['AWS::CloudWatch::Alarm', REASONS.observability],
  ['AWS::CloudWatch::CompositeAlarm', REASONS.observability],
  ['AWS::CloudWatch::Dashboard', REASONS.observability],
  ['AWS::IAM::ManagedPolicy', REASONS.permissions],
  ['AWS::IAM::Policy', REASONS.permissions],
  ['AWS::IAM::Role', REASONS.permissions],
  ['AWS::Lambda::Permission', REASONS.permissions],
  ['AWS::Logs::LogGroup', REASONS.observability],
  ['AWS::Logs::MetricFilter', REASONS.observability],
  ['AWS::S3::BucketPolicy', REASONS.permissions],
  ['AWS::SQS::QueuePolicy', REASONS.permissions],
]);

export function resourceTypes(cloud: Cloud): ResourceTypes {
  const supported = new Map([
    ['AWS::ApiGatewayV2::Api', apiType(cloud)],
    ['AWS::ApiGatewayV2::Authorizer', authorizerType(cloud)],
    ['AWS::ApiGatewayV2::Integration', integrationType(cloud)],
    ['AWS::ApiGatewayV2::Route', routeType(cloud)],
    ['AWS::ApiGatewayV2::Stage', stageType()],
    ['AWS::CloudFront::Distribution', deliveryType()],
    ['AWS::CloudFront::Function', deliveryType()],
    ['AWS::CloudFront::OriginAccessControl', deliveryType()],
    ['AWS::CloudFront::ResponseHeadersPolicy', deliveryType()],
    ['Custom::ConsoleFiles', deliveryType()],
    ['AWS::Cognito::UserPool', userPoolType()],
    ['AWS::Cognito::UserPoolClient', userPoolClientType()],
    ['AWS::Cognito::UserPoolGroup', userPoolGroupType()],
    ['AWS::DynamoDB::GlobalTable', tableType(cloud)],
    ['AWS::Events::EventBus', eventBusType(cloud)],
    ['AWS::Events::Rule', ruleType(cloud)],
    ['AWS::Kinesis::Stream', streamType(cloud)],
    ['AWS::Lambda::EventSourceMapping', eventSourceMappingType(cloud)],
    ['AWS::Lambda::Function', functionType(cloud)],
    ['AWS::S3::Bucket', bucketType(cloud)],
    ['AWS::Scheduler::Schedule', scheduleType(cloud)],
    ['AWS::Scheduler::ScheduleGroup', scheduleGroupType(cloud)],
    ['AWS::SecretsManager::Secret', secretType(cloud)],
    ['AWS::SQS::Queue', queueType(cloud)],
    ['AWS::StepFunctions::StateMachine', stateMachineType(cloud)],
  ]);
  return { supported, ignoredBecause: (type) => IGNORED.get(type) };
}
