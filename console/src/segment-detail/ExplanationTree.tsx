import { useMessages, useSpeech } from '../messages/language.tsx';
import type { Wording } from '../segment-builder/sentence.ts';
import { Icon } from '../ui/Icon.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import {
  branchesOf,
  type ExplanationNode,
  groundsOf,
  isConsent,
  isFarOff,
  isJoint,
  leavesOf,
  sentenceOfText,
  signOf,
  turnedRound,
  valueText,
} from './explanation-reading.ts';
import { useDetailMessages } from './use-detail-messages.ts';

interface Props {
  readonly root: ExplanationNode;
  readonly wording: Wording;
}

/** Each condition with its sign in words, and those that decide marked. */
export function ExplanationTree({ root, wording }: Props) {
  return (
    <ul className="tree">
      <Branch node={root} wording={wording} />
    </ul>
  );
}

function Branch({ node, wording }: { readonly node: ExplanationNode; readonly wording: Wording }) {
  const { explain } = useDetailMessages();
  const turned = turnedRound(node);
  const isGroup = isJoint(node) && turned === undefined;
  const title = node.kind === 'or' ? explain.any : node.kind === 'not' ? explain.not : explain.all;
  const joint = isConsent(node) ? explain.consents : title;
  const said = isGroup ? joint : sentenceOfText(node.text, wording);
  return (
    <li className={`branch ${signOf(node)}`}>
      <div className="branch-line">
        <Sign node={node} />
        {said === undefined ? <code>{node.text}</code> : <span>{said}</span>}
        {!isGroup && node.decisive && <span className="tag decides">{explain.decides}</span>}
        {!isGroup && <Need node={turned ?? node} isTurned={turned !== undefined} />}
      </div>
      {isGroup ? <Branches node={node} wording={wording} /> : <Grounds node={node} />}
    </li>
  );
}

/** What could not have moved the answer is folded away where it has parts of its own. */
function Branches({ node, wording }: { readonly node: ExplanationNode; readonly wording: Wording }) {
  const { explain } = useDetailMessages();
  const parts = branchesOf(node);
  const rows = (
    <ul className="tree">
      {parts.map((child) => (
        <Branch key={`${child.start}-${child.end}`} node={child} wording={wording} />
      ))}
    </ul>
  );
  if (!isConsent(node) && signOf(node) !== 'idle') return rows;
  return (
    <details className="folded">
      <summary>{explain.parts(leavesOf(node))}</summary>
      {rows}
    </details>
  );
}

function Sign({ node }: { readonly node: ExplanationNode }) {
  const { explain } = useDetailMessages();
  const truth = node.outcome === true ? 'holds' : 'fails';
  const isIdle = signOf(node) === 'idle';
  return (
    <span className={`sign ${truth}`}>
      <Icon name={truth === 'holds' ? 'check' : 'close'} />
      <span>{isIdle ? `${explain[truth]} (${explain.idle})` : explain[truth]}</span>
    </span>
  );
}

interface NeedProps {
  readonly node: ExplanationNode;
  /** What was needed is then what was not wanted: only what was found is said. */
  readonly isTurned: boolean;
}

function Need({ node: { need, nextFlip }, isTurned }: NeedProps) {
  const { explain } = useDetailMessages();
  const { decimal, dateTime } = useSpeech();
  const found = need && decimal(need.have ?? 0, 2);
  const needed =
    need === undefined || isTurned
      ? []
      : [
          explain.have(decimal(need.have ?? 0, 2), explain.needs[need.comparison](decimal(need.want, 2))),
          ...(need.shortBy ? [explain.short(decimal(need.shortBy, 2))] : []),
          ...(need.overBy ? [explain.over(decimal(need.overBy, 2))] : []),
        ];
  const parts = [
    ...(isTurned && found !== undefined ? [explain.found(found)] : needed),
    ...(nextFlip === undefined || isFarOff(nextFlip.at, Date.now())
      ? []
      : [explain.changes(dateTime(Date.parse(nextFlip.at)))]),
  ];
  return parts.length === 0 ? null : <span className="muted small-text">{parts.join(' · ')}</span>;
}

function Grounds({ node }: { readonly node: ExplanationNode }) {
  const { explain } = useDetailMessages();
  const { evidence, fields } = groundsOf(node);
  return (
    <div className="grounds">
      {fields.map((field) => (
        <p key={`${field.start}-${field.end}`} className="small-text">
          <code>{field.text}</code>{' '}
          {field.value === null || field.value === undefined ? explain.noValue : explain.value(valueText(field.value))}
        </p>
      ))}
      {evidence.map((list) => (
        <Evidence key={`${list.start}-${list.end}`} node={list} />
      ))}
    </div>
  );
}

function Evidence({ node: { evidence } }: { readonly node: ExplanationNode }) {
  const { explain } = useDetailMessages();
  const { app } = useMessages();
  const { dateTime } = useSpeech();
  if (evidence === undefined) return null;
  const { matched, total, events, truncated } = evidence;
  const said = explain.evidence(matched, total);
  if (events.length === 0) return <p className="small-text muted">{said}</p>;
  return (
    <details>
      <summary>{said}</summary>
      <PlainTable
        label={said}
        columns={(['time', 'event', 'counts', 'until'] as const).map((id) => ({ id, name: explain.columns[id] }))}
        rows={events.map(({ eventId, timestamp, eventType = '', matched: isCounted, why = [], countsUntil }) => ({
          key: eventId,
          cells: [
            dateTime(Date.parse(timestamp)),
            <span key="event" title={eventId}>
              {eventType}
            </span>,
            isCounted ? explain.counts : explain.countsNot(why.join(', ')),
            countsUntil === undefined ? '' : dateTime(Date.parse(countsUntil)),
          ],
        }))}
      />
      {truncated && <p className="small-text muted">{app.moreLeftOut}</p>}
    </details>
  );
}
