/** The words of the builder: apart from the others, so that the list of segments doesn't wait for them. */
import type { Language } from '../app/preferences.ts';
import { type BuilderMessages, builder as en } from './en-builder.ts';
import { builder as ko } from './ko-builder.ts';
import { useSpeech } from './language.tsx';

const CATALOGUES: Readonly<Record<Language, BuilderMessages>> = { en, ko };

export const useBuilderMessages = (): BuilderMessages => CATALOGUES[useSpeech().language];
