/** Between an instant and what a field for date and time holds, in the reader's own time zone. */
export function toFieldValue(instant: string | undefined): string {
  if (instant === undefined) return '';
  const date = new Date(instant);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export const fromFieldValue = (value: string): string | undefined =>
  value === '' ? undefined : new Date(value).toISOString();
