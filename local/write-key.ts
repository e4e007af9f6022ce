/** A write key for whoever tries the service on this machine. It is kept, so that a producer's settings outlive a restart. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeKeyItem } from '#shared/aws/write-key-item.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { Cloud } from './cloud.ts';

/** `null` if the template has no ingestion by write key. */
export async function provideWriteKey(cloud: Cloud, file: string, sandbox: string): Promise<string | null> {
  const routes = [...cloud.apis.values()].flatMap((api) => api.routes);
  const ingestion = routes.find(({ key }) => key === 'POST /v1/batch');
  const table = ingestion?.target.target.settings.variables.CONTROL_TABLE;
  if (table === undefined) return null;
  const writeKey = existsSync(file) ? readFileSync(file, 'utf8').trim() : makeKey(file);
  // The same item at each start: a table that was kept has it already, an empty one does not.
  const createdAt = new Date().toISOString();
  const item = writeKeyItem(writeKey, { sandboxName: sandbox as SandboxName, name: 'local', createdAt });
  const attributes = Object.entries(item).map(([name, value]) => [name, { S: value }] as const);
  await cloud.surroundings.engines.dynamoDb.call('PutItem', {
    TableName: table,
    Item: Object.fromEntries(attributes),
  });
  return writeKey;
}

function makeKey(file: string): string {
  const writeKey = randomBytes(24).toString('base64url');
  writeFileSync(file, `${writeKey}\n`, { mode: 0o600 });
  return writeKey;
}
