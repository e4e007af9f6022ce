export const TABS = ['insights', 'runs', 'settings'] as const;
export type ModelTab = (typeof TABS)[number];

export interface ModelSearch {
  readonly tab?: ModelTab;
}

export function readModelSearch({ tab }: Readonly<Record<string, unknown>>): ModelSearch {
  const shown = TABS.find((each) => each === tab && each !== 'insights');
  return shown === undefined ? {} : { tab: shown };
}
