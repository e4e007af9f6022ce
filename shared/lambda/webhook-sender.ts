/**
 * A signed POST to somebody's address, which may be anybody's: the address that a name stands for is looked at once, and
 * the connection goes to that very address, so that a name which changes its mind in between leads nowhere.
 */
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type DeliveryResult, failed, refused, resultOfStatus } from '#shared/activation/delivery.ts';
import { isLocalhost, isPublicAddress, problemOfUrl, type WebhookRules } from '#shared/activation/public-address.ts';
import { type OpenKey, SIGNATURE_HEADER, sign } from '#shared/activation/signature.ts';

export const WEBHOOK_TIMEOUT_MS = 10_000;

export interface WebhookRequest {
  readonly url: string;
  readonly body: string;
  /** The same for a repeated delivery. */
  readonly batchId: string;
  readonly keys: readonly OpenKey[];
}

export interface WebhookSettings extends WebhookRules {
  readonly now: () => number;
  readonly timeoutMs?: number;
  /** How names are resolved, where it is not by DNS. */
  readonly resolve?: typeof lookup;
}

class ClosedAddress extends Error {
  override readonly name = 'ClosedAddress';
}

export async function sendWebhook(asked: WebhookRequest, settings: WebhookSettings): Promise<DeliveryResult> {
  // Asked again: what was right when it was stored may be of a stage with other rules.
  const problem = problemOfUrl(asked.url, settings);
  if (problem !== undefined) return refused(`the address ${problem}`);
  try {
    return resultOfStatus(await post(asked, settings));
  } catch (error) {
    if (error instanceof ClosedAddress) return refused(error.message);
    return failed(`could not be reached: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
}

function post({ url: text, body, batchId, keys }: WebhookRequest, settings: WebhookSettings): Promise<number> {
  const url = new URL(text);
  const isLocal = settings.allowsLocalhost && isLocalhost(url);
  const signal = AbortSignal.timeout(settings.timeoutMs ?? WEBHOOK_TIMEOUT_MS);
  const options: RequestOptions = {
    method: 'POST',
    signal,
    agent: false, // a kept connection would be one to an address that was looked at long ago
    headers: {
      'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Shoal',
      'shoal-delivery': batchId,
      [SIGNATURE_HEADER]: sign(body, keys, Math.floor(settings.now() / 1000)),
    },
    ...(isLocal || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0
      ? {}
      : { lookup: openAddress(settings.resolve ?? lookup) }),
  };
  return new Promise((settle, reject) => {
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options, (response) => {
      // Whatever it answers beside the status is of no use, and may be endless.
      settle(response.statusCode ?? 0);
      response.destroy();
    });
    request.on('error', (error) => reject(signal.aborted ? new Error('no answer in time') : error));
    request.end(body);
  });
}

/** One closed address among them is enough: which of them would be taken is chance. */
const openAddress =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const closed = addresses.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses;
      if (closed !== undefined || first === undefined) {
        const where =
          closed === undefined ? 'nowhere' : `to ${closed.address}, which is no address of the public internet`;
        return callback(new ClosedAddress(`the name ${hostname} leads ${where}`), '', 0);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
