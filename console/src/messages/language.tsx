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
  /** Date and minute in the reader's own time zone. */
  dateTime(milliseconds: number): string;
  /** `2 hours ago`, seen from `now`. */
  ago(milliseconds: number, now: number): string;
  collator: Intl.Collator;
}

export function speechOf(language: Language): Speech {
  const locale = LOCALES[language];
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(locale);
  return {
    language,
    messages: CATALOGUES[language],
    number: (value) => numbers.format(value),
    dateTime: (milliseconds) => dateTime.format(milliseconds),
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
