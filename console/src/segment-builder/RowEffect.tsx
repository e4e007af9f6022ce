/** What the row does to the number: how many it keeps, and how many it alone keeps out or lets in. */
import { memo } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { useEffects } from './builder-context.tsx';
import type { Id } from './model.ts';

export const RowEffect = memo(function RowEffect({ nodeId, id }: { readonly nodeId: Id; readonly id: string }) {
  const builder = useBuilderMessages();
  const { number } = useSpeech();
  const effect = useEffects().get(nodeId);
  if (effect === undefined) return <span className="effect" id={id} />;
  const { keeps, alone, reached } = effect;
  const sign = alone === undefined || alone < 0 ? '−' : '+';
  const explained =
    alone === undefined ? '' : (alone < 0 ? builder.panel.keptOut : builder.panel.letIn)(Math.abs(alone));
  return (
    <span className="effect" id={id} title={explained}>
      {reached !== undefined && <span>{builder.panel.reach(number(reached))}</span>}
      {keeps !== undefined && <span>{builder.panel.keepsRow(number(keeps))}</span>}
      {alone !== undefined && alone !== 0 && (
        <span className={alone < 0 ? 'drops' : 'adds'}>{builder.panel.alone(sign, number(Math.abs(alone)))}</span>
      )}
    </span>
  );
});
