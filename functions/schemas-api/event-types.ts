import type { listEventTypes } from '#shared/api/operations/schemas.ts';
import type { EventTypeList } from '#shared/api/schemas.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { titleOfEventType } from '#shared/schema/field-groups/event-types.ts';
import { distributionOf } from '#shared/schema/observed/distribution.ts';
import { WHOLE } from '#shared/schema/observed/observe.ts';
import type { SchemaPorts } from './ports.ts';

export async function findEventTypes(
  { sandbox }: OperationRequest<typeof listEventTypes>,
  { fields }: SchemaPorts,
): Promise<HttpResponse> {
  const [types, index, events] = await Promise.all([
    fields.list(sandbox, 'eventType'),
    fields.findIndex(sandbox, 'eventType'),
    fields.list(sandbox, 'event'),
  ]);
  const whole = events.find(({ path }) => path === WHOLE)?.sketch.records ?? 0;
  const eventTypes = types.map(({ path, sketch }) => {
    const about = distributionOf(sketch, { path, declared: undefined, whole });
    const { count, filled, people, sampleRate, firstSeen, lastSeen } = about;
    return {
      eventType: path,
      title: titleOfEventType(path),
      count,
      share: filled,
      people,
      sampleRate,
      firstSeen,
      lastSeen,
    };
  });
  const body: EventTypeList = {
    eventTypes: eventTypes.sort(
      (left, right) => right.count - left.count || (left.eventType < right.eventType ? -1 : 1),
    ),
    ...(index.fullSince !== undefined && { fullSince: new Date(index.fullSince).toISOString() }),
  };
  return { status: 200, body };
}
