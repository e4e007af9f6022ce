import type { Messages } from './en.ts';

export const builder: Messages['builder'] = {
  newTitle: '새 세그먼트',
};
