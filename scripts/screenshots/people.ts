/** The shop's customers: who they are, how often they come, and what they like. The same ones for the same seed. */
import { pick, type Random, SECTIONS } from '#local/demo/shop.ts';

export interface Customer {
  readonly name: string;
  readonly email: string;
  readonly visitsPerWeek: number;
  /** Of visits, how many end in a purchase. */
  readonly buys: number;
  /** Days before the end at which they came first, and last. */
  readonly cameFirst: number;
  readonly cameLast: number;
  readonly favourite: string;
}

const FIRST =
  'Mira Jonas Aiko Rafael Ji-woo Nadia Tom Leila Sofia Piotr Grace Min-jun Seo-yeon Hana Lucas Emma Noah Ines Tiago Yuna Do-yun Anna Felix Clara Mateo Elif Kenji Priya Omar Freya'.split(
    ' ',
  );
const LAST =
  'Okafor Lindqvist Tanaka Moreno Han Petrova Baker Haddad Ade Rossi Nowak Kim Park Lee Choi Silva Weber Fischer Costa Jung Santos Meyer Yoon Ferreira Sato Novak Dubois Singh Larsen Demir'.split(
    ' ',
  );

/** Most come now and then; a few carry the shop, some have left it, and some are new. */
const HABITS = [
  { visitsPerWeek: 0.35, buys: 0.12, isLeaving: false, isNew: false },
  { visitsPerWeek: 0.35, buys: 0.12, isLeaving: false, isNew: false },
  { visitsPerWeek: 0.8, buys: 0.2, isLeaving: false, isNew: false },
  { visitsPerWeek: 0.8, buys: 0.2, isLeaving: true, isNew: false },
  { visitsPerWeek: 2.2, buys: 0.3, isLeaving: false, isNew: false },
  { visitsPerWeek: 1.2, buys: 0.15, isLeaving: false, isNew: true },
] as const;

export function customers(count: number, historyDays: number, random: Random): readonly Customer[] {
  const names = new Map<string, number>();
  return Array.from({ length: count }, () => {
    const name = `${pick(FIRST, random)} ${pick(LAST, random)}`;
    const namesakes = names.get(name) ?? 0;
    names.set(name, namesakes + 1);
    const { isLeaving, isNew, ...habit } = pick(HABITS, random);
    return {
      name,
      email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}${namesakes === 0 ? '' : namesakes + 1}@example.com`,
      ...habit,
      cameFirst: isNew ? random() * 25 : historyDays * (0.6 + 0.4 * random()),
      cameLast: isLeaving ? historyDays * (0.1 + 0.4 * random()) : 0,
      favourite: pick(SECTIONS, random),
    };
  });
}
