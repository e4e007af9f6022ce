import { useMessages } from '../messages/language.tsx';

const WIDTHS = [64, 82, 47, 71];

/** What is on its way: the page keeps its shape. */
export function Waiting({ lines = 4 }: { readonly lines?: number }) {
  const { app } = useMessages();
  return (
    <div className="waiting" role="status">
      <span className="visually-hidden">{app.loading}</span>
      {WIDTHS.slice(0, lines).map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
