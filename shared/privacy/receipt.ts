/** What remains of an erasure: copies that nobody can change, with the day on which each is gone, and what stays for good. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface KeptTimes {
  readonly streamRetentionHours: number;
  readonly logRetentionDays: number;
}

/** Fixed by AWS: how long a table can be brought back to an earlier point, and how long its stream keeps images. */
const RECOVERY_DAYS = 35;
const TABLE_STREAM_HOURS = 24;

/** Files of deliveries that an erasure reads, from the newest day on: more would not end in the time of a function. */
export const DELIVERY_FILES_MAX = 100_000;

export const KEPT = [
  { where: 'table identities', what: 'an HMAC of each identity, with the instant before which nothing is taken in' },
  { where: 'table profiles', what: 'a made-up profile id, with the instant and the segments that were left' },
  { where: 'table changes', what: 'which made-up profile id entered or left which segment, for its seven days' },
  { where: 'table control', what: 'this receipt' },
] as const;

export function agesOut(completedAt: number, { streamRetentionHours, logRetentionDays }: KeptTimes) {
  const until = (milliseconds: number) => new Date(completedAt + milliseconds).toISOString();
  return [
    { where: 'event stream', what: 'records as they were sent', until: until(streamRetentionHours * HOUR_MS) },
    { where: 'stream of table profiles', what: 'images of the profile', until: until(TABLE_STREAM_HOURS * HOUR_MS) },
    {
      where: 'point-in-time recovery of the tables',
      what: 'the tables as they were; bring one back, and erase again whoever was erased since',
      until: until(RECOVERY_DAYS * DAY_MS),
    },
    {
      where: 'bucket, jobs/ and refused-links/',
      what: 'made-up profile ids of members of segments, and of profiles that were not joined',
      until: until(90 * DAY_MS),
    },
    { where: 'bucket, exports/', what: 'rows that callers asked for', until: until(7 * DAY_MS) },
    {
      where: 'bucket, deliveries/',
      what: `which made-up profile id entered or left which segment; where there are more than ${DELIVERY_FILES_MAX} files, the older ones as they were delivered`,
      until: until(90 * DAY_MS),
    },
    { where: 'bucket, models/parts/', what: 'numbers about nameless people', until: until(30 * DAY_MS) },
    { where: 'previews', what: 'made-up profile ids', until: until(DAY_MS) },
    { where: 'logs', what: 'made-up profile ids', until: until(logRetentionDays * DAY_MS) },
  ];
}
