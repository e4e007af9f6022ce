/** Refuses every call until the behaviour of profiles-api lands. */
export const handler = async (): Promise<never> => {
  throw new Error('profiles-api has no behaviour yet');
};
