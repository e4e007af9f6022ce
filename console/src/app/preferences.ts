/** What a reader chose for this browser. */
export type Language = 'en' | 'ko';
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: Density;
}

const KEY = 'shoal.preferences';

export function readPreferences(): Preferences {
  const kept = readKept();
  return {
    language: kept.language ?? (navigator.language.startsWith('ko') ? 'ko' : 'en'),
    theme: kept.theme ?? 'system',
    density: kept.density ?? 'comfortable',
  };
}

function readKept(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
  } catch {
    return {};
  }
}

/** Browsers that keep nothing lose nothing but the choice. */
export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    return;
  }
}

export function applyPreferences({ language, theme, density }: Preferences): void {
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = density;
}
