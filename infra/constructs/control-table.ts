import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { ProtectedTable, TEXT_SORT_KEY } from './protected-table.ts';

/** Segment definitions and their versions, the pointer to the current rules, write keys, leases. */
export class ControlTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.table = new ProtectedTable(this, 'Control', {
      settings,
      sortKey: TEXT_SORT_KEY,
      timeToLiveAttribute: 'expiresAt',
    });
  }
}
