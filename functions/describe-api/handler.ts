import { CATALOGUE } from '#shared/api/catalogue.ts';
import { type OpenApiDocument, openApiDocument } from '#shared/api/openapi/document.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { openHttpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { describeApi } from './describe-api.ts';
import { env } from './env.ts';

const { VERSION } = readEnv(env);
let made: OpenApiDocument | undefined;

/** Made when it is first asked for: most requests here are for addresses that do not exist. */
function document(): OpenApiDocument {
  made ??= openApiDocument(CATALOGUE, VERSION);
  return made;
}

export const handler = openHttpHandler(
  describeApi({ catalogue: CATALOGUE, document }),
  createTelemetry('describe-api'),
);
