/** What a receiver does with what it is told; labels forbid some of it. */
export const MARKETING_ACTIONS = [
  'exportToThirdParty',
  'combineWithPii',
  'crossSiteTargeting',
  'emailTargeting',
  'onsiteAdvertising',
  'onsitePersonalization',
  'analytics',
  'dataScience',
] as const;
export type MarketingAction = (typeof MARKETING_ACTIONS)[number];
