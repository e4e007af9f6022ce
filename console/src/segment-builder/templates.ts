/** Worked examples: the rules that most people come for. */
export const TEMPLATES = {
  shoes: [
    'xEvent[eventType = "commerce.productViews" and web.webPageDetails.siteSection = "running shoes"',
    ' and timestamp occurs <= 30 days before now].count() >= 1',
    ' and not (xEvent[eventType = "commerce.purchases" and timestamp occurs <= 30 days before now].count() >= 1)',
  ].join(''),
  cart: [
    'chain(xEvent, timestamp, [A: WHAT(eventType = "commerce.productListAdds" and timestamp occurs <= 3 days before now), ',
    'B: not WHAT(eventType = "commerce.purchases")])',
  ].join(''),
  loyal: 'xEvent[eventType = "commerce.purchases" and timestamp occurs this year].count() >= 3',
} as const;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES: readonly TemplateName[] = ['shoes', 'cart', 'loyal'];
