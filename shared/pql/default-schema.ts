/** The common XDM field groups, by the names and types that the published XDM schemas give them. */
import type { Schema } from './schema.ts';
import { ANY, BOOLEAN, DATE, DOUBLE, INTEGER, listOf, mapOf, objectOf, STRING, TIMESTAMP, type Type } from './types.ts';

const strings = (...names: readonly string[]): Record<string, Type> =>
  Object.fromEntries(names.map((name) => [name, STRING]));

const measure = objectOf({ id: STRING, value: DOUBLE });
const measures = (...names: readonly string[]): Record<string, Type> =>
  Object.fromEntries(names.map((name) => [name, measure]));

const identityMap = mapOf(STRING, listOf(objectOf({ id: STRING, primary: BOOLEAN, authenticatedState: STRING })));

const postalAddress = objectOf({
  ...strings('city', 'country', 'countryCode', 'label', 'postalCode', 'region', 'state', 'stateProvince', 'status'),
  ...strings('street1', 'street2', 'street3', 'street4', 'dmaID', 'postOfficeBox'),
  primary: BOOLEAN,
  lastVerifiedDate: DATE,
});
const emailAddress = objectOf({ ...strings('address', 'label', 'status', 'statusReason', 'type'), primary: BOOLEAN });
const phoneNumber = objectOf({ ...strings('number', 'extension', 'status', 'countryCode'), primary: BOOLEAN });

const geo = objectOf({
  ...strings('city', 'countryCode', 'postalCode', 'stateProvince'),
  dmaID: INTEGER,
  _schema: objectOf({ latitude: DOUBLE, longitude: DOUBLE }),
});

const person = objectOf({
  ...strings('gender', 'maritalStatus', 'nationality', 'taxId', 'birthDayAndMonth'),
  birthDate: DATE,
  birthYear: INTEGER,
  name: objectOf(strings('firstName', 'lastName', 'middleName', 'fullName', 'courtesyTitle', 'suffix')),
});

const loyalty = objectOf({
  ...strings('tier', 'program', 'status'),
  points: DOUBLE,
  pointsExpiration: ANY,
  joinDate: TIMESTAMP,
  upgradeDate: TIMESTAMP,
  tierExpiryDate: TIMESTAMP,
  loyaltyID: listOf(STRING),
});

const membership = objectOf({
  ...strings('status', 'version'),
  lastQualificationTime: TIMESTAMP,
  validUntil: TIMESTAMP,
});

const profile = objectOf({
  ...strings('_id', 'preferredLanguage', 'timeZone'),
  ...{ homeAddress: postalAddress, workAddress: postalAddress, mailingAddress: postalAddress },
  ...{ billingAddress: postalAddress, shippingAddress: postalAddress },
  ...{ personalEmail: emailAddress, workEmail: emailAddress },
  ...{ homePhone: phoneNumber, workPhone: phoneNumber, mobilePhone: phoneNumber, faxPhone: phoneNumber },
  person,
  loyalty,
  identityMap,
  segmentMembership: mapOf(STRING, mapOf(STRING, membership)),
});

const commerce = objectOf({
  ...measures('checkouts', 'productListAdds', 'productListOpens', 'productListRemovals', 'productListReopens'),
  ...measures('productListViews', 'productViews', 'purchases', 'saveForLaters', 'cartAbandons', 'inStorePurchase'),
  order: objectOf({
    ...strings('currencyCode', 'purchaseID', 'purchaseOrderNumber', 'orderType'),
    priceTotal: DOUBLE,
    taxAmount: DOUBLE,
    discountAmount: DOUBLE,
    createdDate: TIMESTAMP,
    lastUpdatedDate: TIMESTAMP,
  }),
});

const productListItem = objectOf({
  ...strings('SKU', 'name', 'currencyCode', 'product', 'productAddMethod', 'lineItemId', 'unitOfMeasureCode'),
  quantity: INTEGER,
  priceTotal: DOUBLE,
  discountAmount: DOUBLE,
});

const web = objectOf({
  webPageDetails: objectOf({
    ...strings('name', 'URL', 'server', 'siteSection', 'viewName'),
    isHomePage: BOOLEAN,
    isErrorPage: BOOLEAN,
    pageViews: measure,
  }),
  webReferrer: objectOf(strings('URL', 'type')),
  webInteraction: objectOf({ ...strings('name', 'URL', 'type', 'region'), linkClicks: measure }),
});

const device = objectOf({
  ...strings('colorDepth', 'manufacturer', 'model', 'modelNumber', 'screenOrientation', 'type', 'typeID'),
  screenHeight: INTEGER,
  screenWidth: INTEGER,
});

const event = objectOf({
  ...strings('_id', 'eventType', 'producedBy', 'eventMergeId'),
  timestamp: TIMESTAMP,
  receivedTimestamp: TIMESTAMP,
  identityMap,
  commerce,
  productListItems: listOf(productListItem),
  web,
  device,
  environment: objectOf(
    strings('type', 'operatingSystem', 'operatingSystemVersion', 'operatingSystemVendor', 'ipV4', 'ipV6', 'carrier'),
  ),
  placeContext: objectOf({ geo, localTime: TIMESTAMP, localTimezoneOffset: INTEGER }),
  marketing: objectOf(strings('campaignName', 'campaignGroup', 'trackingCode')),
  application: objectOf({
    ...strings('id', 'name', 'version', 'siteSection'),
    ...measures('launches', 'installs', 'closes', 'crashes', 'upgrades', 'firstLaunches'),
  }),
  directMarketing: objectOf(measures('clicks', 'opens', 'sends', 'bounces', 'unsubscriptions', 'deliveries')),
  channel: objectOf(strings('_id', '_type', 'mediaType', 'typeAtSource')),
  search: objectOf({ keywords: STRING, searchEngine: STRING, isPaid: BOOLEAN }),
});

export const defaultSchema: Schema = { profile, event };
