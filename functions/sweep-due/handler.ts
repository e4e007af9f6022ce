/** Refuses every call until the behaviour of sweep-due lands. */
export const handler = async (): Promise<never> => {
  throw new Error('sweep-due has no behaviour yet');
};
