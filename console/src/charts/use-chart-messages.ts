import { useAreaMessages } from '../messages/use-area-messages.ts';

const en = {
  table: 'Table',
  chart: 'Chart',
  walk: 'Point or use the arrow keys for the figures.',
  nothing: 'There is nothing to draw yet.',
};
const ko = {
  table: '표',
  chart: '차트',
  walk: '가리키거나 화살표 키로 값을 볼 수 있습니다.',
  nothing: '아직 그릴 값이 없습니다.',
} satisfies typeof en;

export const useChartMessages = () => useAreaMessages({ en, ko });
