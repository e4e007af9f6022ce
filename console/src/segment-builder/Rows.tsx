/** The rows of a rule: a group and its children, each of whatever kind, with what stands below it. */
import { lazy, memo, Suspense, useMemo } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { EditingProvider, useCursor, useOwnView, useTools } from './builder-context.tsx';
import { CodeRowBody } from './CodeRowBody.tsx';
import { Gap } from './drag.tsx';
import { commonTime, setGroupTime } from './group-time.ts';
import type { Group, Id, Mode, Node, Pattern, Scope, When } from './model.ts';
import { setMode } from './operations.ts';
import { type Position, RowFrame, useEditing } from './RowFrame.tsx';
import { partsOf, sentenceOf } from './sentence.ts';
import { ModeSlot } from './slots/ModeSlot.tsx';
import { SlotOf } from './slots/SlotOf.tsx';
import { WhenSlot } from './slots/WhenSlot.tsx';

const Timeline = lazy(async () => ({ default: (await import('./Timeline.tsx')).Timeline }));

interface GroupProps {
  readonly group: Group;
  readonly scope: Scope;
  readonly level: number;
  /** Absent for the whole rule. */
  readonly position: Position | undefined;
}

export const GroupRows = memo(function GroupRows({ group, scope, level, position }: GroupProps) {
  const builder = useBuilderMessages();
  const isRoot = position === undefined;
  return (
    <div className={isRoot ? 'rule' : `group-rows ${group.mode}`} role="presentation">
      <RowFrame node={group} scope={scope} level={level} position={position} kind="group">
        <span className="words">
          <ModeSlot
            mode={group.mode}
            labels={isRoot ? builder.sentence.peopleWho : builder.sentence.meet}
            groupId={group.id}
            isHeading={isRoot}
          />
          <GroupTimeSlot group={group} />
        </span>
      </RowFrame>
      <ChildRows group={group} scope={scope} level={level + 1} />
    </div>
  );
});

/** One time for all events of the group, where they share one or are to share one. */
function GroupTimeSlot({ group }: { readonly group: Group }) {
  const builder = useBuilderMessages();
  const { change } = useTools();
  const time = useMemo(() => commonTime(group), [group]);
  if (time === undefined) return null;
  const set = (when: When | undefined) => change((root) => setGroupTime(root, group.id, when));
  return (
    <span className="group-time">
      {builder.sentence.groupTime}{' '}
      <WhenSlot
        label={builder.slots.groupWhen}
        when={time.kind === 'same' ? time.when : undefined}
        {...(time.kind === 'same' ? {} : { text: builder.sentence.differentTimes })}
        isOptional
        onChange={set}
      />
    </span>
  );
}

interface ChildProps {
  readonly group: Group;
  readonly scope: Scope;
  readonly level: number;
}

function ChildRows({ group, scope, level }: ChildProps) {
  const builder = useBuilderMessages();
  const { children, mode, id } = group;
  const total = children.length;
  return (
    <div className="child-rows" role="presentation">
      {children.map((child, index) => (
        <PlacedRow key={child.id} node={child} groupId={id} {...{ mode, index, total, scope, level }} />
      ))}
      <div className="place end" role="presentation">
        <Gap groupId={id} index={total} label={builder.canvas.dropEnd(builder.sentence.modes[mode], total + 1)} />
        {total === 0 && level > 2 && <p className="empty-group">{builder.canvas.emptyGroup}</p>}
      </div>
    </div>
  );
}

/** Takes only what a row is drawn from, so that the others of a group stay as they are. */
const PlacedRow = memo(function PlacedRow(props: NodeProps) {
  const { node, scope, groupId, mode, index, total } = props;
  const builder = useBuilderMessages();
  const { wording } = useTools();
  const label = (): string =>
    builder.canvas.dropBefore(sentenceOf(node, scope, wording), builder.sentence.modes[mode], index + 1, total + 1);
  return (
    <div className="place" role="presentation">
      <Gap groupId={groupId} index={index} label={label} />
      {index > 0 && <Joint groupId={groupId} mode={mode} />}
      <NodeRow {...props} />
    </div>
  );
});

const OTHER: Readonly<Record<Mode, Mode>> = { all: 'any', any: 'all', none: 'all' };

/** The word between two rows; pressing it changes how the whole group goes together, as its own row does for all. */
function Joint({ groupId, mode }: { readonly groupId: string; readonly mode: Mode }) {
  const builder = useBuilderMessages();
  const { change, readOnly } = useTools();
  return (
    <div className="joint" aria-hidden="true">
      <Button
        look="quiet"
        className="joint-word"
        label={builder.sentence.joined[mode]}
        excludeFromTabOrder
        isDisabled={readOnly || mode === 'none'}
        onPress={() => change((root) => setMode(root, groupId, OTHER[mode]))}
      />
    </div>
  );
}

