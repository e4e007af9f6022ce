/** What happens now: how much comes in, who enters and leaves, how late, and what runs over everybody. */
import '../segments/segments.css';
import '../ui/parts.css';
import './live.css';
import { useEffect, useState } from 'react';
import { usePageTitle } from '../app/use-page-title.ts';
import { useSpeech } from '../messages/language.tsx';
import { useSegments } from '../segment-detail/use-segment.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { ChangeLog } from './ChangeLog.tsx';
import { type Flow, lastMinute, percentile } from './flow.ts';
import { RunningCard } from './RunningCard.tsx';
import { useEventRate } from './use-event-rate.ts';
import { useFlow } from './use-flow.ts';
import { useLiveMessages } from './use-live-messages.ts';

export function LivePage() {
  const words = useLiveMessages();
  usePageTitle(words.title);
  const [isPaused, setPaused] = useState(false);
  usePauseKey(() => setPaused((before) => !before));
  const { flow, error } = useFlow(isPaused);
  const segments = useSegments().data ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{words.title}</h1>
        <Button label={isPaused ? words.resume : words.pause} onPress={() => setPaused(!isPaused)} />
        <span role="status" className="muted">
          {isPaused ? words.paused : flow.isLive ? '' : words.catchingUp(flow.read)}
        </span>
      </div>
      {error !== undefined && <FailureNotice error={error} />}
      <Figures flow={flow} isPaused={isPaused} />
      <ChangeLog flow={flow} segments={segments} />
      <RunningCard segments={segments} />
    </div>
  );
}

/** Space, where nothing else has a use for it. */
function usePauseKey(toggle: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.isComposing || event.target !== document.body) return;
      event.preventDefault();
      toggle();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function Figures({ flow, isPaused }: { readonly flow: Flow; readonly isPaused: boolean }) {
  const words = useLiveMessages();
  const { decimal, number } = useSpeech();
  const rate = useEventRate(isPaused);
  const { entered, left } = lastMinute(flow, Date.now());
  const seconds = (milliseconds: number) => decimal(milliseconds / 1000, 1);
  const [p50, p99] = [percentile(flow.exitDelays, 0.5), percentile(flow.exitDelays, 0.99)];
  const lag = percentile(flow.eventDelays, 0.5);
  return (
    <div className="cards figures">
      <Figure
        title={words.events}
        value={rate?.perSecond === undefined ? '–' : decimal(rate.perSecond, 1)}
        about={rate?.perSecond === undefined ? words.eventsUnknown : words.eventsAbout(number(rate.total))}
      />
      <Figure
        title={words.changes}
        value={flow.isLive ? decimal((entered + left) / 60, 1) : '–'}
        about={flow.isLive ? words.summary(entered, left) : words.changesAbout}
      />
      <Figure
        title={words.late}
        value={flow.exitDelays.length === 0 ? '–' : number(flow.exitDelays.length)}
        about={p50 === undefined || p99 === undefined ? words.lateNone : words.lateAbout(seconds(p50), seconds(p99))}
      />
      <Figure
        title={words.lag}
        value={lag === undefined ? '–' : words.seconds(seconds(lag))}
        about={lag === undefined ? words.lagNone : words.lagAbout}
      />
    </div>
  );
}

function Figure({ title, value, about }: { readonly title: string; readonly value: string; readonly about: string }) {
  return (
    <Card title={title}>
      <p className="figure">{value}</p>
      <p className="small-text muted">{about}</p>
    </Card>
  );
}
