/** People with 22 attributes. */
import type { Random } from '#local/simulator/random.ts';
import type { Attributes } from './model.ts';
import { cents, draw, drawSome, normal, randomOf, WORDS } from './tables.ts';

export const makeProfiles = (count: number, seed = 1): readonly Attributes[] =>
  Array.from({ length: count }, (_, index) => makeProfile(randomOf(seed, index)));

function makeProfile(random: Random): Attributes {
  const words = (name: keyof typeof WORDS) => draw(WORDS[name], random);
  const orderCount = Math.floor(Math.max(0, Math.exp(0.6 + 1.1 * normal(random)) - 0.7));
  const avgOrderValue = cents(Math.exp(3.9 + 0.6 * normal(random)));
  return {
    ...{ country: words('country'), language: words('language'), city: words('city'), gender: words('gender') },
    age: Math.max(16, Math.min(90, Math.round(38 + 13 * normal(random)))),
    birthMonth: 1 + random.below(12),
    ...{ emailDomain: words('emailDomain'), plan: words('plan'), loyaltyTier: words('loyaltyTier') },
    loyaltyPoints: Math.floor(Math.exp(5 + 1.5 * normal(random))),
    ...{ ltv: cents(orderCount * avgOrderValue), orderCount, avgOrderValue },
    signupDays: random.below(2000),
    marketingOptIn: random.chance(0.55),
    isEmployee: random.chance(0.01),
    ...{ os: words('os'), browser: words('browser'), channel: words('channel') },
    preferredCategory: words('preferredCategory'),
    nps: random.below(11),
    tags: drawSome(WORDS.tag, random.below(5), random),
  };
}
