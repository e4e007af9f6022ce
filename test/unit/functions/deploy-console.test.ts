import { expect, test } from 'vitest';
import { deployConsole, type SiteFile, type SitePorts } from '#functions/deploy-console/deploy-console.ts';

const file = (path: string): SiteFile => ({ path, type: 'text/plain', cacheControl: 'no-cache', content: '' });

function site() {
  const done: string[] = [];
  const written = new Map<string, SiteFile>();
  const ports: SitePorts = {
    readBundle: async (bucket, key) => {
      done.push(`read ${bucket}/${key}`);
      return [file('index.html'), file('assets/a.js')];
    },
    put: async (each) => {
      done.push(`put ${each.path}`);
      written.set(each.path, each);
    },
    removeAll: async () => {
      done.push('remove all');
    },
  };
  return { done, written, ports };
}

const properties = { BundleBucket: 'assets', BundleKey: 'k.json', Config: '{"apiUrl":""}' };

test('the page comes last, when everything that it names is there', async () => {
  const { done, ports } = site();

  await deployConsole({ RequestType: 'Create', ResourceProperties: properties }, ports);

  expect(done).toEqual(['read assets/k.json', 'put assets/a.js', 'put config.json', 'put index.html']);
});

test('the configuration is written as it was given', async () => {
  const { written, ports } = site();

  await deployConsole({ RequestType: 'Update', ResourceProperties: properties }, ports);

  expect(Buffer.from(written.get('config.json')?.content ?? '', 'base64').toString()).toBe('{"apiUrl":""}');
});

test('a stack that is removed leaves an empty bucket', async () => {
  const { done, ports } = site();

  await deployConsole({ RequestType: 'Delete', ResourceProperties: properties }, ports);

  expect(done).toEqual(['remove all']);
});
