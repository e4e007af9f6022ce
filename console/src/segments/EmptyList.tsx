import { useMessages } from '../messages/language.tsx';

/** Never a blank page: what a segment is, and where to begin. */
export function EmptyList() {
  const { list } = useMessages();
  return (
    <section className="empty">
      <h2>{list.empty}</h2>
      <p className="muted">{list.emptyHint}</p>
    </section>
  );
}
