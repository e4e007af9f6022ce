import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { NUMBER_SORT_KEY, ProtectedTable } from './protected-table.ts';

/** Membership changes by feed shard and sequence, for readers with a cursor; kept seven days by their TTL. */
export class ChangeFeed extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.table = new ProtectedTable(this, 'Changes', {
      settings,
      sortKey: NUMBER_SORT_KEY,
      timeToLiveAttribute: 'expiresAt',
    });
  }
}
