import { randomBytes } from 'node:crypto';
import { DynamoWriteKeys } from '#shared/aws/dynamodb-write-keys.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { type WriteKeyPorts, writeKeysApi } from './write-keys-api.ts';

const values = readEnv(env);

const ports: WriteKeyPorts = {
  keys: new DynamoWriteKeys(values.CONTROL_TABLE),
  newKey: () => randomBytes(24).toString('base64url'),
  now: () => Date.now(),
};

export const handler = httpHandler(writeKeysApi(ports, controlGuard(values.CONTROL_TABLE)), {
  telemetry: createTelemetry('write-keys-api'),
});
