/** Words of one page, apart from the others: they are loaded with the page. */
import type { Language } from '../app/preferences.ts';
import { useSpeech } from './language.tsx';

export const useAreaMessages = <Area>(catalogues: Readonly<Record<Language, Area>>): Area =>
  catalogues[useSpeech().language];
