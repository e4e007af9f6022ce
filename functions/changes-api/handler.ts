/** Refuses every call until the behaviour of changes-api lands. */
export const handler = async (): Promise<never> => {
  throw new Error('changes-api has no behaviour yet');
};
