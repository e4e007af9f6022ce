/** What came of handing events to a destination. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { CloudEvent } from './change-event.ts';
import type { Destination } from './destination.ts';

export interface Delivery {
  readonly destination: Destination;
  readonly events: readonly CloudEvent[];
  /** The same for the same part of the feed, so that a repeated delivery replaces an earlier one where it can. */
  readonly batchId: string;
  /** Epoch milliseconds at which the first of them was made. */
  readonly madeAt: number;
}

/** `isFinal`: the destination will say the same tomorrow. */
export interface DeliveryFailure {
  readonly reason: string;
  readonly isFinal: boolean;
}

export type DeliveryResult = Result<{ readonly status?: number }, DeliveryFailure>;

export type Deliver = (delivery: Delivery) => Promise<DeliveryResult>;

export const delivered = (status?: number): DeliveryResult => ok(status === undefined ? {} : { status });
export const refused = (reason: string): DeliveryResult => fail({ reason, isFinal: true });
export const failed = (reason: string): DeliveryResult => fail({ reason, isFinal: false });

/** Of the answers that say "you are wrong" those that may be different next time. */
const WORTH_REPEATING = new Set([408, 425, 429]);

export function resultOfStatus(status: number): DeliveryResult {
  if (status >= 200 && status < 300) return delivered(status);
  const isFinal = status >= 300 && status < 500 && !WORTH_REPEATING.has(status);
  const reason = `answered ${status}${status >= 300 && status < 400 ? ': redirects are not followed' : ''}`;
  return isFinal ? refused(reason) : failed(reason);
}
