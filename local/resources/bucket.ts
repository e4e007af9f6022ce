/** AWS::S3::Bucket on the S3 engine. */
import { ACCOUNT } from '../aws-account.ts';
import type { Cloud } from '../cloud.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

export function bucketType({ surroundings }: Cloud): ResourceType {
  return {
    properties: {
      BucketName: true,
      BucketEncryption: REASONS.encryption,
      LifecycleConfiguration: REASONS.lifecycle,
      OwnershipControls: REASONS.permissions,
      PublicAccessBlockConfiguration: REASONS.publicAccess,
      LoggingConfiguration: REASONS.observability,
      VersioningConfiguration: REASONS.backup,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const name = String(properties.BucketName ?? `${stackName}-${logicalId}-${ACCOUNT}`).toLowerCase();
      surroundings.engines.objects.createBucket(name);
      const domain = `${name}.s3.amazonaws.com`;
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: domain, RegionalDomainName: domain } };
    },
  };
}
