/** Shoppers who browse, fill carts and buy, the same ones in the same order for the same seed. */

import { type Product, pick, productOf, type Random, SECTIONS, surroundings } from './shop.ts';

export interface Shopper {
  readonly name: string;
  readonly email: string;
}

export interface Act {
  readonly shopper: Shopper;
  /** As a person would say it. */
  readonly did: string;
  readonly event: Readonly<Record<string, unknown>>;
}

type Stage = 'away' | 'browsing' | 'deciding';

const NAMES = [
  'Mira Okafor',
  'Jonas Lindqvist',
  'Aiko Tanaka',
  'Rafael Moreno',
  'Ji-woo Han',
  'Nadia Petrova',
  'Tom Baker',
  'Leila Haddad',
  'Oluwaseun Ade',
  'Sofia Rossi',
  'Piotr Nowak',
  'Grace Kim',
];

export const SHOPPERS: readonly Shopper[] = NAMES.map((name) => ({
  name,
  email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.com`,
}));

export class Crowd {
  readonly #random: Random;
  readonly #stages = new Map<Shopper, Stage>();
  /** What each looked at last: that is what goes into the cart, and is bought. */
  readonly #products = new Map<Shopper, Product>();
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What somebody does next. */
  act(now: number): Act {
    const shopper = pick(SHOPPERS, this.#random);
    const stage = this.#stages.get(shopper) ?? 'away';
    const chance = this.#random();
    if (stage === 'deciding' && chance < 0.45) return this.#buy(shopper, now);
    if (stage === 'browsing' && chance < 0.3) return this.#addToCart(shopper, now);
    return this.#view(shopper, now);
  }

  #view(shopper: Shopper, now: number): Act {
    const section = pick(SECTIONS, this.#random);
    this.#stages.set(shopper, this.#stages.get(shopper) === 'deciding' ? 'deciding' : 'browsing');
    const product = productOf(section, this.#random);
    this.#products.set(shopper, product);
    const web = { webPageDetails: { name: product.name, siteSection: section } };
    return {
      shopper,
      did: `looked at ${section}`,
      event: this.#event(shopper, now, { eventType: 'commerce.productViews', web, ...this.#items(shopper) }),
    };
  }

  #addToCart(shopper: Shopper, now: number): Act {
    this.#stages.set(shopper, 'deciding');
    return {
      shopper,
      did: 'filled the cart',
      event: this.#event(shopper, now, { eventType: 'commerce.productListAdds', ...this.#items(shopper) }),
    };
  }

  #buy(shopper: Shopper, now: number): Act {
    this.#stages.set(shopper, 'away');
    const priceTotal = (this.#products.get(shopper)?.priceTotal ?? 50) * (1 + Math.floor(this.#random() * 2));
    const commerce = { order: { priceTotal, currencyCode: 'EUR' } };
    const fields = { eventType: 'commerce.purchases', commerce, ...this.#items(shopper) };
    return { shopper, did: 'bought', event: this.#event(shopper, now, fields) };
  }

  #items(shopper: Shopper): object {
    const product = this.#products.get(shopper);
    return product === undefined ? {} : { productListItems: [{ ...product, quantity: 1 }] };
  }

  #event(shopper: Shopper, now: number, fields: object): Readonly<Record<string, unknown>> {
    this.#count += 1;
    return {
      _id: `demo-${now}-${this.#count}`,
      timestamp: new Date(now).toISOString(),
      identityMap: { Email: [{ id: shopper.email, primary: true }] },
      ...surroundings(this.#random),
      ...fields,
    };
  }
}
