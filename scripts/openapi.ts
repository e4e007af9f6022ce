/**
 * Run after an operation changed: writes docs/openapi.json from the catalogue. With --release, also what later documents
 * are held to: run it when a version is released, or when a break was decided and stands in the changelog.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { openApiDocument } from '#shared/api/openapi/document.ts';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const text = `${JSON.stringify(openApiDocument(CATALOGUE, version), undefined, 1)}\n`;

const files = ['docs/openapi.json', ...(process.argv.includes('--release') ? ['docs/openapi-released.json'] : [])];
for (const file of files) {
  writeFileSync(join(root, file), text);
  process.stdout.write(`${file}: ${CATALOGUE.length} operations\n`);
}
