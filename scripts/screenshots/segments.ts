/** The segments of the shop: some live, a draft, one that is off, and one that nobody is left in. */
export interface Shown {
  readonly name: string;
  readonly description?: string;
  readonly pql: string;
  readonly folder?: string;
  readonly tags?: readonly string[];
  readonly lifecycleState?: 'draft' | 'published' | 'inactive';
}

const within = (eventType: string, days: number, more = '') =>
  `xEvent[eventType = "${eventType}"${more} and timestamp occurs <= ${days} days before now]`;
const spent = (days: number) => `${within('commerce.purchases', days)}.sum(commerce.order.priceTotal)`;
const IN_SHOES = ' and web.webPageDetails.siteSection = "running shoes"';
const IN_JACKETS = ' and web.webPageDetails.siteSection = "jackets"';

export const RUNNING_SHOES: Shown = {
  name: 'Browsed running shoes, no purchase',
  description: 'For the spring letter: interested, and not yet convinced.',
  pql: `${within('commerce.productViews', 30, IN_SHOES)}.count() >= 1 and not (${within('commerce.purchases', 30)}.count() >= 1)`,
  folder: 'Lifecycle/Win back',
  tags: ['shoes'],
};

export const VIP: Shown = {
  name: 'VIP, 500 € in 90 days',
  pql: `${spent(90)} >= 500`,
  folder: 'Value',
  tags: ['loyalty'],
};

export const SEGMENTS: readonly Shown[] = [
  {
    name: 'Cart left standing',
    pql: `${within('commerce.productListAdds', 3)}.count() >= 1 and not (${within('commerce.purchases', 3)}.count() >= 1)`,
    folder: 'Lifecycle',
    tags: ['cart'],
  },
  {
    name: 'Back for more',
    pql: `${within('commerce.purchases', 90)}.count() >= 3`,
    folder: 'Value',
    tags: ['loyalty'],
  },
  {
    name: 'Lapsed, but worth a call',
    pql: `${spent(90)} >= 300 and not (${within('commerce.purchases', 45)}.count() >= 1)`,
    folder: 'Lifecycle/Win back',
    tags: ['loyalty', 'calls'],
  },
  { name: 'Gold members in Korea', pql: 'loyalty.tier = "gold" and homeAddress.countryCode = "KR"', folder: 'Value' },
  {
    name: 'Opens our letters',
    pql: `${within('directMarketing.emailOpened', 30)}.count() >= 2`,
    folder: 'Channels',
    tags: ['e-mail'],
  },
  {
    name: 'Rainy day: jackets this week',
    pql: `${within('commerce.productViews', 7, IN_JACKETS)}.count() >= 1`,
    folder: 'Channels',
    tags: ['jackets'],
  },
  {
    name: 'On the phone, in Seoul',
    pql: `${within('commerce.productViews', 14, ' and device.type = "mobile" and placeContext.geo.city = "Seoul"')}.count() >= 2`,
  },
  {
    name: 'Winter sale, first look',
    pql: `${within('commerce.productViews', 30, IN_JACKETS)}.count() >= 2`,
    folder: 'Campaigns',
    tags: ['jackets'],
    lifecycleState: 'draft',
  },
  {
    name: 'Summer clearance 2026',
    pql: `${within('commerce.productViews', 60)}.count() >= 5`,
    folder: 'Campaigns',
    lifecycleState: 'inactive',
  },
  {
    name: 'Paid by invoice',
    pql: `${within('commerce.checkouts', 30, ' and commerce.order.payment = "invoice"')}.count() >= 1`,
    folder: 'Value',
  },
  VIP,
  RUNNING_SHOES,
];
