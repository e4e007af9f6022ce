/** Refuses every call until the behaviour of collect-events lands. */
export const handler = async (): Promise<never> => {
  throw new Error('collect-events has no behaviour yet');
};
