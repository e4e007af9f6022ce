import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';

interface Props {
  readonly from: number;
  readonly shown: number;
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

export function Pager({ from, shown, total, page, pages, onPage }: Props) {
  const { list } = useMessages();
  return (
    <div className="pager">
      <span className="muted" role="status">
        {shown === 0 ? '' : list.shown(from + 1, from + shown, total)}
      </span>
      {pages > 1 && (
        <>
          <Button
            look="quiet"
            icon="left"
            aria-label={list.previous}
            isDisabled={page === 1}
            onPress={() => onPage(page - 1)}
          />
          <Button
            look="quiet"
            icon="right"
            aria-label={list.next}
            isDisabled={page === pages}
            onPress={() => onPage(page + 1)}
          />
        </>
      )}
    </div>
  );
}
