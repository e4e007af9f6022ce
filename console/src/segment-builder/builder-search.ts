/** The builder's state as it stands in the address. */
import { TEMPLATE_NAMES, type TemplateName } from './templates.ts';

export const BUILDER_VIEWS = ['canvas', 'split', 'code'] as const;
export type BuilderView = (typeof BUILDER_VIEWS)[number];

export interface BuilderSearch {
  readonly view?: BuilderView;
  readonly template?: TemplateName;
}

export function readBuilderSearch({ view, template }: Readonly<Record<string, unknown>>): BuilderSearch {
  const shown = BUILDER_VIEWS.find((each) => each === view && each !== 'canvas');
  const chosen = TEMPLATE_NAMES.find((each) => each === template);
  return { ...(shown === undefined ? {} : { view: shown }), ...(chosen === undefined ? {} : { template: chosen }) };
}
