/** AWS::Kinesis::Stream on the Kinesis engine. */
import { arnOf } from '../aws-account.ts';
import type { Cloud } from '../cloud.ts';
import type { Stream } from '../engines/kinesis/stream.ts';
import { StreamLog } from '../engines/kinesis/stream-log.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

export function streamType(cloud: Cloud): ResourceType {
  return {
    properties: {
      Name: true,
      ShardCount: true,
      RetentionPeriodHours: true,
      StreamModeDetails: { StreamMode: true },
      StreamEncryption: REASONS.encryption,
      DesiredShardLevelMetrics: REASONS.observability,
      Tags: REASONS.tags,
    },
    deploy: async ({ stackName, logicalId }, properties) => {
      const name = String(properties.Name ?? `${stackName}-${logicalId}`);
      const mode = (properties.StreamModeDetails as { StreamMode?: string } | undefined)?.StreamMode;
      const isOnDemand = mode === 'ON_DEMAND';
      const shardCount = properties.ShardCount === undefined ? undefined : Number(properties.ShardCount);
      const stream = await open(cloud, { name, mode: isOnDemand ? 'ON_DEMAND' : 'PROVISIONED', shardCount });
      if (properties.RetentionPeriodHours !== undefined)
        stream.retentionHours = Number(properties.RetentionPeriodHours);
      return { ref: name, attributes: { Arn: stream.settings.arn } };
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly shardCount: number | undefined;
}

async function open({ surroundings, streamLogs }: Cloud, { name, mode, shardCount }: Wanted): Promise<Stream> {
  const { streams } = surroundings.engines;
  if (surroundings.streamFolder === undefined) return streams.create(name, mode, shardCount);
  const log = new StreamLog(surroundings.streamFolder, name);
  streamLogs.push(log);
  const kept = await log.load({ name, mode, shardCount: shardCount ?? 1, arn: arnOf('kinesis', `stream/${name}`) });
  if (kept) streams.adopt(kept);
  const stream = kept ?? streams.create(name, mode, shardCount);
  log.attach(stream);
  stream.onStored((stored) => log.append(stored));
  stream.onReshard(() => log.attach(stream));
  return stream;
}
