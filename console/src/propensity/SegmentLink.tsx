import type { PropensityInsights, PropensityInstanceResource } from '#shared/api/propensity.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

export interface InsightsProps {
  readonly model: PropensityInstanceResource;
  readonly insights: PropensityInsights;
}

interface LinkProps {
  readonly model: PropensityInstanceResource;
  /** Of whom, in words. */
  readonly what: string;
  readonly pql: string;
}

/** Opens the builder, filled in. */
export function SegmentLink({ model, what, pql }: LinkProps) {
  const words = usePropensityMessages();
  return (
    <PageLink
      to="/segments/new"
      search={{ pql, name: words.segmentName(model.displayName, what) }}
      look="text"
      label={words.makeSegment}
      aria-label={words.segmentOf(what)}
    />
  );
}
