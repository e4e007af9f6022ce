import type { StreamRecord } from '#shared/aws/stream-records.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { Telemetry } from '#shared/lambda/telemetry.ts';

export interface WriteKeys {
  /** The sandbox that the key opens. */
  find(writeKey: string): Promise<SandboxName | undefined>;
}

export interface EventWriter {
  /** Whether each record was taken, in their order. What was refused for lack of capacity has been retried. */
  write(records: readonly StreamRecord[]): Promise<readonly boolean[]>;
}

export interface TrackPorts {
  readonly keys: WriteKeys;
  readonly writer: EventWriter;
  readonly logger: Telemetry['logger'];
  /** Epoch milliseconds. */
  readonly now: () => number;
}
