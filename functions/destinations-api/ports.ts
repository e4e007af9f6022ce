import type { Deliver } from '#shared/activation/delivery.ts';
import type { DeliveryLanes, DeliveryQueue } from '#shared/activation/delivery-lane.ts';
import type { DestinationStore } from '#shared/activation/destination.ts';
import type { WebhookRules } from '#shared/activation/public-address.ts';
import type { SecretSeal } from '#shared/aws/secret-seal.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface DestinationPorts {
  readonly destinations: DestinationStore;
  readonly lanes: DeliveryLanes;
  readonly queue: DeliveryQueue;
  readonly feed: {
    /** The last sequence that was given. */
    head(sandboxName: SandboxName, shard: number): Promise<number>;
    read(
      position: { readonly sandboxName: SandboxName; readonly shard: number; readonly after: number },
      limit: number,
    ): Promise<readonly { readonly sequence: number }[]>;
  };
  readonly feedShards: number;
  readonly rules: RulesStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly deliver: Deliver;
  readonly seal: Pick<SecretSeal, 'seal'>;
  /** What the stage lets destinations write to. */
  readonly streams: readonly string[];
  readonly queues: readonly string[];
  readonly webhooks: WebhookRules;
  readonly now: () => number;
  readonly newId: () => string;
  /** Unguessable. */
  readonly newSecret: () => string;
}
