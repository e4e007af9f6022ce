/** What must survive every deployment: tables, stream, bucket, users and the key that hides identities. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageSettings } from './config.ts';
import { ArtifactBucket } from './constructs/artifact-bucket.ts';
import { ChangeFeed } from './constructs/change-feed.ts';
import { ControlTable } from './constructs/control-table.ts';
import { EventStream } from './constructs/event-stream.ts';
import { ProfileStore } from './constructs/profile-store.ts';
import { UserDirectory } from './constructs/user-directory.ts';

export interface DataStackProps {
  readonly settings: StageSettings;
}

export class DataStack extends Stack {
  readonly profiles: ProfileStore;
  readonly control: ControlTable;
  readonly feed: ChangeFeed;
  readonly events: EventStream;
  readonly artifacts: ArtifactBucket;
  /** Absent when tokens come from a configured OIDC issuer. */
  readonly users: UserDirectory | undefined;

  constructor(scope: Construct, id: string, { settings }: DataStackProps) {
    super(scope, id, { description: 'Shoal: profiles, definitions, changes and the event stream' });
    this.terminationProtection = settings.deletionProtection;

    this.profiles = new ProfileStore(this, 'ProfileStore', { settings });
    this.control = new ControlTable(this, 'ControlTable', { settings });
    this.feed = new ChangeFeed(this, 'ChangeFeed', { settings });
    this.events = new EventStream(this, 'EventStream', { settings });
    this.artifacts = new ArtifactBucket(this, 'ArtifactBucket', { settings });
    this.users = settings.oidc === undefined ? new UserDirectory(this, 'UserDirectory', { settings }) : undefined;
    this.createOutputs();
  }

  private createOutputs(): void {
    new CfnOutput(this, 'EventStreamName', { value: this.events.stream.streamName });
    if (this.users === undefined) return;
    new CfnOutput(this, 'UserPoolId', { value: this.users.pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: this.users.client.userPoolClientId });
  }
}
