/** `context` to the XDM fields for where and with what something happened. */
import type { JsonObject } from './read-body.ts';
import { compact, number, objectOf, text } from './xdm.ts';

/** `page` is a page call's own properties, or the context's page for a call made on one. */
export function mapContext(context: JsonObject, page: JsonObject): JsonObject {
  const [device, os, app] = [objectOf(context.device), objectOf(context.os), objectOf(context.app)];
  const [campaign, screen, location] = [
    objectOf(context.campaign),
    objectOf(context.screen),
    objectOf(context.location),
  ];
  return compact({
    device: {
      manufacturer: text(device.manufacturer),
      model: text(device.model),
      type: text(device.type),
      screenHeight: number(screen.height),
      screenWidth: number(screen.width),
    },
    environment: {
      operatingSystem: text(os.name),
      operatingSystemVersion: text(os.version),
      ...addressOf(context.ip),
    },
    application: { name: text(app.name), version: text(app.version), id: text(app.namespace) },
    marketing: { campaignName: text(campaign.name), trackingCode: text(campaign.source) },
    placeContext: { geo: { city: text(location.city), countryCode: countryCodeOf(location.country) } },
    web: mapPage(page),
  });
}

function mapPage(page: JsonObject): JsonObject {
  return {
    webPageDetails: { name: text(page.title), URL: text(page.url) },
    webReferrer: { URL: text(page.referrer) },
  };
}

const addressOf = (ip: unknown) =>
  typeof ip !== 'string' || ip === '' ? {} : { [ip.includes(':') ? 'ipV6' : 'ipV4']: ip };

/** XDM holds the code of two letters; a country's name has no field there. */
const countryCodeOf = (country: unknown) =>
  typeof country === 'string' && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined;
