import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isSigned } from '#shared/activation/signature.ts';
import { sendWebhook } from '#shared/lambda/webhook-sender.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?x=1`;
}

const key = { keyId: 'key-1', secret: 'secret' };
const settings = { allowsLocalhost: true, now: () => 1_767_225_600_000, timeoutMs: 5_000 };
const post = (url: string, more: object = {}) =>
  sendWebhook({ url, body: '[{"id":"é"}]', batchId: '00-1', keys: [key] }, { ...settings, ...more });

test('a receiver gets a signed batch of CloudEvents, and the id of the delivery', async () => {
  let seen: { headers: IncomingHttpHeaders; body: string; url: string | undefined } | undefined;
  const url = await receiver((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen = { headers: request.headers, body: Buffer.concat(parts).toString(), url: request.url };
      response.writeHead(202).end('taken');
    });
  });

  expect(await post(url)).toEqual({ ok: true, value: { status: 202 } });

  expect(seen).toMatchObject({ body: '[{"id":"é"}]', url: '/hook?x=1' });
  expect(seen?.headers).toMatchObject({ 'shoal-delivery': '00-1' });
  expect(seen?.headers['content-type']).toMatch(/^application\/cloudevents-batch\+json/);
  const signature = String(seen?.headers['shoal-signature']);
  expect(isSigned(signature, seen?.body ?? '', key, 1_767_225_600)).toBe(true);
});

test.each([
  [400, true],
  [401, true],
  [404, true],
  [410, true],
  [408, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
])('an answer of %i is final: %s', async (status, isFinal) => {
  const url = await receiver((_, response) => response.writeHead(status).end());

  expect(await post(url)).toEqual({ ok: false, error: { reason: `answered ${status}`, isFinal } });
});

test('a redirect is not followed', async () => {
  let calls = 0;
  const url = await receiver((_, response) => {
    calls += 1;
    response.writeHead(307, { location: '/elsewhere' }).end();
  });

  expect(await post(url)).toMatchObject({
    ok: false,
    error: { isFinal: true, reason: expect.stringMatching(/redirects/) },
  });
  expect(calls).toBe(1);
});

test('who does not answer in time is tried again', async () => {
  const url = await receiver(() => {});

  const result = await post(url, { timeoutMs: 100 });

  expect(result).toEqual({ ok: false, error: { isFinal: false, reason: expect.stringMatching(/no answer in time/) } });
});

test('who answers without end is let go of', async () => {
  const url = await receiver((_, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write('x'.repeat(1000)), 1);
    response.on('close', () => clearInterval(more));
  });

  expect(await post(url)).toEqual({ ok: true, value: { status: 200 } });
});

test('where localhost is not allowed its address is not connected to', async () => {
  let calls = 0;
  const url = await receiver((_, response) => {
    calls += 1;
    response.end();
  });

  expect(await post(url, { allowsLocalhost: false })).toMatchObject({ ok: false, error: { isFinal: true } });
  expect(calls).toBe(0);
});

test.each([[['10.0.0.7']], [['93.184.216.34', '169.254.169.254']], [['::1']]])(
  'a name that leads to %j is refused before anything is connected to',
  async (addresses) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const resolve = ((_: string, __: unknown, answer: (error: null, all: unknown) => void) =>
      answer(null, found)) as never;
    const result = await post('https://innocent.example/', { allowsLocalhost: false, resolve });

    const reason = expect.stringMatching(/innocent\.example leads to .*no address of the public internet/);
    expect(result).toEqual({ ok: false, error: { isFinal: true, reason } });
  },
);

test('nobody listening is worth another attempt', async () => {
  const url = await receiver(() => {});
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));

  expect(await post(url)).toEqual({
    ok: false,
    error: { isFinal: false, reason: expect.stringMatching(/ECONNREFUSED/) },
  });
});
