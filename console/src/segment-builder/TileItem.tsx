/** A tile with what is known of it below, once somebody asks: by the mark beside it, or by the arrow to the right. */
import { lazy, memo, Suspense, useState } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Icon } from '../ui/Icon.tsx';
import type { Offer } from './rail-offers.ts';
import { Tile } from './Tile.tsx';

const TileDetails = lazy(async () => ({ default: (await import('./TileDetails.tsx')).TileDetails }));

interface Props {
  readonly offer: Offer;
  readonly heading: string | undefined;
  readonly isTabStop: boolean;
}

export const TileItem = memo(function TileItem({ offer, heading, isTabStop }: Props) {
  const { rail } = useBuilderMessages();
  const [isOpen, setOpen] = useState(false);
  const { details, tile, title, icon, about, people } = offer;
  const shown = {
    tile,
    title,
    icon,
    ...(about === undefined ? {} : { about }),
    ...(people === undefined ? {} : { people }),
  };
  return (
    <li
      onKeyDown={(event) => {
        const isAsked = details !== undefined && (event.target as HTMLElement).dataset.tile !== undefined;
        if (!isAsked || event.altKey || event.key !== (isOpen ? 'ArrowLeft' : 'ArrowRight')) return;
        event.preventDefault();
        setOpen(!isOpen);
      }}
    >
      {heading !== undefined && <h2 className="rail-group">{heading}</h2>}
      <span className="tile-line">
        <Tile {...shown} isTabStop={isTabStop} />
        {details !== undefined && (
          <button
            type="button"
            className={isOpen ? 'tile-toggle open' : 'tile-toggle'}
            tabIndex={-1}
            aria-expanded={isOpen}
            aria-label={rail.values(title)}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="chevron" />
          </button>
        )}
      </span>
      {isOpen && details !== undefined && (
        <Suspense>
          <TileDetails details={details} />
        </Suspense>
      )}
    </li>
  );
});
