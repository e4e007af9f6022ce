import { hash32 } from '#shared/profile/hash.ts';

const HIGH_BITS = 15;

/** Ids of exports are whole numbers of up to 15 digits. The same for the same instant, so that whoever is woken twice makes one. */
export function scheduledExportId(scheduleId: string, instant: number): string {
  const name = `${scheduleId} ${new Date(instant).toISOString().slice(0, 16)}`;
  const high = hash32(`high ${name}`) % 2 ** HIGH_BITS;
  return String(1 + high * 2 ** 32 + hash32(name));
}
