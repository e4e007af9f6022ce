/** Refuses every call until the behaviour of process-events lands. */
export const handler = async (): Promise<never> => {
  throw new Error('process-events has no behaviour yet');
};
