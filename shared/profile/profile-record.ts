/** What one data set knows about one identity at one time. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { FUTURE_TOLERANCE_MS, isDeeperThan, readTimestamp } from './experience-event.ts';
import { type Identity, readIdentityMap } from './identity.ts';

export interface ReceivedProfileRecord {
  readonly kind: 'profile';
  /** As it came, for whoever must set it aside. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  readonly datasetId: string;
  readonly timestamp: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export const DATASET_ID_LENGTH_MAX = 128;
export const ATTRIBUTES_DEPTH_MAX = 16;

export function readProfileRecord(
  input: Readonly<Record<string, unknown>>,
  sandboxName: string,
  arrival: number,
): Result<ReceivedProfileRecord, string> {
  const { datasetId, attributes } = input;
  if (typeof datasetId !== 'string' || datasetId === '' || datasetId.length > DATASET_ID_LENGTH_MAX) {
    return fail(`datasetId is missing or no text of 1 to ${DATASET_ID_LENGTH_MAX} characters`);
  }
  const declared = readTimestamp(input.timestamp);
  if (declared === undefined) {
    return fail('timestamp is missing, or neither ISO 8601 with an offset nor epoch milliseconds');
  }
  if (attributes === null || typeof attributes !== 'object' || Array.isArray(attributes)) {
    return fail('attributes is missing or no object');
  }
  if (isDeeperThan(attributes, ATTRIBUTES_DEPTH_MAX)) {
    return fail(`attributes are nested deeper than ${ATTRIBUTES_DEPTH_MAX} levels`);
  }
  const identities = readIdentityMap(input.identityMap);
  if (!identities.ok) return identities;
  const timestamp = declared > arrival + FUTURE_TOLERANCE_MS ? arrival : declared;
  return ok({
    kind: 'profile',
    source: input,
    sandboxName,
    identities: identities.value,
    datasetId,
    timestamp,
    attributes: attributes as Readonly<Record<string, unknown>>,
  });
}
