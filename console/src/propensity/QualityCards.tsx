import { Chart } from '../charts/Chart.tsx';
import { LineChart, type Point } from '../charts/LineChart.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { HistoryCard } from './HistoryCard.tsx';
import { wordOf } from './model-reading.ts';
import type { InsightsProps } from './SegmentLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function QualityCards({ insights }: InsightsProps) {
  const words = usePropensityMessages();
  const { quality2 } = words;
  const { decimal, percent } = useSpeech();
  const { evaluation } = insights;
  const { gains, roc, calibration, areaUnderCurve, kind, people } = evaluation;
  const tenth = gains.find(({ share }) => share >= 0.1) ?? gains[0];
  const [share, gain, lift] = [tenth?.share ?? 0, tenth?.gain ?? 0, tenth?.lift ?? 0];
  const most = Math.max(1, ...gains.map((each) => each.lift));
  return (
    <>
      <Card title={quality2.title} wide>
        <p>
          {quality2.about(
            decimal(areaUnderCurve, 3),
            words.words[wordOf(areaUnderCurve)],
            quality2.kinds[kind],
            people,
          )}
        </p>
        <div className="cards">
          <Curve
            title={quality2.lift}
            summary={quality2.liftSummary(percent(share), decimal(lift, 1))}
            across={quality2.share}
            up={quality2.lift}
            points={gains.map((each) => ({ x: each.share, y: each.lift }))}
            compared={[
              { x: 0, y: 1 },
              { x: 1, y: 1 },
            ]}
            top={most}
            format={(value) => decimal(value, 1)}
          />
          <Curve
            title={quality2.gains}
            summary={quality2.gainsSummary(percent(share), percent(gain))}
            across={quality2.share}
            up={quality2.gain}
            points={[{ x: 0, y: 0 }, ...gains.map((each) => ({ x: each.share, y: each.gain }))]}
          />
          <Curve
            title={quality2.roc}
            summary={quality2.rocSummary(percent(areaUnderCurve))}
            across={quality2.falsePositive}
            up={quality2.truePositive}
            points={roc.map((each) => ({ x: each.falsePositiveRate, y: each.truePositiveRate }))}
          />
          <Curve
            title={quality2.calibration}
            summary={quality2.calibrationSummary}
            across={quality2.expected}
            up={quality2.actual}
            points={calibration.map((each) => ({ x: each.expected, y: each.actual }))}
          />
        </div>
      </Card>
      <HistoryCard insights={insights} />
    </>
  );
}

interface CurveProps {
  readonly title: string;
  readonly summary: string;
  readonly across: string;
  readonly up: string;
  readonly points: readonly Point[];
  /** The diagonal, unless given. */
  readonly compared?: readonly Point[];
  readonly top?: number;
  readonly format?: (value: number) => string;
}

const DIAGONAL: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

function Curve({ title, summary, across, up, points, compared = DIAGONAL, top = 1, format }: CurveProps) {
  const { percent } = useSpeech();
  const share = (value: number) => percent(value, 1);
  const height = format ?? share;
  return (
    <Chart
      title={title}
      summary={summary}
      columns={[
        { id: 'x', name: across },
        { id: 'y', name: up, numeric: true },
      ]}
      points={points.map(({ x, y }) => [`${across} ${share(x)}`, height(y)])}
      draw={(at) => (
        <LineChart
          points={points}
          compared={compared}
          at={at}
          x={{ domain: [0, 1], ticks: [0, 0.5, 1], format: (value) => percent(value) }}
          y={{ domain: [0, top], ticks: [0, top / 2, top], format: format ?? ((value) => percent(value)) }}
        />
      )}
    />
  );
}
