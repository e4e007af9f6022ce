/** Views of one thing. Which of them is shown stands in the address, so it can be sent and gone back to. */
import { type KeyboardEvent, type ReactNode, useId } from 'react';

export interface TabOf<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly content: () => ReactNode;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly tabs: readonly TabOf<Id>[];
  readonly shown: Id;
  readonly onShow: (id: Id) => void;
}

/** One stop of the Tab key; the arrows go from one to the next and show it. */
export function PageTabs<Id extends string>({ label, tabs, shown, onShow }: Props<Id>) {
  const base = useId();
  const current = tabs.find(({ id }) => id === shown) ?? tabs[0];
  const goTo = (event: KeyboardEvent<HTMLElement>) => {
    const index = nextIndex(event.key, tabs.indexOf(current as TabOf<Id>), tabs.length);
    const next = tabs[index ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    onShow(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} className="tab-list">
        {tabs.map(({ id, label: name }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            className="tab"
            aria-selected={id === current?.id}
            aria-controls={id === current?.id ? `${base}-panel` : undefined}
            tabIndex={id === current?.id ? 0 : -1}
            onClick={() => onShow(id)}
            onKeyDown={goTo}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${current?.id}`} className="tab-panel">
        {current?.content()}
      </div>
    </div>
  );
}

function nextIndex(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count;
    case 'ArrowLeft':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
