/** What just happened, with a way back; said once and gone after a while, but not while it is looked at. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMessages } from '../messages/language.tsx';
import { Button } from './Button.tsx';

export interface Told {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Toast extends Told {
  readonly key: number;
}

const SHOWN_MS = 6_000;
const SHOWN_MAX = 2;

let toasts: readonly Toast[] = [];
let told = 0;
const listeners = new Set<() => void>();

function show(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function tell(what: Told): void {
  told += 1;
  show([...toasts, { ...what, key: told }].slice(-SHOWN_MAX));
}

const close = (key: number) => show(toasts.filter((toast) => toast.key !== key));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <OneToast key={toast.key} toast={toast} />
      ))}
    </div>
  );
}

/** Something that can be undone stays longer. */
function OneToast({ toast: { key, text, action } }: { readonly toast: Toast }) {
  const { app } = useMessages();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => close(key), action === undefined ? SHOWN_MS : 2 * SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, key, action]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while it is looked at
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {action !== undefined && (
        <Button
          look="quiet"
          size="small"
          label={action.label}
          onPress={() => {
            action.run();
            close(key);
          }}
        />
      )}
      <Button look="quiet" size="small" icon="close" aria-label={app.close} onPress={() => close(key)} />
    </div>
  );
}
