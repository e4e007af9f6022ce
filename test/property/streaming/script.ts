/** Random lives: which rules hold, what arrives in which order, and how time passes between. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { ProfileItem } from '#shared/segment/profile-update.ts';
import type { RulesChange } from '#shared/segment/rules.ts';
import type { Choices } from '../pql/choices.ts';
import { profileOf } from '../pql/inputs.ts';
import { conditionText } from './conditions.ts';
import { eventItem, Life, recordItem, wakeUp } from './life.ts';
import { drawGiven, isRechecked, planOf, ZONES } from './planned.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PASSING = [0, 1, 1000, HOUR, HOUR + 1, 5 * HOUR, DAY, DAY - 1, 2 * DAY, 7 * DAY, 30 * DAY, 31 * DAY];

export interface Step {
  readonly passes: number;
  readonly changes: readonly RulesChange[];
  readonly items: readonly ProfileItem[];
}

export interface Script {
  readonly life: Life;
  readonly steps: readonly Step[];
}

const SEGMENTS = ['segment-0', 'segment-1', 'segment-2', 'segment-3'];

/** A condition whose changes can be told, on its own or together with a segment before it. */
function drawDefinition(c: Choices, index: number): { expression: string; timeZone?: string } {
  const timeZone = c.of(ZONES);
  const text = conditionText(c).replaceAll('inSegment("in")', 'true').replaceAll('inSegment("out")', 'false');
  const planned = planOf(text, timeZone);
  const own = planned === undefined || isRechecked(planned) ? 'xEvent[eventType = "view"].count() > 1' : text;
  const other = index > 0 && c.chance(40) ? `inSegment("segment-${c.below(index)}")` : undefined;
  const expression = other === undefined ? own : `(${own}) ${c.of(['and', 'or', 'and not'])} ${other}`;
  return timeZone === undefined ? { expression } : { expression, timeZone };
}

const put = (c: Choices, index: number, version: number): RulesChange => {
  const id = SEGMENTS[index] as string;
  return { kind: 'put', definition: { id, name: id, version, ...drawDefinition(c, index) } };
};

/** Nobody may delete what others depend on, so only the last one ever goes. */
function drawChange(c: Choices, count: number, version: number): RulesChange {
  const index = c.below(count);
  if (index === SEGMENTS.length - 1 && c.chance(50)) return { kind: 'delete', id: SEGMENTS[index] as string };
  return put(c, index, version);
}

export function drawScript(c: Choices, data: Choices): Script {
  const { events, now } = drawGiven(data);
  const life = new Life({ start: now, retentionMs: c.of([1096, 1096, 40, 2]) * DAY });
  const waiting = [...events] as StoredEvent[];
  const count = 1 + c.below(SEGMENTS.length);
  const steps = Array.from({ length: 6 + c.below(4) }, (_, index): Step => {
    const items: ProfileItem[] = [];
    for (let arriving = c.below(3); arriving > 0 && waiting.length > 0; arriving--) {
      items.push(eventItem(waiting.splice(c.below(waiting.length), 1)[0] as StoredEvent));
    }
    if (c.chance(15)) items.push(recordItem(profileOf(data), now + index));
    if (c.chance(15) && events.length > 0) items.push(eventItem(c.of(events) as StoredEvent));
    const first = () => Array.from({ length: count }, (_, each) => put(c, each, 1));
    const changes = index === 0 ? first() : c.chance(15) ? [drawChange(c, count, index + 1)] : [];
    return { passes: index === 0 ? 0 : c.of(PASSING), changes, items: items.length > 0 ? items : [wakeUp] };
  });
  return { life, steps };
}
