/** What went wrong in one region, in words; the rest of the page goes on. */
import { Component, type ReactNode } from 'react';
import { ApiError, OfflineError } from '../api-client.ts';
import { useMessages } from '../messages/language.tsx';
import { Button } from './Button.tsx';

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

export function FailureNotice({ error, onRetry }: Props) {
  const { app } = useMessages();
  const requestId = error instanceof ApiError ? error.problem?.requestId : undefined;
  return (
    <div className="notice bad" role="alert">
      <span>{error instanceof OfflineError ? app.offline : app.cannotLoad}</span>
      {error instanceof ApiError && <span>{error.message}</span>}
      {requestId !== undefined && <span className="details">{app.requestId(requestId)}</span>}
      {onRetry !== undefined && <Button size="small" label={app.tryAgain} onPress={onRetry} />}
    </div>
  );
}

interface BoundaryProps {
  readonly children: ReactNode;
}

/** Keeps a part that crashes from taking the page with it. */
export class Boundary extends Component<BoundaryProps, { readonly error: Error | undefined }> {
  override state = { error: undefined as Error | undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Crashed error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

function Crashed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { app } = useMessages();
  return (
    <div className="notice bad" role="alert">
      <span>{app.partFailed}</span>
      <Button size="small" label={app.tryAgain} onPress={onRetry} />
      <Button
        size="small"
        look="quiet"
        label={app.copyDetails}
        onPress={() => void navigator.clipboard.writeText(error.stack ?? error.message)}
      />
    </div>
  );
}
