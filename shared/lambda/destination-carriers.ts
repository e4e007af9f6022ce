/** From a destination's kind to what carries its events there: for deliveries and for tests of the way. */
import { type Deliver, type Delivery, failed } from '#shared/activation/delivery.ts';
import type { OpenKey } from '#shared/activation/signature.ts';
import { KinesisDestination } from '#shared/aws/kinesis-destination.ts';
import { S3DeliveryFiles } from '#shared/aws/s3-delivery-files.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { type SecretSeal, secretSeal } from '#shared/aws/secret-seal.ts';
import { SqsDestination } from '#shared/aws/sqs-destination.ts';
import { unreachable } from '#shared/kernel/invariant.ts';
import { sendWebhook, type WebhookSettings } from './webhook-sender.ts';

export interface Carriers {
  readonly kinesis: Pick<KinesisDestination, 'deliver'>;
  readonly sqs: Pick<SqsDestination, 'deliver'>;
  readonly files: Pick<S3DeliveryFiles, 'deliver'>;
  readonly seal: Pick<SecretSeal, 'open'>;
  readonly webhooks: WebhookSettings;
}

export function deliverBy(carriers: Carriers): Deliver {
  return async (delivery) => {
    try {
      return await carry(delivery, carriers);
    } catch (error) {
      // A stream or queue that is gone, or that we may not write to, is the destination's trouble and not ours.
      return failed(`${(error as Error).name}: ${(error as Error).message}`.slice(0, 300));
    }
  };
}

async function carry(delivery: Delivery, carriers: Carriers): ReturnType<Deliver> {
  const { destination, events, batchId } = delivery;
  const { target, id } = destination;
  switch (target.kind) {
    case 'webhook': {
      const keys = destination.signingKeys.map(
        async ({ keyId, sealedSecret }): Promise<OpenKey> => ({
          keyId,
          secret: await carriers.seal.open(sealedSecret, id),
        }),
      );
      const request = { url: target.url, body: JSON.stringify(events), batchId, keys: await Promise.all(keys) };
      return sendWebhook(request, carriers.webhooks);
    }
    case 'kinesis':
      return carriers.kinesis.deliver(target.streamName, events);
    case 'sqs':
      return carriers.sqs.deliver(target.queueName, events);
    case 'files':
      return carriers.files.deliver(delivery);
    default:
      return unreachable(target);
  }
}

interface Values {
  readonly BUCKET_NAME: string;
  readonly DESTINATION_KEY_SECRET: string;
  readonly LOCAL_WEBHOOKS: 'true' | 'false';
}

export function carriersFrom(
  { BUCKET_NAME, DESTINATION_KEY_SECRET, LOCAL_WEBHOOKS }: Values,
  now: () => number,
): Carriers {
  return {
    kinesis: new KinesisDestination(),
    sqs: new SqsDestination(),
    files: new S3DeliveryFiles(BUCKET_NAME, 'deliveries/'),
    seal: secretSeal(secretReader(DESTINATION_KEY_SECRET)),
    webhooks: { allowsLocalhost: LOCAL_WEBHOOKS === 'true', now },
  };
}
