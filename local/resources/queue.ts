/** AWS::SQS::Queue on the queue engine: standard queues; one that is FIFO is refused by that property. */
import { ACCOUNT, arnOf } from '../aws-account.ts';
import type { Cloud } from '../cloud.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

const MESSAGE_BYTES_MAX = 1024 * 1024;
const RETENTION_SECONDS = 4 * 86_400;

export function queueType({ surroundings }: Cloud): ResourceType {
  return {
    properties: {
      QueueName: true,
      VisibilityTimeout: true,
      DelaySeconds: true,
      MessageRetentionPeriod: true,
      MaximumMessageSize: true,
      ReceiveMessageWaitTimeSeconds: true,
      RedrivePolicy: { deadLetterTargetArn: true, maxReceiveCount: true },
      RedriveAllowPolicy: REASONS.permissions,
      SqsManagedSseEnabled: REASONS.encryption,
      KmsMasterKeyId: REASONS.encryption,
      KmsDataKeyReusePeriodSeconds: REASONS.encryption,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const { queues, url: endpoint } = surroundings.engines;
      const name = String(properties.QueueName ?? `${stackName}-${logicalId}`).slice(-80);
      const number = (property: string, otherwise: number) => Number(properties[property] ?? otherwise);
      const redrive = properties.RedrivePolicy as { deadLetterTargetArn: string; maxReceiveCount: unknown } | undefined;
      const { arn, url } = queues.create({
        name,
        arn: arnOf('sqs', name),
        url: `${endpoint}/${ACCOUNT}/${name}`,
        visibilitySeconds: number('VisibilityTimeout', 30),
        delaySeconds: number('DelaySeconds', 0),
        retentionSeconds: number('MessageRetentionPeriod', RETENTION_SECONDS),
        messageBytesMax: number('MaximumMessageSize', MESSAGE_BYTES_MAX),
        waitSeconds: number('ReceiveMessageWaitTimeSeconds', 0),
        deadLetters: redrive && { arn: redrive.deadLetterTargetArn, receivesMax: Number(redrive.maxReceiveCount) },
      }).settings;
      return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
    },
  };
}
