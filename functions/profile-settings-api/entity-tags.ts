import type { RulesResource } from '#shared/segment/rules-resource-store.ts';

/** The entity tag of a setting's current version, as `If-Match` sends it back. */
export const etagOf = ({ version }: Pick<RulesResource, 'version'>): string => `"${version}"`;
