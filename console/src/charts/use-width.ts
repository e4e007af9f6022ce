/** How wide a drawing may be: its letters keep their size, whatever the page's. */
import { type RefObject, useEffect, useRef, useState } from 'react';

const WIDTH_FIRST = 480;
const WIDTH_MIN = 240;

export function useWidth(): readonly [RefObject<SVGSVGElement | null>, number] {
  const drawing = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(WIDTH_FIRST);
  useEffect(() => {
    const around = drawing.current?.parentElement;
    if (around === null || around === undefined || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(WIDTH_MIN, Math.round(entry?.contentRect.width ?? WIDTH_FIRST))),
    );
    observer.observe(around);
    return () => observer.disconnect();
  }, []);
  return [drawing, width];
}
