import { DynamoFieldStore } from '#shared/aws/dynamodb-field-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import type { SchemaPorts } from './ports.ts';
import { schemasApi } from './schemas-api.ts';

const { CONTROL_TABLE } = readEnv(env);

const ports: SchemaPorts = {
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  fields: new DynamoFieldStore(CONTROL_TABLE),
  now: () => Date.now(),
};

export const handler = httpHandler(schemasApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('schemas-api'),
});
