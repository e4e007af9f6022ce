/** A model while it is being described, and what the service is asked of it. */
import { instanceIdOf } from './model-reading.ts';

export interface DraftModel {
  readonly name: string;
  readonly type: 'conversion' | 'churn';
  readonly occurrence: 'will' | 'willNot';
  readonly match: 'any' | 'all';
  readonly conditions: readonly string[];
  readonly windowDays: string;
  readonly eligible: string;
  readonly attributes: string;
  readonly cron: string;
}

export const NEW_MODEL: DraftModel = {
  name: '',
  type: 'conversion',
  occurrence: 'will',
  match: 'any',
  conditions: ['eventType = "commerce.purchases"'],
  windowDays: '30',
  eligible: '',
  attributes: '',
  cron: '',
};

/** `undefined` while there is nothing that could be foretold. */
export function specificationOf({ occurrence, match, conditions, windowDays, eligible, attributes }: DraftModel) {
  const asked = conditions.map((condition) => condition.trim()).filter(Boolean);
  const days = Number(windowDays);
  if (asked.length === 0 || !Number.isInteger(days) || days < 1 || days > 365) return undefined;
  return {
    goal: { occurrence, match, conditions: asked, windowDays: days },
    ...(eligible.trim() === '' ? {} : { eligiblePopulation: eligible.trim() }),
    profileAttributes: attributes
      .split(',')
      .map((path) => path.trim())
      .filter(Boolean),
  };
}

export function creationOf(draft: DraftModel, suffix: string) {
  const specification = specificationOf(draft);
  if (specification === undefined || draft.name.trim() === '') return undefined;
  return {
    id: instanceIdOf(draft.name, suffix),
    displayName: draft.name.trim(),
    type: draft.type,
    ...specification,
    ...(draft.cron.trim() === '' ? {} : { schedule: { expression: draft.cron.trim() } }),
    state: 'active' as const,
  };
}
