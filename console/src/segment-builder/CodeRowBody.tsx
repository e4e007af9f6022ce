/** What the canvas can't draw, as its text; still a row that moves, counts and can be edited where it stands. */
import { useState } from 'react';
import { parse } from '#shared/pql/parser.ts';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { useIsEditing, useTools } from './builder-context.tsx';
import type { CodeRow } from './model.ts';
import { replace } from './operations.ts';

export function CodeRowBody({ row }: { readonly row: CodeRow }) {
  const builder = useBuilderMessages();
  const { change, readOnly } = useTools();
  const isEditing = useIsEditing();
  const [text, setText] = useState<string>();
  const shown = text ?? row.text;
  const parsed = shown.trim() === '' ? undefined : parse(shown);
  const mistake = parsed?.ok === false ? parsed.error[0]?.message : undefined;
  const keep = () => {
    // A text that isn't PQL would make the whole rule none: it stays here until it is.
    if (text === undefined || mistake !== undefined) return;
    setText(undefined);
    if (text !== row.text) change((root) => replace(root, row.id, { ...row, text }));
  };
  return (
    <span className="code-row">
      <textarea
        className="code-input"
        aria-label={builder.slots.code}
        aria-invalid={mistake !== undefined}
        rows={1}
        spellCheck={false}
        readOnly={readOnly}
        tabIndex={isEditing ? 0 : -1}
        value={shown}
        onChange={({ target }) => setText(target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          keep();
        }}
      />
      {mistake !== undefined && <span className="mistake">{mistake}</span>}
    </span>
  );
}
