/** track, page and screen calls to experience events: XDM fields where there are some, and all that was sent below `segment`. */
import { type Call, textOf } from './call.ts';
import { eventTypeOf, PAGE_VIEW, SCREEN_VIEW } from './event-types.ts';
import { mapContext } from './map-context.ts';
import { isObject, type JsonObject } from './read-body.ts';
import { compact, number, objectOf, text } from './xdm.ts';

export function mapTrack({ fields, context }: Call): JsonObject {
  const event = textOf(fields.event) as string;
  const properties = objectOf(fields.properties);
  const { eventType, measure, isOfProduct, isOfOrder } = eventTypeOf(event);
  const order = isOfOrder || properties.order_id !== undefined ? mapOrder(properties) : undefined;
  const products = productsOf(properties, isOfProduct === true);
  const mapped = mapContext(context, objectOf(context.page));
  const [group, name] = measure ?? [];
  const counted = group && name ? { [group]: { ...objectOf(mapped[group]), [name]: { value: 1 } } } : {};
  return compact({
    ...mapped,
    ...counted,
    ...(order && { commerce: { ...objectOf(counted.commerce), order } }),
    eventType,
    productListItems: products.length > 0 ? products : undefined,
    search: { keywords: event === 'Products Searched' ? text(properties.query) : undefined },
  });
}

function mapOrder(properties: JsonObject): JsonObject {
  return {
    purchaseID: text(properties.order_id),
    currencyCode: text(properties.currency),
    // `total` has discounts and taxes in it, as XDM's field has; `revenue` and `value` stand in for it.
    priceTotal: number(properties.total) ?? number(properties.revenue) ?? number(properties.value),
    taxAmount: number(properties.tax),
    discountAmount: number(properties.discount),
  };
}

function productsOf(properties: JsonObject, isOfProduct: boolean): readonly JsonObject[] {
  const given = Array.isArray(properties.products) ? properties.products.filter(isObject) : [];
  const products = given.length === 0 && isOfProduct ? [properties] : given;
  return products
    .map((product) => compact(mapProduct(product, properties.currency)))
    .filter((product) => Object.keys(product).length > 0);
}

/** XDM holds the price of the line, the specification the price of one. */
function mapProduct(product: JsonObject, currency: unknown): JsonObject {
  const price = number(product.price);
  const quantity = number(product.quantity);
  return {
    SKU: text(product.sku) ?? text(product.product_id),
    name: text(product.name),
    quantity: quantity !== undefined && Number.isInteger(quantity) ? quantity : undefined,
    priceTotal: price === undefined ? undefined : roundCents(price * (quantity ?? 1)),
    currencyCode: price === undefined ? undefined : (text(product.currency) ?? text(currency)),
  };
}

/** 3 × 19.99 is 59.97, whatever binary fractions say. */
const roundCents = (amount: number) => Number(amount.toFixed(6));

export function mapPage(call: Call): JsonObject {
  const properties = objectOf(call.fields.properties);
  const mapped = mapContext(call.context, { ...objectOf(call.context.page), ...properties });
  const web = objectOf(mapped.web);
  const named = compact({
    name: text(call.fields.name) ?? text(properties.name) ?? text(properties.title),
    siteSection: text(call.fields.category) ?? text(properties.category),
  });
  const webPageDetails = { ...objectOf(web.webPageDetails), ...named, pageViews: { value: 1 } };
  return { ...mapped, eventType: PAGE_VIEW, web: { ...web, webPageDetails } };
}

export function mapScreen(call: Call): JsonObject {
  const properties = objectOf(call.fields.properties);
  const mapped = mapContext(call.context, objectOf(call.context.page));
  const web = objectOf(mapped.web);
  const named = compact({
    viewName: text(call.fields.name) ?? text(properties.name),
    siteSection: text(call.fields.category) ?? text(properties.category),
  });
  return compact({ ...mapped, eventType: SCREEN_VIEW, web: { ...web, webPageDetails: named } });
}
