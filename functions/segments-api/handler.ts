/** Refuses every call until the behaviour of segments-api lands. */
export const handler = async (): Promise<never> => {
  throw new Error('segments-api has no behaviour yet');
};
