export const builder = {
  newTitle: 'New segment',
};
