import { useMessages } from '../messages/language.tsx';
import { ButtonLink } from '../ui/ButtonLink.tsx';
import { TemplateCards } from './TemplateCards.tsx';

/** Never a blank page: what a segment is, and where to begin. */
export function EmptyList() {
  const { list } = useMessages();
  return (
    <section className="empty">
      <h2>{list.empty}</h2>
      <p className="muted">{list.emptyHint}</p>
      <TemplateCards />
      <ButtonLink to="/segments/new" label={list.startEmpty} />
    </section>
  );
}
