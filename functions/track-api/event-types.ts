/**
 * Events that the specification names, by their XDM event type, and the measure that the type counts. Whatever is not here
 * keeps its own name: a wrong standard name would be worse than none.
 */
interface EventType {
  readonly eventType: string;
  /** A path in the event; its `value` is 1. */
  readonly measure?: readonly [group: 'commerce' | 'application' | 'directMarketing', name: string];
  /** Its properties are those of one product. */
  readonly isOfProduct?: true;
  /** Its properties are those of an order. */
  readonly isOfOrder?: true;
}

const commerce = (name: string, more: Pick<EventType, 'isOfProduct' | 'isOfOrder'> = {}): EventType => ({
  eventType: `commerce.${name}`,
  measure: ['commerce', name],
  ...more,
});
const mail = (eventType: string, name: string): EventType => ({
  eventType: `directMarketing.${eventType}`,
  measure: ['directMarketing', name],
});

const ONE_PRODUCT = { isOfProduct: true } as const;
const ORDER = { isOfOrder: true } as const;

export const EVENT_TYPES: Readonly<Record<string, EventType>> = {
  'Product Viewed': commerce('productViews', ONE_PRODUCT),
  'Product Added': commerce('productListAdds', ONE_PRODUCT),
  'Product Removed': commerce('productListRemovals', ONE_PRODUCT),
  'Product Added to Wishlist': commerce('saveForLaters', ONE_PRODUCT),
  // XDM's product list is the cart; a list of products to choose from ("Product List Viewed") has no type.
  'Cart Viewed': commerce('productListViews'),
  'Checkout Started': commerce('checkouts', ORDER),
  'Order Completed': commerce('purchases', ORDER),
  'Application Opened': { eventType: 'application.launch', measure: ['application', 'launches'] },
  'Application Backgrounded': { eventType: 'application.close', measure: ['application', 'closes'] },
  'Email Delivered': mail('emailDelivered', 'deliveries'),
  'Email Opened': mail('emailOpened', 'opens'),
  'Email Link Clicked': mail('emailClicked', 'clicks'),
  'Email Bounced': mail('emailBounced', 'bounces'),
  Unsubscribed: mail('emailUnsubscribed', 'unsubscriptions'),
};

/** The names of the specification's first version, which old installations still send. */
const EARLIER_NAMES: Readonly<Record<string, string>> = {
  'Viewed Product': 'Product Viewed',
  'Added Product': 'Product Added',
  'Removed Product': 'Product Removed',
  'Completed Order': 'Order Completed',
};

const plain = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

const BY_NAME: ReadonlyMap<string, EventType> = new Map([
  ...Object.entries(EVENT_TYPES).map(([name, type]) => [plain(name), type] as const),
  ...Object.entries(EARLIER_NAMES).map(([name, now]) => [plain(name), EVENT_TYPES[now] as EventType] as const),
]);

export const eventTypeOf = (event: string): EventType => BY_NAME.get(plain(event)) ?? { eventType: event };

/** What the other calls become. The prefix keeps them apart from a track call of the same name. */
export const PAGE_VIEW = 'web.webpagedetails.pageViews';
export const SCREEN_VIEW = 'application.screenViews';
export const GROUP = 'segment.group';
export const ALIAS = 'segment.alias';
