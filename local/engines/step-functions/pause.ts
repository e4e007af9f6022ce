/** Time passing, until it is over or nobody waits any more. */
import { Aborted } from './state-error.ts';

/** Longer timers overflow and fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let left = milliseconds; left >= 0; left -= TIMER_MS_MAX) await pauseOnce(Math.min(left, TIMER_MS_MAX), signal);
}

function pauseOnce(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new Aborted());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
