/** The field groups of an experience event, by the names and types that the published XDM schemas give them. */
import { double, type FieldGroup, flag, integer, list, moment, object, text, texts, uri } from '../field-schema.ts';
import { geo, identityMap, measure, measures } from './data-types.ts';

const I1 = { 'meta:labels': ['I1'] } as const;
const I2 = { 'meta:labels': ['I2'] } as const;

export const EVENT_GROUPS: readonly FieldGroup[] = [
  {
    id: 'record',
    title: 'Event',
    description: 'What happened, when and to whom.',
    properties: {
      _id: text('Event id', { description: 'Tells events apart; sent again it changes nothing.', ...I1 }),
      eventType: text('Event type', 'What happened, such as "commerce.purchases".'),
      timestamp: moment('Time', 'When it happened.'),
      receivedTimestamp: moment('Time of receipt'),
      producedBy: text('Produced by'),
      eventMergeId: text('Merge id', I2),
      identityMap,
    },
  },
  {
    id: 'commerce',
    title: 'Commerce',
    description: 'Product views, carts, checkouts and purchases.',
    properties: {
      commerce: object('Commerce', {
        ...measures({
          productViews: 'Product views',
          productListViews: 'Cart views',
          productListAdds: 'Added to cart',
          productListRemovals: 'Removed from cart',
          productListOpens: 'Carts opened',
          productListReopens: 'Carts opened again',
          cartAbandons: 'Carts abandoned',
          checkouts: 'Checkouts',
          purchases: 'Purchases',
          inStorePurchase: 'Purchases in store',
          saveForLaters: 'Saved for later',
        }),
        order: object('Order', {
          purchaseID: text('Purchase id', I2),
          purchaseOrderNumber: text('Purchase order number', I2),
          orderType: text('Order type'),
          currencyCode: text('Currency', 'Three letters of ISO 4217.'),
          priceTotal: double('Total price'),
          taxAmount: double('Tax'),
          discountAmount: double('Discount'),
          createdDate: moment('Created'),
          lastUpdatedDate: moment('Last updated'),
        }),
      }),
    },
  },
  {
    id: 'productListItems',
    title: 'Products',
    description: 'The products that it was about.',
    properties: {
      productListItems: list(
        'Products',
        object('Product', {
          SKU: text('SKU', 'Stock keeping unit.'),
          name: text('Product name'),
          product: text('Product'),
          productAddMethod: text('How it was added'),
          lineItemId: text('Line item id', I2),
          unitOfMeasureCode: text('Unit of measure'),
          currencyCode: text('Currency', 'Three letters of ISO 4217.'),
          quantity: integer('Quantity'),
          priceTotal: double('Price'),
          discountAmount: double('Discount'),
        }),
      ),
    },
  },
  {
    id: 'web',
    title: 'Web',
    description: 'Pages and links.',
    properties: {
      web: object('Web', {
        webPageDetails: object('Page', {
          name: text('Page name'),
          URL: uri('Page URL'),
          siteSection: text('Section of the site'),
          server: text('Server'),
          viewName: text('View'),
          isHomePage: flag('Is the home page'),
          isErrorPage: flag('Is an error page'),
          pageViews: measure('Page views'),
        }),
        webReferrer: object('Referrer', { URL: uri('Referrer URL'), type: text('Type of referrer') }),
        webInteraction: object('Link', {
          name: text('Link name'),
          URL: uri('Link URL'),
          type: text('Type of link'),
          region: text('Region of the page'),
          linkClicks: measure('Clicks'),
        }),
      }),
    },
  },
  {
    id: 'device',
    title: 'Device',
    description: 'What it happened on.',
    properties: {
      device: object('Device', {
        type: text('Type of device'),
        typeID: text('Type id', I2),
        ...texts('manufacturer', 'model', 'modelNumber', 'colorDepth', 'screenOrientation'),
        screenHeight: integer('Screen height'),
        screenWidth: integer('Screen width'),
      }),
    },
  },
  {
    id: 'environment',
    title: 'Environment',
    description: 'Operating system and network.',
    properties: {
      environment: object('Environment', {
        ...texts('type', 'operatingSystem', 'operatingSystemVersion', 'operatingSystemVendor', 'carrier'),
        ipV4: text('IPv4 address', I2),
        ipV6: text('IPv6 address', I2),
      }),
    },
  },
  {
    id: 'placeContext',
    title: 'Place',
    description: 'Where it happened, and the local time there.',
    properties: {
      placeContext: object('Place', {
        geo,
        localTime: moment('Local time'),
        localTimezoneOffset: integer('Offset of the time zone', 'In minutes.'),
      }),
    },
  },
  {
    id: 'marketing',
    title: 'Marketing',
    description: 'The campaign that led to it.',
    properties: {
      marketing: object('Marketing', {
        campaignName: text('Campaign'),
        campaignGroup: text('Campaign group'),
        trackingCode: text('Tracking code'),
      }),
    },
  },
  {
    id: 'application',
    title: 'Application',
    description: 'The application and what it did.',
    properties: {
      application: object('Application', {
        id: text('Application id', { 'meta:observeValues': true }),
        name: text('Application name'),
        version: text('Version'),
        siteSection: text('Section'),
        ...measures({
          launches: 'Launches',
          firstLaunches: 'First launches',
          installs: 'Installs',
          upgrades: 'Upgrades',
          closes: 'Closes',
          crashes: 'Crashes',
        }),
      }),
    },
  },
  {
    id: 'directMarketing',
    title: 'Direct marketing',
    description: 'What became of messages.',
    properties: {
      directMarketing: object('Direct marketing', {
        ...measures({
          sends: 'Sent',
          deliveries: 'Delivered',
          opens: 'Opened',
          clicks: 'Clicked',
          bounces: 'Bounced',
          unsubscriptions: 'Unsubscribed',
        }),
      }),
    },
  },
  {
    id: 'channel',
    title: 'Channel',
    description: 'The way by which it came.',
    properties: {
      channel: object('Channel', {
        _id: text('Channel id', { 'meta:observeValues': true }),
        _type: text('Kind of channel'),
        mediaType: text('Media type', 'Paid, owned or earned.'),
        typeAtSource: text('Kind at the source'),
      }),
    },
  },
  {
    id: 'search',
    title: 'Search',
    description: 'What was searched for.',
    properties: {
      search: object('Search', {
        keywords: text('Keywords'),
        searchEngine: text('Search engine'),
        isPaid: flag('Is paid'),
      }),
    },
  },
];
