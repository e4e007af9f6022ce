/** People in the shop while the pictures are taken: the live page shows what they do. */
import type { ShoalClient } from '#local/client.ts';
import { Crowd } from '#local/demo/shoppers.ts';
import { seededRandom } from '#shared/kernel/seeded-random.ts';

const SEED = 7;
const ACT_EVERY_MS = 300;

/** Returns what ends it. */
export function keepShopping(client: ShoalClient): () => void {
  const crowd = new Crowd(seededRandom(SEED).next);
  const timer = setInterval(() => {
    const { shopper, event } = crowd.act(Date.now());
    // What is refused is one visit less.
    client.put([{ partitionKey: shopper.email, body: event }]).catch(() => {});
  }, ACT_EVERY_MS);
  return () => clearInterval(timer);
}
