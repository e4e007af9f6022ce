/** A handful of people with something to count. */
export const PEOPLE = 6;

/** Everybody looked at something; the even ones at running shoes, the first two bought. */
export const lookers = () =>
  Array.from({ length: PEOPLE }, (_, index) => {
    const id = `person-${index}@example.com`;
    const did = (eventType: string, more: object) => ({
      partitionKey: id,
      body: {
        _id: `${id} ${eventType}`,
        timestamp: new Date().toISOString(),
        eventType,
        identityMap: { Email: [{ id, primary: true }] },
        ...more,
      },
    });
    const section = index % 2 === 0 ? 'running shoes' : 'jackets';
    return [
      did('commerce.productViews', { web: { webPageDetails: { siteSection: section } } }),
      ...(index < 2 ? [did('commerce.purchases', { commerce: { purchases: { value: 1 } } })] : []),
    ];
  }).flat();
