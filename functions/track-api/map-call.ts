/** A call to what goes into the stream: experience events, profile records, or one of each. */
import { type Call, textOf } from './call.ts';
import { ALIAS, GROUP } from './event-types.ts';
import { mapContext } from './map-context.ts';
import { mapPage, mapScreen, mapTrack } from './map-event.ts';
import { mapTraits } from './map-traits.ts';
import type { JsonObject } from './read-body.ts';
import { objectOf } from './xdm.ts';

/** The data set of profile records: a merge policy can rank it. */
export const DATASET = 'segment';
export const USER_ID = 'userId';
export const ANONYMOUS_ID = 'anonymousId';

export function mapCall(call: Call): readonly JsonObject[] {
  switch (call.type) {
    case 'identify':
      return [profileRecord(call, mapTraits(objectOf(call.fields.traits)))];
    case 'track':
      return [experienceEvent(call, mapTrack(call))];
    case 'page':
      return [experienceEvent(call, mapPage(call))];
    case 'screen':
      return [experienceEvent(call, mapScreen(call))];
    case 'group':
      return [
        experienceEvent(call, { ...mapContext(call.context, objectOf(call.context.page)), eventType: GROUP }),
        profileRecord(call, { segment: { groupId: textOf(call.fields.groupId) } }),
      ];
    case 'alias':
      return [experienceEvent(call, { eventType: ALIAS })];
  }
}

function experienceEvent(call: Call, mapped: JsonObject): JsonObject {
  const { event, name, category, groupId, previousId, properties, traits } = call.fields;
  const context = Object.keys(call.context).length > 0 ? call.context : undefined;
  const sent = { type: call.type, event, name, category, groupId, previousId, properties, traits, context };
  return {
    ...mapped,
    _id: call.messageId,
    timestamp: call.time,
    identityMap: identityMapOf(call),
    segment: sent,
  };
}

function profileRecord(call: Call, attributes: JsonObject): JsonObject {
  return {
    recordType: 'profile',
    datasetId: DATASET,
    timestamp: call.time,
    identityMap: identityMapOf(call),
    attributes,
  };
}

type IdentityMap = Readonly<Record<string, readonly { readonly id: string; readonly primary?: true }[]>>;

/** Who is known by name comes first, so that all of a person's events go one way. */
function identityMapOf({ type, userId, anonymousId, fields }: Call): IdentityMap {
  const users = userId === undefined ? [] : [{ id: userId, primary: true as const }];
  const devices = anonymousId === undefined ? [] : [{ id: anonymousId }];
  const previous = type === 'alias' ? textOf(fields.previousId) : undefined;
  // An alias does not say of which kind its previous id is, so it is looked for as both.
  const former = previous === undefined ? [] : [{ id: previous }];
  const map = { [USER_ID]: [...users, ...former], [ANONYMOUS_ID]: [...devices, ...former] };
  return Object.fromEntries(Object.entries(map).filter(([, ids]) => ids.length > 0));
}
