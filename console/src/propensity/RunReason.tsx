import type { PropensityRunResource } from '#shared/api/propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

/** Why a run came to no end, in the reader's words; the service's own are for what has none. */
export function RunReason({ run: { errorCode, message, dataCheck } }: { readonly run: PropensityRunResource }) {
  const { errors, findings } = usePropensityMessages();
  if (errorCode === undefined) return null;
  const missing = (dataCheck?.findings ?? []).map(
    ({ code, found, needed, message: theirs }) => findings[code]?.(found, needed) ?? theirs,
  );
  return (
    <span className="stack">
      <span>{errors[errorCode] ?? message}</span>
      {missing.map((text) => (
        <span key={text} className="small-text">
          {text}
        </span>
      ))}
      {errorCode === 'UNEXPECTED' && <span className="small-text muted">{message}</span>}
      <code className="small-text muted">{errorCode}</code>
    </span>
  );
}
