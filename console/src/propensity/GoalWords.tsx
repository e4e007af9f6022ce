import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { titleOfEventType } from '#shared/schema/field-groups/event-types.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

/** An event type alone is called by its name; what asks for more stays as it is written. */
const nameOf = (condition: string): string => {
  const [, type] = /^\s*eventType\s*=\s*"([^"]+)"\s*$/.exec(condition) ?? [];
  return type === undefined ? condition : titleOfEventType(type);
};

export function GoalWords({ goal }: { readonly goal: PropensityInstanceResource['goal'] }) {
  const words = usePropensityMessages();
  const what = goal.conditions.map(nameOf).join(goal.match === 'all' ? words.and : words.or);
  return <span>{words.goal(goal.occurrence, what, goal.windowDays)}</span>;
}
