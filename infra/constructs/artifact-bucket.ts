import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';

/**
 * What the bucket holds, by prefix. Lambda chooses the name under which it stores a failed batch
 * (`aws/lambda/<mapping id>/<shard>/…`); no setting of the mapping changes it.
 */
export const PREFIX = {
  rules: 'rules/',
  quarantine: 'quarantine/',
  parked: 'parked/',
  refusedLinks: 'refused-links/',
  failedBatches: 'aws/lambda/',
  /** Plans, parts and results of batch jobs, and who was a member when. */
  jobs: 'jobs/',
  /** What callers take away: rows of people. */
  exports: 'exports/',
  /** Both sides of what the auditor found to differ. */
  audits: 'audits/',
  /** Propensity models with their cards and insights; under `models/parts/` what runs hand on from step to step. */
  models: 'models/',
  /** What destinations of kind `files` were told, as JSON Lines. */
  deliveries: 'deliveries/',
} as const;

/** Rules artifacts, quarantined events and the payloads of failed batches: each with its own lifecycle. */
export class ArtifactBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Artifacts', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      // A bucket with objects cannot be removed by CloudFormation, so development keeps it too: no custom resource
      // that empties it is worth its permissions.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: this.lifecycleRules(settings),
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Read and written by functions of this service only; CloudTrail data events can be turned on by account.',
    });
  }

  /**
   * Current rules never expire: a pointer in the control table may name an artifact of any age. Nor does what is parked:
   * it waits for an operator.
   */
  private lifecycleRules({ retentionDays }: StageSettings) {
    const expiration = Duration.days(Math.min(retentionDays, 90));
    return [
      { id: 'abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      { id: 'quarantine', prefix: PREFIX.quarantine, expiration },
      { id: 'refused-links', prefix: PREFIX.refusedLinks, expiration },
      { id: 'failed-batches', prefix: PREFIX.failedBatches, expiration },
      { id: 'audits', prefix: PREFIX.audits, expiration },
      { id: 'deliveries', prefix: PREFIX.deliveries, expiration },
      { id: 'jobs', prefix: PREFIX.jobs, expiration: Duration.days(90) },
      // Copies of people's data, which no erasure reaches.
      { id: 'exports', prefix: PREFIX.exports, expiration: Duration.days(7) },
      { id: 'model-parts', prefix: `${PREFIX.models}parts/`, expiration: Duration.days(30) },
    ];
  }
}
