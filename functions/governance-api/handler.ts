import { CATALOGUE } from '#shared/api/catalogue.ts';
import { DynamoAuditTrail } from '#shared/aws/dynamodb-audit-trail.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { governanceApi } from './governance-api.ts';

const audit = new DynamoAuditTrail(readEnv(env).CONTROL_TABLE);

export const handler = httpHandler(governanceApi({ audit, catalogue: CATALOGUE }), {
  telemetry: createTelemetry('governance-api'),
});