interface NodeProps {
  readonly node: Node;
  readonly scope: Scope;
  readonly level: number;
  readonly groupId: Id;
  readonly mode: Mode;
  readonly index: number;
  readonly total: number;
}

/** Groups below it open in a view of their own: depth must not squeeze the words. */
const LEVEL_MAX = 5;

function NodeRow({ node, scope, level, groupId, mode, index, total }: NodeProps) {
  const position = useMemo<Position>(() => ({ groupId, mode, index, total }), [groupId, mode, index, total]);
  const shared = { scope, level, position };
  switch (node.kind) {
    case 'group':
      return level > LEVEL_MAX ? <DeepGroup group={node} {...shared} /> : <GroupRows group={node} {...shared} />;
    case 'sequence':
      return (
        <Suspense fallback={<PlainRow node={node} {...shared} />}>
          <Timeline sequence={node} {...shared} Filters={Filters} />
        </Suspense>
      );
    case 'code':
      return (
        <RowFrame node={node} kind="code" {...shared}>
          <CodeRowBody row={node} />
        </RowFrame>
      );
    default:
      return (
        <>
          <RowFrame node={node} kind={node.kind} {...shared}>
            <SentenceBody node={node} scope={scope} />
          </RowFrame>
          {node.kind === 'event' && <Filters row={node} level={level + 1} />}
        </>
      );
  }
}

interface DeepProps extends GroupProps {
  readonly position: Position;
}

function DeepGroup({ group, ...shared }: DeepProps) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  const open = useOwnView();
  return (
    <RowFrame node={group} kind="group" {...shared}>
      <span className="words deep-words">{sentenceOf(group, shared.scope, wording)}</span>
      <Button
        size="small"
        label={builder.canvas.openOwn(group.children.length)}
        onPress={() => open(group.id)}
        excludeFromTabOrder
      />
    </RowFrame>
  );
}

/** For as long as what draws a sequence is on its way. */
function PlainRow({ node, ...shared }: Pick<NodeProps, 'node' | 'scope' | 'level'> & { readonly position: Position }) {
  const { wording } = useTools();
  return (
    <RowFrame node={node} kind="sequence" {...shared}>
      <span className="words">{sentenceOf(node, shared.scope, wording)}</span>
    </RowFrame>
  );
}

interface BodyProps {
  readonly node: Exclude<Node, { kind: 'group' | 'sequence' | 'code' }>;
  readonly scope: Scope;
}

/** Words and slots in the order of the reader's language. */
function SentenceBody({ node, scope }: BodyProps) {
  const { wording } = useTools();
  const parts = partsOf(node, scope, wording);
  return (
    <span className="words">
      {parts.map((part, index) =>
        typeof part === 'string' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of one sentence, always in this order
          <span key={index}>{part}</span>
        ) : (
          <SlotOf key={part.slot} name={part.slot} text={part.text} node={node} scope={scope} />
        ),
      )}
    </span>
  );
}

/** Conditions on the event itself: rows below it, in the event's own scope. */
function Filters({ row, level }: { readonly row: Pick<Pattern, 'where'>; readonly level: number }) {
  const { where } = row;
  if (where === undefined || where.children.length === 0) return null;
  return (
    <div className="filters-of" role="presentation">
      <WhereRow where={where} level={level} />
      <ChildRows group={where} scope="event" level={level + 1} />
    </div>
  );
}

/** How the filters go together: a row that has no place of its own to move from. */
function WhereRow({ where, level }: { readonly where: Group; readonly level: number }) {
  const builder = useBuilderMessages();
  const { focus } = useCursor();
  const { row, isEditing, onBlur, onFocus } = useEditing();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows
    <div
      ref={row}
      role="row"
      className="where-word"
      data-row={where.id}
      tabIndex={focus === where.id ? 0 : -1}
      aria-level={level}
      aria-posinset={1}
      aria-setsize={1}
      aria-expanded={true}
      aria-label={builder.sentence.where[where.mode]}
      onBlur={onBlur}
      onFocus={onFocus}
    >
      <EditingProvider value={isEditing}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the row has the focus, its cells never do */}
        <div role="gridcell">
          <ModeSlot mode={where.mode} labels={builder.sentence.where} groupId={where.id} />
        </div>
      </EditingProvider>
    </div>
  );
}
