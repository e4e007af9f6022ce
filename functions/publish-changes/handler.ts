/** Refuses every call until the behaviour of publish-changes lands. */
export const handler = async (): Promise<never> => {
  throw new Error('publish-changes has no behaviour yet');
};
