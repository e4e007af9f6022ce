/** What AWS does on the side: items past their time to live go away, and state that is to survive is copied to disk. */
import type { Cloud } from './cloud.ts';
import { deleteExpired } from './engines/dynamodb/time-to-live.ts';

const EXPIRE_EVERY_MS = 30_000;
const SAVE_EVERY_MS = 30_000;

/** Returns what ends it. */
export function startUpkeep(cloud: Cloud): () => void {
  const { engines, checkpoints } = cloud.surroundings;
  const stopExpiring = repeat(cloud, 'time to live', EXPIRE_EVERY_MS, async () => {
    for (const table of cloud.expiringTables) await deleteExpired(engines.dynamoDb.call, table, Date.now());
  });
  const stopSaving = repeat(cloud, 'saving state', SAVE_EVERY_MS, async () => {
    const saveCheckpoints = checkpoints.prepareSave();
    await engines.dynamoDb.save();
    saveCheckpoints();
  });
  return () => {
    stopExpiring();
    stopSaving();
  };
}

function repeat(cloud: Cloud, place: string, everyMs: number, work: () => Promise<void>): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(async () => {
      await work().catch((error: unknown) => isStopped || cloud.surroundings.onError(place, error));
      if (!isStopped) next();
    }, everyMs);
  };
  next();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
