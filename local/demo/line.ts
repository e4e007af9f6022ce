/** One membership change as a line that is read at a glance: who, in or out, of what, why, and how long it took. */
import type { Change } from '../client.ts';

export interface Shown {
  readonly change: Change;
  readonly name: string;
  /** What the shopper did last; shown if that is what changed the membership. */
  readonly did: string;
  readonly latencyMs: number;
}

export interface Paint {
  readonly entered: (text: string) => string;
  readonly left: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string) => text;
const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;

export const PLAIN: Paint = { entered: plain, left: plain, faint: plain };
export const COLOURED: Paint = { entered: ansi(32), left: ansi(33), faint: ansi(90) };

export const HEADER = [
  'Shoppers browse, fill carts and buy. Each line is someone entering (→) or leaving (←) a segment, with the reason and',
  'the time from the event, or from the end of the window, to the change in the feed. Windows are short. Ctrl-C stops.',
];

const NAME_WIDTH = 16;
const SEGMENT_WIDTH = 26;
const REASON_WIDTH = 31;

export function formatChange({ change, name, did, latencyMs }: Shown, paint: Paint): string {
  const isIn = change.status === 'realized';
  const arrow = isIn ? paint.entered('→ entered') : paint.left('← left   ');
  const reason = change.cause === 'event' ? `event: ${did}` : `${change.cause}: the window ended`;
  const latency = `${Math.max(0, Math.round(latencyMs))} ms`.padStart(8);
  return [
    paint.faint(change.time.slice(11, 19)),
    name.padEnd(NAME_WIDTH),
    arrow,
    change.segmentName.padEnd(SEGMENT_WIDTH),
    reason.padEnd(REASON_WIDTH),
    paint.faint(latency),
  ].join('  ');
}
