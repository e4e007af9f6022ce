/** A segment's size over the last seven days, at a glance; its words say from what to what. */
import { useMessages } from '../messages/language.tsx';
import { lastDays, type Points, sparkline } from './figures.ts';

const WIDTH = 84;
const HEIGHT = 20;
const EDGE = 2;

export function Sparkline({ points }: { readonly points: Points }) {
  const { list } = useMessages();
  const days = lastDays(points, Date.now());
  const path = sparkline(days, WIDTH, HEIGHT);
  const [first, last] = [days[0], days.at(-1)];
  if (path === '' || first === undefined || last === undefined) return null;
  const box = `${-EDGE} ${-EDGE} ${WIDTH + 2 * EDGE} ${HEIGHT + 2 * EDGE}`;
  return (
    <svg className="sparkline" viewBox={box} role="img" aria-label={list.trend(first.members, last.members)}>
      <path d={path} />
    </svg>
  );
}
