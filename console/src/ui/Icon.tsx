/** Icons are drawn here: glyphs of a font can't be judged for contrast, and look different everywhere. */
const PATHS = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14',
  plus: 'M8 3v10M3 8h10',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  chevron: 'm4 6 4 4 4-4',
  right: 'm6 4 4 4-4 4',
  left: 'm10 4-4 4 4 4',
  close: 'm4 4 8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  undo: 'M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H6',
  redo: 'm10 3 3 3-3 3M13 6H7a4 4 0 0 0 0 8h3',
  grip: 'M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01',
  event: 'M8.5 1.8 3.5 9H8l-.5 5.2 5-7.2H8l.5-5.2Z',
  person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.8 14a5.2 5.2 0 0 1 10.4 0',
  group: 'M6 2.5H3v11h3M10 2.5h3v11h-3',
  segment: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 8V2M8 8l4.5 4',
  code: 'M5 4.5 1.8 8 5 11.5M11 4.5 14.2 8 11 11.5',
  sequence: 'M2 8h3M7 8h3M12 8h2M5 8a1 1 0 1 0 2 0 1 1 0 0 0-2 0ZM10 8a1 1 0 1 0 2 0 1 1 0 0 0-2 0Z',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  warning: 'M8 2.2 1.6 13.5h12.8L8 2.2ZM8 6.5v3.4M8 11.8h.01',
  account: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 8.6a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM4.4 12.4a4.4 4.4 0 0 1 7.2 0',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5 5 13h6l.5-8.5',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon-svg" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} strokeWidth={name === 'grip' || name === 'more' ? 2 : undefined} />
    </svg>
  );
}
