import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { PREFIX } from './artifact-bucket.ts';
import type { ServiceFunction } from './service-function.ts';

/**
 * Where a batch goes that could not be processed: a bucket, since that is the one destination that keeps the payload
 * and not only the place where it was in the stream. Grants less than CDK's own destination, which may read and delete.
 */
export function failedBatches(reader: ServiceFunction, bucket: Bucket): IEventSourceDlq {
  reader.allowObjects(['s3:PutObject'], bucket, PREFIX.failedBatches);
  reader.allow(['s3:ListBucket'], bucket.bucketArn); // without it a refused put is indistinguishable from a missing bucket
  return { bind: () => ({ destination: bucket.bucketArn }) };
}
