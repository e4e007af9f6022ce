import type { ProfileView } from '#shared/api/entities.ts';
import { useSpeech } from '../messages/language.tsx';
import { valueText } from '../segment-detail/explanation-reading.ts';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { type Score, scoresOf } from './profile-reading.ts';
import { useProfileMessages } from './use-profile-messages.ts';

/** What is expected of them, and what moves it up or down. */
export function ScoresTab({ view }: { readonly view: ProfileView }) {
  const { scores: words } = useProfileMessages();
  const scores = scoresOf(view.propensity);
  if (scores.length === 0) return <p className="muted">{words.none}</p>;
  return scores.map(([id, score]) => <OneScore key={id} id={id} score={score} />);
}

function OneScore({ id, score }: { readonly id: string; readonly score: Score }) {
  const { scores: words } = useProfileMessages();
  const { decimal, percent, dateTime } = useSpeech();
  const scoredAt = typeof score.scoredAt === 'number' ? score.scoredAt : Date.parse(score.scoredAt);
  return (
    <Card title={id}>
      <p className="line">
        <strong className="figure">{decimal(score.score, 0)}</strong>
        <span className="tag">{words.buckets[score.bucket]}</span>
        <span className="muted">{words.relative}</span>
      </p>
      <p className="muted">
        {[
          words.probability(percent(score.probability, 1)),
          words.percentile(decimal(score.percentile, 0)),
          words.scored(dateTime(scoredAt)),
        ].join(' · ')}
      </p>
      {score.factors.length > 0 && (
        <PlainTable
          label={words.factors}
          columns={(['factor', 'direction', 'importance', 'value'] as const).map((column) => ({
            id: column,
            name: words.columns[column],
          }))}
          rows={score.factors.map(({ name, direction, importance, value }) => ({
            key: name,
            cells: [
              name,
              direction === 'raises' ? words.up : words.down,
              new Map(Object.entries(words.importance)).get(importance) ?? importance,
              value === null || value === undefined
                ? ''
                : typeof value === 'number'
                  ? decimal(value, 2)
                  : valueText(value),
            ],
          }))}
        />
      )}
    </Card>
  );
}
