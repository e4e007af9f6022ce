import { S3SiteFiles } from '#shared/aws/s3-site-files.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { deployConsole, type SiteChange } from './deploy-console.ts';
import { env } from './env.ts';

const files = new S3SiteFiles(readEnv(env).SITE_BUCKET);
const { logger } = createTelemetry('deploy-console');

interface CustomResourceEvent extends SiteChange {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** CloudFormation waits an hour for an answer that doesn't come: a failure is answered like a success. */
export const handler = async (event: CustomResourceEvent): Promise<void> => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  let outcome: { Status: 'SUCCESS' | 'FAILED'; Reason?: string } = { Status: 'SUCCESS' };
  try {
    await deployConsole(event, files);
  } catch (error) {
    logger.error('the console was not deployed', { error: error as Error });
    outcome = { Status: 'FAILED', Reason: String(error) };
  }
  const answer = { ...outcome, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'console-files' };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};
