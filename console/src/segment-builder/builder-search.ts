/** The builder's state as it stands in the address. */
import { TEMPLATE_NAMES, type TemplateName } from './templates.ts';

export const BUILDER_VIEWS = ['canvas', 'split', 'code'] as const;
export type BuilderView = (typeof BUILDER_VIEWS)[number];

export interface BuilderSearch {
  readonly view?: BuilderView;
  readonly template?: TemplateName;
  /** A rule made elsewhere, such as from an insight: what a new segment begins with. */
  readonly pql?: string;
  readonly name?: string;
}

export function readBuilderSearch({ view, template, ...given }: Readonly<Record<string, unknown>>): BuilderSearch {
  const shown = BUILDER_VIEWS.find((each) => each === view && each !== 'canvas');
  const chosen = TEMPLATE_NAMES.find((each) => each === template);
  return {
    ...(shown === undefined ? {} : { view: shown }),
    ...(chosen === undefined ? {} : { template: chosen }),
    ...(typeof given.pql === 'string' && given.pql !== '' ? { pql: given.pql } : {}),
    ...(typeof given.name === 'string' && given.name !== '' ? { name: given.name } : {}),
  };
}
