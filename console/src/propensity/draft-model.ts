/** A model while it is being described, and what the service is asked of it. */
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
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
  readonly customEvents: readonly DraftEvent[];
  readonly excluded: string;
  readonly cron: string;
  readonly trainingCron: string;
  readonly timeZone: string;
}

export type DraftEvent = PropensityInstanceResource['customEvents'][number];

export interface DraftProps {
  readonly draft: DraftModel;
  readonly onChange: (next: Partial<DraftModel>) => void;
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
  customEvents: [],
  excluded: '',
  cron: '',
  trainingCron: '',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

export function draftOf(model: PropensityInstanceResource): DraftModel {
  const { goal, schedule, trainingSchedule } = model;
  return {
    name: model.displayName,
    type: model.type,
    occurrence: goal.occurrence,
    match: goal.match,
    conditions: goal.conditions,
    windowDays: String(goal.windowDays),
    eligible: model.eligiblePopulation ?? '',
    attributes: model.profileAttributes.join(', '),
    customEvents: model.customEvents,
    excluded: model.excludedEventTypes.join(', '),
    cron: schedule?.expression ?? '',
    trainingCron: trainingSchedule?.expression ?? '',
    timeZone: (schedule ?? trainingSchedule)?.timeZone ?? 'UTC',
  };
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** `undefined` while there is nothing that could be foretold. */
export function specificationOf(draft: DraftModel) {
  const { occurrence, match, conditions, windowDays, eligible, attributes, customEvents } = draft;
  const asked = conditions.map((condition) => condition.trim()).filter(Boolean);
  const days = Number(windowDays);
  if (asked.length === 0 || !Number.isInteger(days) || days < 1 || days > 365) return undefined;
  return {
    goal: { occurrence, match, conditions: asked, windowDays: days },
    ...(eligible.trim() === '' ? {} : { eligiblePopulation: eligible.trim() }),
    profileAttributes: listed(attributes),
    customEvents: customEvents.filter(({ name, condition }) => name.trim() !== '' && condition.trim() !== ''),
  };
}

function settingsOf(draft: DraftModel) {
  const specification = specificationOf(draft);
  if (specification === undefined || draft.name.trim() === '') return undefined;
  const cadence = (cron: string) =>
    cron.trim() === '' ? undefined : { expression: cron.trim(), timeZone: draft.timeZone.trim() || 'UTC' };
  return {
    displayName: draft.name.trim(),
    type: draft.type,
    ...specification,
    excludedEventTypes: listed(draft.excluded),
    schedule: cadence(draft.cron),
    trainingSchedule: cadence(draft.trainingCron),
  };
}

export function creationOf(draft: DraftModel, suffix: string) {
  const settings = settingsOf(draft);
  return settings && { id: instanceIdOf(draft.name, suffix), ...settings };
}

/** `null` takes away what was emptied. */
export function changeOf(draft: DraftModel) {
  const settings = settingsOf(draft);
  if (settings === undefined) return undefined;
  const { schedule = null, trainingSchedule = null, eligiblePopulation = null } = settings;
  return { ...settings, schedule, trainingSchedule, eligiblePopulation };
}
