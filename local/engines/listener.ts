/**
 * A port that speaks HTTP/1.1 and HTTP/2 in clear text. The SDK's Kinesis client opens with the HTTP/2 preface and has
 * no upgrade; everything else speaks HTTP/1.1. The first bytes of a connection tell them apart.
 */
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';

export interface EngineRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface EngineResponse {
  readonly status: number;
  /** A list is sent as one header each. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export type Answer = (request: EngineRequest) => Promise<EngineResponse> | EngineResponse;

export interface Listener {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

type Incoming = http.IncomingMessage | http2.Http2ServerRequest;
/** HTTP/2's compatibility API answers to the same calls. */
type Outgoing = http.ServerResponse;

const HTTP2_PREFACE_START = 'PRI';
const BODY_BYTES_MAX = 64 * 1024 * 1024;

export async function listen(answer: Answer, port = 0): Promise<Listener> {
  const onRequest = (request: Incoming, response: Outgoing) => void respond(answer, request, response);
  const http1Server = http.createServer({ keepAliveTimeout: 60_000 }, onRequest);
  const http2Server = http2.createServer((request, response) => onRequest(request, response as unknown as Outgoing));
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away in the middle of a request is its own affair.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.toString('latin1', 0, HTTP2_PREFACE_START.length) === HTTP2_PREFACE_START;
      (isHttp2 ? http2Server : http1Server).emit('connection', socket);
      if (!isHttp2) socket.resume();
    });
  });
  await listenOn(server, port);
  const bound = (server.address() as net.AddressInfo).port;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  // SDKs address buckets by path only where the host is an IP address.
  return { url: `http://127.0.0.1:${bound}`, port: bound, close };
}

function listenOn(server: net.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function respond(answer: Answer, request: Incoming, response: Outgoing): Promise<void> {
  try {
    const { status, headers = {}, body = '' } = await answer(await receive(request));
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ __type: 'InternalFailure', message: String(error) }));
  }
}

async function receive(request: Incoming): Promise<EngineRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > BODY_BYTES_MAX) throw new Error(`a request body has at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk as Buffer);
  }
  const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  return { method: request.method ?? 'GET', url: request.url ?? '/', headers: joinHeaders(request.headers), body };
}

/** Lower-cased names; repeated values joined by commas, as gateways do. */
export function joinHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':')) joined[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return joined;
}
