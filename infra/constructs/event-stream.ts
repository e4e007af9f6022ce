import { Duration, Validations } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';

/** Where everything that may change a profile enters. Whoever may put here may write any sandbox. */
export class EventStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    const { streamShards, streamRetentionHours, removalPolicy } = settings;
    this.stream = new Stream(this, 'Events', {
      ...(streamShards === undefined
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: streamShards }),
      retentionPeriod: Duration.hours(streamRetentionHours),
      encryption: StreamEncryption.MANAGED,
      removalPolicy,
    });
    Validations.of(this.stream).acknowledge({
      id: 'AwsSolutions-KDS3',
      reason: 'The AWS-managed key costs nothing and asks nothing of producers; a company key is a later setting.',
    });
  }
}
