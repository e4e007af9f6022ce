/** The language of the page, its messages and how it writes numbers and dates. */
import { createContext, type ReactNode, use, useMemo } from 'react';
import type { Language } from '../app/preferences.ts';
import { en, type Messages } from './en.ts';
import { ko } from './ko.ts';

export const CATALOGUES: Readonly<Record<Language, Messages>> = { en, ko };
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ko: 'ko-KR' };

export interface Speech {
  readonly language: Language;
  readonly messages: Messages;
  number(value: number): string;
  /** `digits` behind the point, no more. */
  decimal(value: number, digits: number): string;
  /** Of a share from 0 to 1. */
  percent(share: number, digits?: number): string;
  list(items: readonly string[]): string;
  /** Date and minute in the reader's own time zone. */
  dateTime(milliseconds: number): string;
  date(milliseconds: number): string;
  /** Day and month, where the year is plain. */
  day(milliseconds: number): string;
  /** Hour, minute and second. */
  clock(milliseconds: number): string;
  /** `2 hours ago`, seen from `now`. */
  ago(milliseconds: number, now: number): string;
  collator: Intl.Collator;
}

export function speechOf(language: Language): Speech {
  const locale = LOCALES[language];
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  return {
    language,
    messages: CATALOGUES[language],
    number: (value) => numbers.format(value),
    decimal: (value, digits) => value.toLocaleString(locale, { maximumFractionDigits: digits }),
    percent: (share, digits = 0) =>
      share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: digits, minimumFractionDigits: 0 }),
    list: (items) => lists.format(items),
    dateTime: (milliseconds) => dateTime.format(milliseconds),
    date: (milliseconds) => date.format(milliseconds),
    day: (milliseconds) => day.format(milliseconds),
    clock: (milliseconds) => clock.format(milliseconds),
    ago: (milliseconds, now) => formatAgo(relative, milliseconds - now),
    collator: new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }),
  };
}

const STEPS = [
  ['second', 1000, 60],
  ['minute', 60_000, 60],
  ['hour', 3_600_000, 24],
  ['day', 86_400_000, 30],
  ['month', 30 * 86_400_000, 12],
] as const;

function formatAgo(relative: Intl.RelativeTimeFormat, distanceMs: number): string {
  for (const [unit, length, most] of STEPS) {
    const count = Math.round(distanceMs / length);
    if (Math.abs(count) < most) return relative.format(count, unit);
  }
  return relative.format(Math.round(distanceMs / (365 * 86_400_000)), 'year');
}

const SpeechContext = createContext<Speech>(speechOf('en'));

export function LanguageProvider({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) {
  const speech = useMemo(() => speechOf(language), [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export const useSpeech = (): Speech => use(SpeechContext);
export const useMessages = (): Messages => use(SpeechContext).messages;
