/**
 * One event as bytes: its JSON, deflated against a dictionary of what most events have in common.
 *
 * The dictionary's number is the first byte, so that a later one can be added without rewriting history;
 * a dictionary that was ever used is never edited.
 */
import { deflateRawSync, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { invariant } from '#shared/kernel/invariant.ts';
import type { StoredEvent } from './experience-event.ts';

/** Most frequent last: deflate reaches the end of a dictionary with the shortest distances. */
const DICTIONARY_1 = Buffer.from(
  [
    '"_experience":{"analytics":{"customDimensions":{"eVars":{"eVar1":"',
    '"placeContext":{"geo":{"countryCode":"US","city":"',
    '"device":{"type":"mobile"},"environment":{"type":"browser","operatingSystem":"iOS"',
    '"marketing":{"trackingCode":"","campaignGroup":"',
    '"search":{"keywords":"","query":"","results":',
    '"application":{"name":"","launches":{"value":1}}',
    '"channel":"organic","referrer":"","page":"/","campaign":"","category":"","brand":"","price":"","qty":1',
    '"web":{"webPageDetails":{"name":"","URL":"https://www.","pageViews":{"value":1}},"webReferrer":{"URL":"https://',
    '"commerce":{"order":{"purchaseID":"","currencyCode":"USD","priceTotal":',
    '"productListItems":[{"SKU":"","name":"","quantity":1,"priceTotal":',
    '"commerce.productListAdds","commerce.productListRemovals","commerce.checkouts","commerce.purchases"',
    '"commerce.productViews","web.webpagedetails.pageViews","web.webinteraction.linkClicks"',
    '"identityMap":{"CRMID":[{"id":"cust-","primary":true}],"Email":[{"id":"@gmail.com"}],"ECID":[{"id":"',
    '{"_id":"","datasetId":"","timestamp":17,"eventType":"","primary":true}]}}',
  ].join(','),
);

const DICTIONARIES: ReadonlyMap<number, Buffer> = new Map([[1, DICTIONARY_1]]);
const CURRENT = 1;

/** Below this many characters an event and the dictionary fit into a window of 4 KB. */
const SMALL_EVENT = 2048;
/** Setting up deflate's 256 KB costs more than packing an event of a few hundred bytes. */
const SMALL: ZlibOptions = { dictionary: DICTIONARY_1, level: 6, windowBits: 12, memLevel: 5 };
const LARGE: ZlibOptions = { dictionary: DICTIONARY_1, level: 6 };

export function packEvent(event: StoredEvent): Uint8Array {
  const json = JSON.stringify(event);
  const deflated = deflateRawSync(json, json.length < SMALL_EVENT ? SMALL : LARGE);
  const packed = new Uint8Array(deflated.length + 1);
  packed[0] = CURRENT;
  packed.set(deflated, 1);
  return packed;
}

export function unpackEvent(packed: Uint8Array): StoredEvent {
  const dictionary = DICTIONARIES.get(packed[0] as number);
  invariant(dictionary, `an event is packed with dictionary ${packed[0]}, which this version does not know`);
  return JSON.parse(inflateRawSync(packed.subarray(1), { dictionary }).toString());
}
